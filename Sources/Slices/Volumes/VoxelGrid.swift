// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Where the voxels of a volume lie in the world.
///
/// The world is right-handed. For medical volumes it is RAS: x to the patient's right, y to the front, z up, usually in
/// millimetres.
public struct VoxelGrid: Hashable, Sendable, Codable {
    /// Most voxels of a grid; labels of so many take 1 GiB.
    public static let largestCount = 1 << 29

    /// Voxels along the three index axes, each at least 1; the first index runs fastest in memory.
    public let size: SIMD3<Int>
    /// World position of the centre of voxel (0, 0, 0).
    public let origin: SIMD3<Double>
    /// Columns: world vectors from a voxel to the next along each index axis.
    public let steps: Matrix3

    /// Creates a grid.
    ///
    /// - Throws: ``VolumeFileError`` when there are no voxels or too many, when numbers are not finite or beyond 10³⁰, or
    ///   when the steps do not span space.
    public init(size: SIMD3<Int>, origin: SIMD3<Double>, steps: Matrix3) throws(VolumeFileError) {
        let (plane, isLarge) = size.x.multipliedReportingOverflow(by: size.y)
        let (count, isHuge) = plane.multipliedReportingOverflow(by: size.z)
        guard size.min() >= 1 else { throw .malformed("the size is \(Self.text(size)); it must be at least 1 × 1 × 1") }
        guard !isLarge, !isHuge, count <= Self.largestCount else { throw .tooLarge(size: size) }
        guard Self.isInvertible(steps), (0..<3).allSatisfy({ abs(origin[$0]) <= 1e30 }) else {
            throw .malformed("the voxel axes do not span space, or are beyond 1e30")
        }
        self.size = size
        self.origin = origin
        self.steps = steps
    }

    /// Whether `steps` are finite, of moderate length, and far enough from lying in one plane.
    static func isInvertible(_ steps: Matrix3) -> Bool {
        let lengths = (0..<3).map { column in SIMD3(steps[0, column], steps[1, column], steps[2, column]).length }
        guard lengths.allSatisfy({ $0 >= 1e-30 && $0 <= 1e30 }) else { return false }
        return abs(steps.determinant) > 1e-6 * lengths[0] * lengths[1] * lengths[2]
    }

    /// Number of voxels.
    public var count: Int { size.x * size.y * size.z }

    /// World vector from a voxel to the next along index axis `axis`, in `0...2`.
    public func step(_ axis: Int) -> SIMD3<Double> { SIMD3(steps[0, axis], steps[1, axis], steps[2, axis]) }

    /// Distances between voxel centres along the three index axes, in world units.
    public var spacing: SIMD3<Double> { SIMD3(step(0).length, step(1).length, step(2).length) }

    /// World position of an index, which may be fractional; whole numbers are voxel centres.
    public func point(at index: SIMD3<Double>) -> SIMD3<Double> {
        // In this order, and the same everywhere: equal volumes of different formats give equal bits.
        origin + index.x * step(0) + index.y * step(1) + index.z * step(2)
    }

    /// "98 × 116 × 94": for messages.
    static func text(_ size: SIMD3<Int>) -> String { "\(size.x) × \(size.y) × \(size.z)" }
}
