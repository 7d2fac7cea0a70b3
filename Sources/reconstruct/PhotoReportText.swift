// SPDX-License-Identifier: Apache-2.0

import SfM

/// The report of a reconstruction from photos in a few lines for people.
struct PhotoReportText {
    private(set) var text: String

    init(_ report: PhotoReport) {
        // A workspace made from a model or database knows no photos.
        var lines = report.photos > 0 ? [Self.input(report)] : []
        if let mapping = report.mapping { lines += Self.map(mapping, folder: report.folder) }
        if let refinement = report.refinement { lines.append(Self.refinement(refinement, folder: report.folder)) }
        if let surface = report.surface {
            lines.append(
                "\(report.folder)/mesh.ply: \(surface.mesh.vertices) vertices, \(surface.mesh.triangles) triangles in the model's frame"
            )
            if let last = surface.photometric.last {
                lines.append(
                    "\(surface.views) photos compared with \(rounded(surface.meanSources, places: 1)) others each: "
                        + "mean correlation \(rounded(1 - last.meanCost, places: 3)) at the end")
            }
        }
        if let radiance = report.radiance { lines += Self.radiance(radiance, folder: report.folder) }
        if let frame = report.frame {
            lines.append(FrameReportText(frame, folder: "\(report.folder)/world").text)
        }
        if let points = report.counts["dense points"] {
            lines.append(
                "\(report.folder)/dense.ply: \(points) oriented points from \(report.counts["depth maps"] ?? 0) depth maps"
                    + " in \(report.folder)/stereo")
        }
        lines += report.leftOut.map { "left out: \($0)" }
        lines += report.unregistered.map { image in
            "not registered: \(image.name): \(image.reason ?? "it is in sparse/\(image.modelIndex ?? 0), a model of its own")"
        }
        lines += (report.mapping?.warnings ?? []).map { "warning: \($0)" }
        lines.append(Self.times(report))
        text = lines.joined(separator: "\n")
    }

    private static func input(_ report: PhotoReport) -> String {
        var line = "\(report.photos) photos"
        if let keypoints = report.counts["keypoints"] { line += ", \(keypoints) keypoints" }
        if let pairs = report.counts["pairs"] {
            line +=
                ", \(report.counts["verified pairs"] ?? 0) of \(pairs) pairs verified with "
                + "\(report.counts["verified matches"] ?? 0) matches"
        }
        return line
    }

    private static func map(_ mapping: MappingReport, folder: String) -> [String] {
        mapping.models.enumerated().map { index, model in
            "\(folder)/sparse/\(index)\(model.isDoubtful ? " (DOUBTFUL)" : ""): \(model.images) of \(mapping.images.count) photos registered, \(model.points) points "
                + "seen \(rounded(model.meanTrackLength, places: 1)) times each, "
                + "mean error \(rounded(model.meanError, places: 2)) px, "
                + "\(rounded(100 * model.shareBelow2Pixels, places: 1)) % under 2 px; "
                + "focal length "
                + model.cameras.sorted { $0.key < $1.key }.prefix(3).map {
                    rounded($0.value.meanFocalLength, places: 1) + " px"
                }.joined(separator: ", ") + (model.cameras.count > 3 ? " …" : "")
        }
    }

    private static func refinement(_ report: PoseRefinementReport, folder: String) -> String {
        guard let intrinsics = report.intrinsics else {
            return "cameras not refined: \(report.reason ?? "no reason given")"
        }
        return "\(folder)/refined: cameras refined by \(report.tracks) patches; those held out agree to "
            + "\(rounded(report.heldOutErrorAfter, places: 3)) px instead of "
            + "\(rounded(report.heldOutErrorBefore, places: 3)) px"
            + (intrinsics == .constant ? "" : ", with intrinsics refined, too")
    }

    private static func radiance(_ radiance: RadianceReport, folder: String) -> [String] {
        var lines = radiance.heldOut.map { view in
            "held out: \(view.name): PSNR \(rounded(view.psnr, places: 2)) dB, SSIM \(rounded(view.ssim, places: 3))"
        }
        var line =
            "\(folder)/field/radiance.safetensors: trained on \(radiance.views) photos in \(radiance.steps) steps; "
            + "gradient off 1 by \(rounded(radiance.gradientError, places: 3)) at points"
        if let psnr = radiance.meanPSNR, let ssim = radiance.meanSSIM {
            line += "; mean PSNR \(rounded(psnr, places: 2)) dB, SSIM \(rounded(ssim, places: 3)) over held-out photos"
        }
        lines.append(line)
        return lines
    }

    private static func times(_ report: PhotoReport) -> String {
        report.times.map { time in
            "\(time.stage.rawValue) " + (time.isReused ? "kept" : "\(rounded(time.seconds, places: 1)) s")
        }.joined(separator: ", ")
    }
}
