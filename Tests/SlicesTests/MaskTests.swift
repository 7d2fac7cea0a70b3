// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Storage
import TestSupport
import Testing

/// The files with the worst defects give the masks of an independent even-odd fill.
@Suite struct MaskTests {
    @Test(
        .enabled(if: SharedData.path("data/slices/rose.csl") != nil, "shared data absent"),
        arguments: ["rose", "Horsers", "SideBishop", "thin/cup_parallel_z"])
    func masksEqualIndependentFill(name: String) throws {
        let path = try #require(SharedData.path("data/slices/\(name).csl"))
        let (set, _) = try CSLReader.read(path: path)
        let raw = RawCSL(String(decoding: try InputFile.read(path), as: UTF8.self))
        try #require(raw.planes.count == set.sections.count)
        var same = 0
        var all = 0
        for (plane, section) in zip(raw.planes, set.sections) {
            let region = PlaneRegion(section)
            let (agreeing, total) = compare(plane, section.plane, region, size: 256)
            #expect(Double(agreeing) >= 0.998 * Double(total), "plane \(section.number)")
            same += agreeing
            all += total
        }
        #expect(Double(same) >= 0.999 * Double(all))
    }

    private func compare(_ raw: RawCSL.Plane, _ plane: SlicePlane, _ region: PlaneRegion, size: Int) -> (Int, Int) {
        let normal = raw.normal
        let first = normal.cross(abs(normal.x) < 0.6 ? SIMD3(1, 0, 0) : SIMD3(0, 1, 0)).normalized
        let second = normal.cross(first)
        let origin = raw.vertices[0]
        let flat = raw.vertices.map { SIMD2(($0 - origin).dot(first), ($0 - origin).dot(second)) }
        let lower = flat.reduce(flat[0]) { pointwiseMin($0, $1) }
        let upper = flat.reduce(flat[0]) { pointwiseMax($0, $1) }
        let pad = 0.15 * (upper - lower).max()
        let step = (upper - lower + 2 * pad) / Double(size - 1)
        var same = 0
        for row in 0..<size {
            let y = lower.y - pad + Double(row) * step.y
            let crossings = crossings(raw, flat, y)
            for column in 0..<size {
                let x = lower.x - pad + Double(column) * step.x
                let expected = crossings.contains { label in label.count { $0 <= x } % 2 == 1 }
                let point = plane.coordinates(of: origin + x * first + y * second)
                if region.contains(point) == expected { same += 1 }
            }
        }
        return (same, size * size)
    }

    /// Where the contours of each label cross a row.
    private func crossings(_ raw: RawCSL.Plane, _ flat: [SIMD2<Double>], _ y: Double) -> [[Double]] {
        var result: [Int: [Double]] = [:]
        for component in raw.components {
            for (place, index) in component.indices.enumerated() {
                let a = flat[index]
                let b = flat[component.indices[(place + 1) % component.indices.count]]
                guard min(a.y, b.y) <= y, y < max(a.y, b.y) else { continue }
                result[raw.label(of: component), default: []].append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            }
        }
        return Array(result.values)
    }
}
