// SPDX-License-Identifier: Apache-2.0

/// Gradient bounds on a small dense lattice.
enum CoarseGradient {
    /// For each cell (x fastest) the largest slope among it and its 26 neighbours.
    static func bounds(_ size: SIMD3<Int>, slope: (SIMD3<Int>) -> Float) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(size.x * size.y * size.z)
        for z in 0..<size.z { for y in 0..<size.y { for x in 0..<size.x { result.append(slope(SIMD3(x, y, z))) } } }
        var stride = 1
        for axis in 0..<3 {
            result = result.indices.map { index in
                let place = index / stride % size[axis]
                var largest = result[index]
                if place > 0 { largest = max(largest, result[index - stride]) }
                if place + 1 < size[axis] { largest = max(largest, result[index + stride]) }
                return largest
            }
            stride *= size[axis]
        }
        return result
    }
}
