// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Storage
import TestSupport
import Testing

@Suite struct SliceAgreementTests {
    /// Scores of `p ↦ 0.97 p + (0.01, 0, 0.005)` applied to the reference meshes, by the Python evaluation script that the
    /// project's accuracy figures come from (numpy; grid 256, padding 0.15).
    struct Golden: Sendable {
        var name: String
        var meanIoU: Double
        var pooledIoU: Double
        var meanAccuracy: Double
        var planeIoU: [Double]
    }

    static let golden = [
        Golden(
            name: "eight_20", meanIoU: 0.78619, pooledIoU: 0.84478, meanAccuracy: 0.94975,
            planeIoU: [
                0.45552, 0.89131, 0.84038, 0.86781, 0.88006, 0.92445, 0.94094, 0.93984, 0.93672, 0.87619,
                0.88816, 0.86215, 0.79073, 0.85521, 0.36397, 0.79855, 0.89916, 0.86835, 0.84425, 0.0,
            ]),
        Golden(
            name: "balloondog", meanIoU: 0.78898, pooledIoU: 0.84178, meanAccuracy: 0.94906,
            planeIoU: [
                0.0, 0.84411, 0.88233, 0.89042, 0.89183, 0.9094, 0.92701, 0.87132, 0.8608, 0.89196,
                0.92443, 0.94089, 0.92865, 0.87282, 0.19875,
            ]),
    ]

    @Test(
        .enabled(if: SharedData.path("data/slices/ref/eight_20_scaled.stl") != nil, "shared data absent"),
        arguments: golden)
    func meshScoresEqualTheEvaluationScript(golden: Golden) throws {
        let (set, _) = try CSLReader.read(path: try #require(SharedData.path("data/slices/\(golden.name).csl")))
        let reference = try #require(SharedData.path("data/slices/ref/\(golden.name)_scaled.stl"))
        let moved = UniformSimilarity(scale: 0.97, translation: SIMD3(0.01, 0, 0.005))
        let soup = try corners(ofSTL: reference).map { moved($0) }
        let triangles = (0..<soup.count / 3).map { SIMD3<UInt32>(0, 1, 2) &+ UInt32(3 * $0) }
        let score = try SliceAgreement.measure(set, positions: soup, triangles: triangles)
        #expect(abs(score.meanIoU - golden.meanIoU) < 0.003)
        #expect(abs(score.pooledIoU - golden.pooledIoU) < 0.003)
        #expect(abs(score.meanAccuracy - golden.meanAccuracy) < 0.003)
        for (plane, expected) in zip(score.planes, golden.planeIoU) {
            #expect(abs(plane.iou - expected) < 0.003, "plane \(plane.number)")
        }
        let single = try SliceAgreement.measure(set, positions: soup, triangles: triangles, threads: 1)
        #expect(single == score)
    }

    @Test func ballAgainstItsOwnCirclesGivesTheAreaRatio() throws {
        let set = try ballSections()
        let radius = 0.95
        var options = SliceAgreementOptions()
        options.gridSize = 200
        let score = try SliceAgreement.measure(set, options: options) { $0.length < radius }
        for (plane, section) in zip(score.planes, set.sections) {
            let height = section.plane.origin.z
            let expected = (radius * radius - height * height) / (1 - height * height)
            #expect(abs(plane.iou - expected) < 0.005, "plane \(plane.number)")
        }
        #expect(score.minimumIoU == score.planes.map(\.iou).min())
        let field = ClosureField { $0.length - Float(radius) }
        let byField = try SliceAgreement.measure(set, field: field, options: options) { $0 < 0 }
        #expect(abs(byField.meanIoU - score.meanIoU) < 1e-3)
        let half = UniformSimilarity(scale: 0.5, translation: .zero)
        let scaled = ClosureField { $0.length - 0.5 * Float(radius) }
        let byScaled = try SliceAgreement.measure(set, field: scaled, fieldFromWorld: half, options: options) { $0 < 0 }
        #expect(abs(byScaled.meanIoU - score.meanIoU) < 1e-3)
    }

    @Test func absentSolidScoresZero() throws {
        let score = try SliceAgreement.measure(try ballSections(), positions: [], triangles: [])
        #expect(score.meanIoU == 0)
        #expect(score.meanAccuracy < 1)
    }

    @Test func optionsAreChecked() throws {
        var options = SliceAgreementOptions()
        options.gridSize = 1
        #expect(throws: OptionsError.self) {
            try SliceAgreement.measure(try ballSections(), options: options) { _ in true }
        }
    }

    /// Seven parallel cuts of the unit ball.
    private func ballSections() throws -> SliceSet {
        let sections = (0..<7).map { index in
            let height = -0.8 + 1.6 * Double(index) / 6
            let radius = (1 - height * height).squareRoot()
            let circle = Samples.circle(radius: radius, corners: 400)
            return CrossSection(
                plane: SlicePlane(origin: SIMD3(0, 0, height), normal: SIMD3(0, 0, 1)),
                polygons: [SlicePolygon(points: circle, label: 1)], number: index + 1)
        }
        return try SliceSet(sections: sections)
    }

    /// Corners of a binary STL file, three for each triangle.
    private func corners(ofSTL path: String) throws -> [SIMD3<Double>] {
        let bytes = try InputFile.read(path)
        return bytes.withUnsafeBytes { raw in
            let count = Int(raw.loadUnaligned(fromByteOffset: 80, as: UInt32.self))
            return (0..<count * 3).map { corner in
                let offset = 84 + 50 * (corner / 3) + 12 + 12 * (corner % 3)
                return SIMD3<Double>(
                    SIMD3(
                        raw.loadUnaligned(fromByteOffset: offset, as: Float.self),
                        raw.loadUnaligned(fromByteOffset: offset + 4, as: Float.self),
                        raw.loadUnaligned(fromByteOffset: offset + 8, as: Float.self)))
            }
        }
    }
}
