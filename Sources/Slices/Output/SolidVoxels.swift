// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Which voxels of a grid have their centre inside a closed mesh.
enum SolidVoxels {
    /// - Parameter threads: Bound on concurrency; the result does not depend on it.
    /// - Returns: `[size.z × size.y × size.x]`, the first index fastest, by the even-odd rule along the first index.
    /// - Complexity: O(triangles · slices that each meets + voxels).
    static func inside(_ mesh: TriangleMesh, grid: VoxelGrid, threads: Int) -> [Bool] {
        guard let indexFromWorld = grid.steps.inverse else { preconditionFailure("the steps of a grid span space") }
        let positions = mesh.positions.map { indexFromWorld * ($0 - grid.origin) }
        let trianglesOfSlice = bySlice(mesh.triangles, positions, count: grid.size.z)
        let (width, height) = (grid.size.x, grid.size.y)
        return [Bool](unsafeUninitializedCapacity: grid.count) { buffer, count in
            buffer.initialize(repeating: false)
            // Each slice has a part of its own.
            nonisolated(unsafe) let voxels = buffer
            Parallel.forEach(count: grid.size.z, threads: threads) { slice, _ in
                let plane = SlicePlane(origin: SIMD3(0, 0, Double(slice)), normal: SIMD3(0, 0, 1))
                let segments = MeshSection.cut(positions, trianglesOfSlice[slice], by: plane)
                let start = slice * width * height
                for (a, b) in segments {
                    let ends = [a, b].map { end -> SIMD2<Double> in
                        let point = plane.point(at: end)
                        return SIMD2(point.x, point.y)
                    }
                    let (low, high) = ends[0].y < ends[1].y ? (ends[0], ends[1]) : (ends[1], ends[0])
                    // From the lower end, included, to the upper, excluded: rows through corners count once.
                    for row in ceiled(low.y, height)..<ceiled(high.y, height) {
                        let t = (Double(row) - low.y) / (high.y - low.y)
                        let column = ceiled(low.x + t * (high.x - low.x), width)
                        if column < width { voxels[start + row * width + column].toggle() }
                    }
                }
                for row in 0..<height {
                    var isInside = false
                    for place in (start + row * width)..<(start + (row + 1) * width) {
                        if voxels[place] { isInside.toggle() }
                        voxels[place] = isInside
                    }
                }
            }
            count = grid.count
        }
    }

    /// The smallest whole number from `value` on, within `0...limit`.
    private static func ceiled(_ value: Double, _ limit: Int) -> Int {
        let whole = value.rounded(.up)
        // Written so that NaN ends at 0.
        return whole > 0 ? (whole < Double(limit) ? Int(whole) : limit) : 0
    }

    /// For each slice the triangles that may meet it.
    private static func bySlice(
        _ triangles: [SIMD3<UInt32>], _ positions: [SIMD3<Double>], count: Int
    ) -> [[SIMD3<UInt32>]] {
        var result = [[SIMD3<UInt32>]](repeating: [], count: count)
        for triangle in triangles {
            let heights = (0..<3).map { positions[Int(triangle[$0])].z }
            let first = ceiled(min(heights[0], heights[1], heights[2]), count)
            let end = max(heights[0], heights[1], heights[2])
            var slice = first
            while slice < count, Double(slice) <= end {
                result[slice].append(triangle)
                slice += 1
            }
        }
        return result
    }
}
