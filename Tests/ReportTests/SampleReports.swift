// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh
import Report
import SfM
import TestSupport

/// Small results to report on.
enum SampleReports {
    /// Names that try everything a file's name can hold.
    static let hostileNames = [
        "\"><img src=x onerror=alert(1)>.jpg", "</script><script>alert(2)</script>.jpg", "<!--<script>.jpg",
        "' onmouseover='alert(3).jpg", "&lt;b&gt;.jpg", "\u{202E}gpj.exe", "]]>\\u003cscript>.jpg", "${alert(4)}`.jpg",
    ]

    /// Cameras in a row before a few points, one for each name.
    static func model(_ names: [String]) -> Reconstruction {
        var model = Reconstruction()
        model.cameras[1] = Camera(width: 640, height: 480, focalLength: 500)
        for (index, name) in names.enumerated() {
            let id = ImageID(index + 1)
            let points = (0..<40).map { place -> SIMD3<Double> in
                let (column, row) = (Double(place % 8), Double(place / 8))
                return SIMD3<Double>(0.1 * column, 0.1 * row, 4 + 0.01 * (column + row))
            }
            let pose = RigidTransform(rotation: .identity, translation: SIMD3(-0.2 * Double(index), 0, 0))
            let keypoints = points.map { model.cameras[1]?.project(pose($0)) ?? .zero }
            model.images[id] = PosedImage(name: name, cameraID: 1, cameraFromWorld: pose, keypoints: keypoints)
            guard id == ImageID(names.count) else { continue }
            for (place, position) in points.enumerated() {
                let track = (1...names.count).map { Observation(imageID: ImageID($0), keypointIndex: place) }
                model.insert(ScenePoint(position: position, color: SIMD3(10, 20, 30), track: track), id: PointID(place))
            }
        }
        return model
    }

    /// What was found before mapping: every pair matched.
    static func summary(_ names: [String]) -> MatchSummary {
        var summary = MatchSummary()
        for (index, name) in names.enumerated() {
            summary.names[ImageID(index + 1)] = name
            summary.keypoints[ImageID(index + 1)] = 50
            for other in 0..<index {
                summary.pairs[ImagePair(ImageID(other + 1), ImageID(index + 1))] = .init(
                    matches: 45, inliers: 40 - index)
            }
        }
        return summary
    }

    /// The page about such a model.
    static func page(
        _ names: [String], folder: String = "out", seconds: Double = 1, mesh: TriangleMesh? = nil
    ) throws -> String {
        let model = model(names)
        var outcome = PhotoReport(folder: folder)
        outcome.photos = names.count
        outcome.leftOut = names.map { "\($0): not a picture by its name" }
        outcome.quality = ModelQuality(of: model, summary: summary(names), mapping: nil)
        let times = #"[{"stage": "features", "seconds": \#(seconds), "isReused": false}]"#
        outcome.times = try JSONDecoder().decode([PhotoReport.StageTime].self, from: Data(times.utf8))
        let cost = ComputingCost(seconds: seconds, peakMemory: Int(1e8 * seconds))
        let run = RunRecord(
            version: "1", command: ["reconstruct", "images"] + names + [folder], threads: 2, expected: cost,
            actual: cost)
        let report = RunReport(outcome, warnings: RunReport.warnings(of: outcome), run: run)
        let page = try PhotoReportPage(
            report, model: model, mesh: mesh, title: names.first ?? "", options: PhotoOptions(),
            thumbnails: .none, files: names)
        return String(decoding: page.page, as: UTF8.self)
    }

    /// A sphere about `center`, coloured.
    static func sphere(cells: Int, center: SIMD3<Double> = .zero) throws -> TriangleMesh {
        let box = Box(minimum: SIMD3(repeating: -1.2), maximum: SIMD3(repeating: 1.2))
        let extraction = try MarchingCubes.extract(
            from: ClosureField { Float($0.length) - 1 }, grid: RegularGrid(covering: box, cells: cells),
            search: SparseSearchOptions(), threads: 2)
        var mesh = extraction.mesh
        mesh.positions = mesh.positions.map { $0 + center }
        mesh.colors = mesh.positions.indices.map { SIMD4(UInt8($0 % 256), 100, 200, 255) }
        return mesh
    }
}
