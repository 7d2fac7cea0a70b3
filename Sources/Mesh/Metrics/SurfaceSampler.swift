// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A point on a surface with the normal of its face.
public struct SurfaceSample: Hashable, Sendable {
    /// On the surface.
    public var position: SIMD3<Double>
    /// Unit normal of its face.
    public var normal: SIMD3<Double>
}

/// Draws points on a mesh, uniformly by area; each point from a random stream of its own.
public struct SurfaceSampler: Sendable {
    private let mesh: TriangleMesh
    /// Area of the faces up to and including each.
    private let cumulativeAreas: [Double]

    /// Prepares a mesh; `nil` when it has no area or the area is not finite.
    ///
    /// - Precondition: indices are in range.
    public init?(_ mesh: TriangleMesh) {
        var sum = 0.0
        cumulativeAreas = mesh.triangles.indices.map { face in
            let (a, b, c) = mesh.corners(of: face)
            sum += 0.5 * (b - a).cross(c - a).length
            return sum
        }
        guard sum > 0, sum.isFinite else { return nil }
        self.mesh = mesh
    }

    /// Sum of the face areas.
    public var area: Double { cumulativeAreas.last ?? 0 }

    /// Draws one point from each of `count` parts of equal area: spreads more evenly than independent points.
    public func stratified(count: Int, seed: UInt64, label: StaticString) -> [SurfaceSample] {
        (0..<count).map { index in
            var random = RandomStream(seed: seed, label: label, UInt64(index))
            return sample(at: (Double(index) + random.uniformDouble()) / Double(count), &random)
        }
    }

    /// Draws independent points.
    public func independent(count: Int, seed: UInt64, label: StaticString) -> [SurfaceSample] {
        (0..<count).map { independent(index: $0, seed: seed, label: label) }
    }

    /// Draws independent points of the part of the surface in `box`: `count`, or fewer when that takes more than 50 draws
    /// for each.
    public func independent(count: Int, in box: Box, seed: UInt64, label: StaticString) -> [SurfaceSample] {
        var result: [SurfaceSample] = []
        result.reserveCapacity(count)
        var index = 0
        while result.count < count, index < 50 * count {
            let drawn = independent(index: index, seed: seed, label: label)
            if box.contains(drawn.position) { result.append(drawn) }
            index += 1
        }
        return result
    }

    private func independent(index: Int, seed: UInt64, label: StaticString) -> SurfaceSample {
        var random = RandomStream(seed: seed, label: label, UInt64(index))
        return sample(at: random.uniformDouble(), &random)
    }

    /// A random point of the face that holds this share of the area.
    private func sample(at share: Double, _ random: inout RandomStream) -> SurfaceSample {
        let wanted = share * area
        var (low, high) = (0, cumulativeAreas.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulativeAreas[middle] > wanted { high = middle } else { low = middle + 1 }
        }
        let (a, b, c) = mesh.corners(of: low)
        let root = random.uniformDouble().squareRoot()
        let along = random.uniformDouble()
        let position = (1 - root) * a + root * (1 - along) * b + root * along * c
        return SurfaceSample(position: position, normal: (b - a).cross(c - a).normalized)
    }
}
