// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

#if canImport(Glibc)
    import Glibc
#endif

/// Measures steps between parallel slices.
///
/// A solid that is put together from thick slices has its horizontal surface midway between planes and nowhere else; a true
/// one has it at all heights. So every piece of surface between two neighbouring planes counts by its area as seen along
/// their normal, and votes `−cos(2π · p)` with `p` in 0...1 the share of the way from one plane to the other: 1 is a perfect
/// staircase, 0 no relation, −1 a surface that runs level in the planes themselves.
///
/// Truly level faces vote, too, wherever they lie: shapes with few sections and flat faces are not at 0.
public enum Staircase {
    /// Planes with less than this many parallels are not looked at.
    private static let leastPlanes = 3
    /// Normals within this angle, in radians, are parallel.
    private static let angle = 1e-3

    /// The mean vote.
    ///
    /// - Parameters:
    ///   - slices: Any sections; families of parallel ones are found, and vote together.
    ///   - mesh: In the frame of the sections, with triangles small against the distances between planes.
    /// - Returns: −1 to 1; `nil` when no three planes are parallel or no surface lies between them.
    public static func measure(_ slices: SliceSet, _ mesh: TriangleMesh) -> Double? {
        var votes = 0.0
        var weight = 0.0
        for family in families(slices.sections.map(\.plane)) {
            let normal = family[0].normal
            let heights = family.map { normal.dot($0.origin) }.sorted()
            for triangle in mesh.triangles {
                let (a, b, c) = (
                    mesh.positions[Int(triangle.x)], mesh.positions[Int(triangle.y)], mesh.positions[Int(triangle.z)]
                )
                let height = normal.dot(a + b + c) / 3
                let above = Self.upperBound(heights, height)
                guard above > 0, above < heights.count else { continue }
                let (low, high) = (heights[above - 1], heights[above])
                let area = abs(normal.dot((b - a).cross(c - a)))
                votes -= area * cos(2 * .pi * (height - low) / (high - low))
                weight += area
            }
        }
        return weight > 0 ? votes / weight : nil
    }

    /// How many of `sorted` are not above `value`.
    private static func upperBound(_ sorted: [Double], _ value: Double) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] > value { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Groups of parallel planes, in the order of their first members.
    private static func families(_ planes: [SlicePlane]) -> [[SlicePlane]] {
        var result: [[SlicePlane]] = []
        for plane in planes {
            // For small angles |a × b| is the angle.
            if let index = result.firstIndex(where: { $0[0].normal.cross(plane.normal).length <= angle }) {
                result[index].append(plane)
            } else {
                result.append([plane])
            }
        }
        return result.filter { $0.count >= leastPlanes }
    }
}
