// SPDX-License-Identifier: Apache-2.0

import Mesh
import SfM

/// The figures of a mesh evaluation for people.
struct MeshEvaluationText {
    let text: String

    init(_ comparison: MeshComparison) {
        var rows = Self.topology(comparison.mesh)
        rows += Self.topology(comparison.reference, label: "reference")
        let volume = comparison.volume
        let iou = volume.iou.map { rounded($0, places: 4) } ?? "-"
        rows.append(
            (
                "volume IoU",
                volume.isReliable
                    ? iou
                    : "\(iou), NOT reliable: a mesh is open or overlaps itself (rays agree on "
                        + "\(rounded(100 * min(volume.meshAgreement, volume.referenceAgreement), places: 1)) %)"
            ))
        if let distances = comparison.distances {
            let percent = 100 / comparison.diagonal
            rows += distances.fScores.map { Self.row($0) }
            rows += [
                Self.row("accuracy", distances.accuracy.scaled(by: percent)),
                Self.row("completeness", distances.completeness.scaled(by: percent)),
                (
                    "chamfer L1",
                    "\(rounded(100 * distances.chamferL1Relative, places: 4)) % of diagonal, "
                        + "floor of sampling \(rounded(percent * distances.noiseFloor, places: 4)) %"
                ),
                (
                    "Hausdorff",
                    "95 %: \(rounded(100 * distances.hausdorff95Relative, places: 4)) %, "
                        + "max \(rounded(100 * distances.hausdorffRelative, places: 4)) %"
                ),
                ("normal consistency", rounded(distances.normalConsistency, places: 4)),
                ("area outside box", "\(rounded(100 * distances.areaShareOutsideBox, places: 2)) %"),
            ]
        } else {
            rows.append(("distances", "none: the mesh has no area"))
        }
        text = Self.table(rows)
    }

    init(_ evaluation: SeenSurfaceEvaluation) {
        let seen = ("reference seen", "\(rounded(100 * evaluation.referenceSeenShare, places: 1)) % of its area")
        text = Self.table(
            Self.topology(evaluation.mesh) + [Self.region(evaluation.trianglesInRegion), seen]
                + Self.rows(evaluation.scores))
    }

    init(_ evaluation: SeenScanEvaluation) {
        let spacing = rounded(evaluation.spacingPercent, places: 4)
        let points = ("reference", "\(evaluation.points) points, \(spacing) % of diagonal apart")
        text = Self.table(
            Self.topology(evaluation.mesh) + [Self.region(evaluation.trianglesInRegion), points]
                + Self.rows(evaluation.scores))
    }

    private static func region(_ triangles: Int) -> (String, String) { ("in region", "\(triangles) triangles") }

    private static func rows(_ scores: SeenSurfaceEvaluation.Scores?) -> [(String, String)] {
        guard let scores else { return [("scores", "none: no camera sees any of the mesh in the region")] }
        return scores.fScores.map { row($0) } + [
            row("accuracy", scores.accuracyPercent), row("completeness", scores.completenessPercent),
            ("normal consistency", scores.normalConsistency.map { rounded($0, places: 4) } ?? "-"),
            ("unseen", "\(rounded(100 * scores.unseenShare, places: 1)) % of the mesh in the region"),
        ]
    }

    private static func topology(_ mesh: MeshReport, label: String = "mesh") -> [(String, String)] {
        let isWatertight = mesh.isClosed && mesh.topology.nonManifoldEdges == 0
        let pieces = "\(mesh.components) component\(mesh.components == 1 ? "" : "s")"
        return [
            (
                label,
                "\(mesh.triangles) triangles, \(pieces), \(isWatertight ? "watertight" : "NOT watertight")"
                    + (mesh.genus.map { ", genus \($0)" } ?? "")
            )
        ]
    }

    private static func row(_ score: FScore) -> (String, String) {
        (
            "F at \(rounded(score.percent, places: 2)) %",
            "\(rounded(score.f, places: 4)) (precision \(rounded(score.precision, places: 4)), "
                + "recall \(rounded(score.recall, places: 4)))"
        )
    }

    private static func row(_ label: String, _ values: DistanceStatistics) -> (String, String) {
        let numbers = [values.median, values.mean, values.percentile90, values.percentile95].map {
            rounded($0, places: 4)
        }
        return (
            label,
            "median \(numbers[0]) % of diagonal, mean \(numbers[1]) %, 90 %: \(numbers[2]) %, 95 %: \(numbers[3]) %"
        )
    }

    private static func table(_ rows: [(String, String)]) -> String {
        rows.map { label, value in
            label + String(repeating: " ", count: 20 - label.count) + value
        }.joined(separator: "\n")
    }
}
