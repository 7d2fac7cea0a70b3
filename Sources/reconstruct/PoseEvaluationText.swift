// SPDX-License-Identifier: Apache-2.0

import SfM

/// The figures of a pose evaluation for people.
struct PoseEvaluationText {
    let text: String

    init(_ evaluation: PoseEvaluation) {
        let pairs = evaluation.pairs
        var rows: [(String, String)] = [
            ("registered", "\(evaluation.registeredImages) of \(evaluation.groundTruthImages) images"),
            ("pair AUC@1/3/5/10", Self.curve(pairs.aucOfAll)),
            ("  registered pairs only", Self.curve(pairs.aucOfRegistered)),
        ]
        let figures: [(String, ErrorStatistics?, String)] = [
            ("pair rotation", pairs.rotationDegrees, "°"), ("pair direction", pairs.directionDegrees, "°"),
            ("centres", evaluation.centers?.percentOfExtent, " % of extent"),
            ("centres, robust", evaluation.robustCenters?.percentOfExtent, " % of extent"),
            ("orientation", evaluation.rotationDegrees, "°"), ("focal length", evaluation.focalLengthPercent, " %"),
            ("reprojection", evaluation.points?.reprojectionError, " px"),
        ]
        for (label, statistics, unit) in figures {
            guard let statistics else { continue }
            let values = [statistics.median, statistics.rootMeanSquare, statistics.maximum]
            let numbers = values.map { rounded($0, places: 4) }
            rows.append((label, "median \(numbers[0])\(unit), rms \(numbers[1])\(unit), max \(numbers[2])\(unit)"))
        }
        if let points = evaluation.points {
            rows.append(
                ("points", "\(points.count), mean track \(rounded(points.meanTrackLength, places: 2))"))
        }
        text = rows.map { label, value in
            label + String(repeating: " ", count: 26 - label.count) + value
        }.joined(separator: "\n")
    }

    private static func curve(_ curve: AreaUnderCurve) -> String {
        [curve.at1, curve.at3, curve.at5, curve.at10].map { rounded($0, places: 3) }.joined(separator: " / ")
    }
}
