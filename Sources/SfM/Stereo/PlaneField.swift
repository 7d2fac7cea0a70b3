// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The planes of all pixels while a view is searched: 30 bytes for a pixel.
final class PlaneField {
    let planes: UnsafeMutablePointer<zk_stereo_plane>
    let costs: UnsafeMutablePointer<Float>
    /// Largest and smallest inverse depth allowed.
    let nearest: UnsafeMutablePointer<Float>
    let farthest: UnsafeMutablePointer<Float>
    /// Whether the pixel is searched.
    let isActive: UnsafeMutablePointer<Bool>
    /// Last sweep that found a notably better plane.
    let changed: UnsafeMutablePointer<UInt8>

    /// Bits of the sources that fit the plane best.
    let fitting: UnsafeMutablePointer<UInt32>

    init(width: Int, height: Int) {
        let count = width * height
        planes = Self.allocate(count, zk_stereo_plane())
        costs = Self.allocate(count, .infinity)
        nearest = Self.allocate(count, 0)
        farthest = Self.allocate(count, 0)
        isActive = Self.allocate(count, false)
        changed = Self.allocate(count, 0)
        fitting = Self.allocate(count, 0)
    }

    deinit {
        planes.deallocate()
        costs.deallocate()
        nearest.deallocate()
        farthest.deallocate()
        isActive.deallocate()
        changed.deallocate()
        fitting.deallocate()
    }

    private static func allocate<Value: BitwiseCopyable>(_ count: Int, _ value: Value) -> UnsafeMutablePointer<Value> {
        let pointer = UnsafeMutablePointer<Value>.allocate(capacity: count)
        pointer.initialize(repeating: value, count: count)
        return pointer
    }
}

/// Planes waiting to be compared at one pixel, and their costs.
final class PatchScratch {
    let patch = UnsafeMutablePointer<zk_patch>.allocate(capacity: 1)
    let planes: UnsafeMutablePointer<zk_stereo_plane>
    /// `[planes × sources]`.
    let costs: UnsafeMutablePointer<Float>
    var count = 0
    private let sources: Int

    init(planes capacity: Int, sources: Int) {
        patch.initialize(to: zk_patch())
        planes = .allocate(capacity: capacity)
        planes.initialize(repeating: zk_stereo_plane(), count: capacity)
        costs = .allocate(capacity: max(1, capacity * sources))
        costs.initialize(repeating: 0, count: max(1, capacity * sources))
        self.sources = sources
    }

    deinit {
        patch.deallocate()
        planes.deallocate()
        costs.deallocate()
    }

    @inline(__always)
    func append(_ plane: zk_stereo_plane) {
        planes[count] = plane
        count += 1
    }

    /// Appends the plane if the pixel allows it.
    @inline(__always)
    func append(_ plane: zk_stereo_plane, in pixel: PatchMatch.Pixel, _ geometry: PlaneGeometry) {
        if pixel.allows(plane, geometry) { append(plane) }
    }

    /// Mean of the `best` smallest costs of a plane, and the bits of the sources that have them.
    @inline(__always)
    func cost(of plane: Int, best: Int) -> (cost: Float, fitting: UInt32) {
        let row = costs + plane * sources
        var sum: Float = 0
        var fitting: UInt32 = 0
        // A view with fewer sources than wanted has to do with those.
        let count = min(best, sources)
        for _ in 0..<count {
            var least = -1
            for other in 0..<sources
            where fitting >> UInt32(other) & 1 == 0 && (least < 0 || row[other] < row[least]) { least = other }
            fitting |= 1 << UInt32(least)
            sum += row[least]
        }
        return (sum / Float(count), fitting)
    }
}
