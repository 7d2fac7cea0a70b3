// SPDX-License-Identifier: Apache-2.0

import Mesh
import SfM
import Storage

/// The page about a reconstruction from photos.
public struct PhotoReportPage: Sendable {
    /// The bytes of the page, in UTF-8.
    public let page: [UInt8]

    /// Renders a page.
    ///
    /// - Parameters:
    ///   - report: The figures; complete, see `PhotoJob.completeReport()`.
    ///   - model: What the 3D view shows, or `nil` when nothing was mapped.
    ///   - mesh: The surface, in the frame of the model.
    ///   - files: Names of files beside the page that a reader may want.
    /// - Throws: `EncodingError` for figures that are not finite.
    public init(
        _ report: RunReport<PhotoReport>, model: Reconstruction?, mesh: TriangleMesh?, title: String,
        options: PhotoOptions, thumbnails: Thumbnails, files: [String]
    ) throws {
        let outcome = report.outcome
        let view = try model.map { try SceneSection(SceneContent($0, quality: outcome.quality, mesh: mesh)) }
        let photos = outcome.quality.map { PhotoSections(quality: $0, thumbnails: thumbnails) }
        var sections = [RunSections.warnings(report.warnings), view?.section].compactMap { $0 }
        if let photos { sections += [photos.photos, photos.matches, photos.accuracy].compactMap { $0 } }
        if let first = outcome.mapping?.models.first { sections.append(PhotoSections.cameras(first)) }
        if let surface = outcome.surface { sections.append(SurfaceSections.surface(surface)) }
        if let radiance = outcome.radiance { sections.append(SurfaceSections.radiance(radiance)) }
        sections.append(Self.input(outcome, files: files))
        sections.append(try RunSections.options(options))
        sections.append(
            RunSections.run(
                report.run,
                stages: outcome.times.map {
                    ($0.stage.rawValue, $0.isReused ? "kept" : NumberText.duration($0.seconds))
                }))
        let html = ReportPage(
            title: title, summary: Self.headline(outcome), sections: sections, scripts: view?.scripts ?? .none)
        page = Array(html.html.source.utf8)
    }

    /// Writes the page to a file that appears whole.
    public func write(to path: String) throws(FileError) { try OutputFile.write(page, to: path) }

    private static func headline(_ report: PhotoReport) -> HTML {
        var figures: [(value: String, name: String)] = []
        if let quality = report.quality {
            let registered = quality.photos.filter(\.isRegistered).count
            figures.append(("\(registered) of \(quality.photos.count)", "photos registered"))
        }
        if let model = report.mapping?.models.first {
            figures.append((NumberText.grouped(model.points), "points"))
            figures.append((NumberText.fixed(model.meanError, places: 2) + " px", "mean error"))
        }
        if let surface = report.surface {
            figures.append((NumberText.grouped(surface.mesh.triangles), "triangles"))
        }
        return Markup.headline(figures)
    }

    private static func input(_ report: PhotoReport, files: [String]) -> ReportSection {
        let counts = report.counts.sorted { $0.key < $1.key }.map { ($0.key, NumberText.grouped($0.value) as String?) }
        let left =
            report.leftOut.isEmpty ? HTML.none : "<h3>Left out or doubtful</h3>\(Markup.list(report.leftOut))" as HTML
        return ReportSection(
            id: "input", title: "What was in the folder",
            body:
                "\(Markup.facts([("photos", NumberText.grouped(report.photos))] + counts))\(left)\(FileLinks(files).html)"
        )
    }
}
