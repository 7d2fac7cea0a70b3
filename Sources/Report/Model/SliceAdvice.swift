// SPDX-License-Identifier: Apache-2.0

import Slices

extension RunReport where Outcome == SliceReport {
    /// What a user of this result should know, most serious first, each with what helps.
    public static func warnings(of report: SliceReport) -> [String] {
        var result: [String] = []
        let mesh = report.surface.mesh
        if !mesh.isClosed || !mesh.isManifold {
            result.append(
                "The mesh is not closed and manifold. Another --resolution or --seed may help; please report it.")
        }
        if report.agreement.meanPlaneIoU < 0.95 {
            result.append(
                "The mesh fits the contours loosely. --quality high trains longer, --resolution makes the mesh finer.")
        }
        let poor = report.agreement.planes.filter { $0.iou < 0.9 }
        if !poor.isEmpty {
            let names = poor.prefix(8).map { "\($0.number)" }.joined(separator: ", ")
            result.append(
                "\(poor.count == 1 ? "Plane" : "Planes") \(names)\(poor.count > 8 ? " …" : "") agree with the mesh to less than "
                    + "0.9. Thin walls and small contours need a finer --resolution; contours that contradict other planes "
                    + "cannot be met.")
        }
        if report.surface.droppedComponents > 0 {
            result.append("\(report.surface.droppedComponents) pieces without a contour were left out.")
        }
        return result + report.input.repairs
    }
}
