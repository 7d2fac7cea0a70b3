// SPDX-License-Identifier: Apache-2.0

import SfM

/// How a model came into the world's frame, in a few lines for people.
struct FrameReportText {
    let text: String

    init(_ report: FrameReport, folder: String) {
        let unit = report.units == "metres" ? " m" : ""
        let axes =
            report.origin != nil
            ? "x is east, y north, z up"
            : report.up != nil
                ? "+z is up" : "axes as in the \(report.scaleSource == "positions" ? "positions" : "model")"
        var lines = ["\(folder): 1 unit of the model is \(Self.significant(report.scale))\(unit), \(axes)"]
        if let up = report.up {
            let direction = up.directionInModel.map { rounded($0, places: 4) }.joined(separator: " ")
            var line = "up is (\(direction)) of the model"
            if let agreement = up.cameraAgreement {
                line +=
                    up.groundShare.map { ", the normal of a ground with \(Int((100 * $0).rounded())) % of the points" }
                    ?? ", from the cameras, which agree to \(Int((100 * agreement).rounded())) %"
            }
            lines.append(line)
        }
        if let origin = report.origin {
            lines.append("origin at \(origin.latitude)°, \(origin.longitude)°")
        }
        if let errors = report.errors {
            let used = report.residuals.filter(\.isUsed)
            lines.append(
                "residuals of \(used.count): median \(Self.significant(errors.median))\(unit), "
                    + "max \(Self.significant(errors.maximum))\(unit)")
            lines += report.residuals.filter { !$0.isUsed }.map {
                "not used: \($0.name) is off by \(Self.significant($0.error))\(unit)"
            }
        }
        lines += report.notes.map { "note: \($0)" }
        text = lines.joined(separator: "\n")
    }

    /// Six significant digits, as far as decimals go.
    private static func significant(_ value: Double) -> String {
        var (size, places) = (abs(value), 5)
        while size >= 10, places > 0 { (size, places) = (size / 10, places - 1) }
        while size < 1, size > 0, places < 12 { (size, places) = (size * 10, places + 1) }
        return rounded(value, places: places)
    }
}
