// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

/// Sections about photos and cameras.
struct PhotoSections {
    let quality: ModelQuality
    let thumbnails: Thumbnails

    /// One row for each photo, in the order of the 3D view's cameras.
    var photos: ReportSection {
        let median = Self.median(quality.photos.compactMap(\.medianResidual))
        let rows = quality.photos.enumerated().map { index, photo -> [HTML] in
            let picture: HTML =
                thumbnails.pictures[photo.name].map {
                    "<img data-photo=\"\(index)\" alt=\"\" src=\"data:image/jpeg;base64,\($0)\">"
                } ?? .none
            let state: HTML =
                photo.isRegistered
                ? "<span class=\"good\">registered</span>"
                : "<span class=\"bad\">left out</span>\(photo.reason.map { ": \($0)" as HTML } ?? .none)"
            return [
                "<span class=\"photo\">\(picture)<span>\(photo.name)</span></span>", state, Self.count(photo.keypoints),
                Self.count(photo.verifiedPairs), Self.count(photo.observations),
                Self.pixels(photo.meanResidual, isHigh: false),
                Self.pixels(photo.medianResidual, isHigh: (photo.medianResidual ?? 0) > max(1, 3 * median)),
            ]
        }
        let header = [
            "photo", "state", "keypoints", "verified pairs", "observations", "mean residual", "median residual",
        ]
        let table = Markup.table(
            header, numbers: [2, 3, 4, 5, 6], rows: rows,
            attributes: quality.photos.indices.map { " id=\"photo-\($0)\"" })
        let note = "Residuals are distances in pixels between keypoints and the projections of the points they observe."
        return ReportSection(id: "photos", title: "Photos", body: "\(table)<p class=\"note\">\(note)</p>")
    }

    /// The match graph; `nil` without pairs.
    var matches: ReportSection? {
        guard !quality.pairs.isEmpty else { return nil }
        let matrix = MatchMatrix(quality: quality)
        return ReportSection(
            id: "matches", title: "Match graph", body: "\(matrix.svg)<p class=\"note\">\(matrix.caption)</p>")
    }

    /// Histograms; `nil` without observations.
    var accuracy: ReportSection? {
        guard quality.residuals.counts.contains(where: { $0 > 0 }) else { return nil }
        let residuals = chart(quality.residuals, caption: "residual in pixels", places: 2, what: "observations")
        let lengths = chart(quality.trackLengths, caption: "photos that see a point", places: 0, what: "points")
        return ReportSection(
            id: "accuracy", title: "Residuals and tracks",
            body: "<div class=\"charts\"><figure>\(residuals)</figure><figure>\(lengths)</figure></div>")
    }

    /// Intrinsics of each camera.
    static func cameras(_ model: ModelReport) -> ReportSection {
        let rows = model.cameras.sorted { $0.key < $1.key }.map { id, camera -> [HTML] in
            let center = camera.principalPoint
            let distortion = camera.distortion.map { NumberText.fixed($0, places: 4) }.joined(separator: ", ")
            return [
                count(Int(id)), "\(camera.width) × \(camera.height)", "\(camera.model.rawValue)",
                "\(NumberText.fixed(camera.meanFocalLength, places: 1))",
                "\(NumberText.fixed(center.x, places: 1)), \(NumberText.fixed(center.y, places: 1))",
                "\(distortion.isEmpty ? "–" : distortion)",
            ]
        }
        let header = ["camera", "pixels", "model", "focal length (px)", "principal point (px)", "distortion"]
        return ReportSection(
            id: "cameras", title: "Cameras", body: Markup.table(header, numbers: [0, 3], rows: rows))
    }

    private func chart(_ histogram: Histogram, caption: String, places: Int, what: String) -> HTML {
        let total = max(1, histogram.counts.reduce(0, +))
        let bars = histogram.counts.enumerated().map { index, count in
            let lower = histogram.start + Double(index) * histogram.width
            let isLast = index == histogram.counts.count - 1
            let label = NumberText.fixed(lower, places: places) + (isLast ? "+" : "")
            let share = NumberText.percent(Double(count) / Double(total))
            return BarChart.Bar(
                value: Double(count), label: label,
                detail:
                    "\(label)\(places > 0 && !isLast ? "–\(NumberText.fixed(lower + histogram.width, places: places))" : ""): "
                    + "\(NumberText.grouped(count)) \(what), \(share)")
        }
        return BarChart(bars: bars, caption: caption) { NumberText.grouped(Int($0)) }.svg
    }

    private static func count(_ value: Int) -> HTML { "\(NumberText.grouped(value))" }

    private static func pixels(_ value: Double?, isHigh: Bool) -> HTML {
        guard let value else { return "–" }
        let text: HTML = "\(NumberText.fixed(value, places: 2)) px"
        return isHigh ? "<span class=\"bad\">\(text)</span>" : text
    }

    private static func median(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}
