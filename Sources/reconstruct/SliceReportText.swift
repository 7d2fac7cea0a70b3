// SPDX-License-Identifier: Apache-2.0

import Slices

/// The report of a slice reconstruction in a few lines for people.
struct SliceReportText {
    let text: String

    init(_ report: SliceReport) {
        let surface = report.surface
        let mesh = surface.mesh
        let agreement = report.agreement
        var lines = [
            "\(surface.path): \(mesh.vertices) vertices, \(mesh.triangles) triangles, "
                + (mesh.isClosed && mesh.isManifold ? "closed and manifold" : "NOT closed or not manifold")
                + ", \(mesh.components) component\(mesh.components == 1 ? "" : "s")",
            "volume \(mesh.volume.map(Self.significant) ?? "-"), area \(mesh.area.map(Self.significant) ?? "-") (units of the input), "
                + "cell \(Self.significant(surface.cellSize))",
            "agreement with \(report.input.planes) planes: mean IoU \(rounded(agreement.meanPlaneIoU, places: 4)), "
                + "worst \(rounded(agreement.minimumPlaneIoU, places: 4)) (plane \(agreement.worstPlane))",
            "field: \(report.engine.name.rawValue) (\(report.engine.reason)); "
                + Self.effort(report) + ", surface \(rounded(surface.seconds, places: 1)) s",
        ]
        if let staircase = report.staircase {
            lines.append("staircase between slices \(rounded(staircase, places: 3)) (0 none, 1 steps)")
        }
        if let holdOut = report.holdOut, let worst = holdOut.worst {
            lines.append(
                "\(holdOut.planes.count) slices left out in \(holdOut.folds) turns: mean IoU "
                    + "\(rounded(holdOut.meanIoU, places: 4)), worst \(rounded(worst.iou, places: 4)) (plane \(worst.number))"
            )
        }
        if surface.droppedComponents > 0 {
            lines.append("\(surface.droppedComponents) component(s) without a contour were left out")
        }
        if agreement.meanPlaneIoU < 0.95 {
            lines.append("The fit is loose: --quality high trains longer, --resolution refines the mesh.")
        }
        text = lines.joined(separator: "\n")
    }

    private static func effort(_ report: SliceReport) -> String {
        var parts: [String] = []
        if let training = report.training {
            parts.append("training \(rounded(training.seconds, places: 1)) s for \(training.steps) steps")
        }
        if let fit = report.fit {
            parts.append("fit \(rounded(fit.seconds, places: 1)) s for \(fit.nodes) nodes and \(fit.samples) samples")
        }
        return parts.joined(separator: ", ")
    }

    /// Four significant digits.
    private static func significant(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return "\(value)" }
        var magnitude = abs(value)
        var places = 3
        while magnitude >= 10, places > 0 {
            magnitude /= 10
            places -= 1
        }
        while magnitude < 1, places < 12 {
            magnitude *= 10
            places += 1
        }
        return rounded(value, places: places)
    }
}
