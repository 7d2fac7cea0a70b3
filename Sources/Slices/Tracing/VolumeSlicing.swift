// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which slices of a volume are taken as cross-sections.
public struct VolumeSlicing: Hashable, Sendable, Codable {
    /// Index axis across the slices, 0, 1 or 2; `nil` for the one with the largest distance between voxels, the last of
    /// equals.
    public var axis: Int?
    /// Every how manyth slice is taken: 1 for all.
    public var every = 1
    /// Number of the first slice taken, from 0.
    public var first = 0

    /// All slices, across the axis of the thickest.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        if let axis { try OptionsError.require((0...2).contains(axis), "axis", axis, allowed: "0, 1 or 2") }
        try OptionsError.require((1...1_000_000).contains(every), "every", every, allowed: "1 to 1000000")
        try OptionsError.require((0...1_000_000).contains(first), "first", first, allowed: "0 to 1000000")
    }

    /// The axis that is meant for a grid.
    func axis(in grid: VoxelGrid) -> Int {
        if let axis { return axis }
        let spacing = grid.spacing
        // Equal but for rounding of 32-bit headers counts as equal.
        let limit = (1 - 1e-5) * spacing.max()
        return spacing.z >= limit ? 2 : spacing.y >= limit ? 1 : 0
    }
}

extension LabelVolume {
    /// Most corners of contours; so many take about 1.5 GB. Anatomy in a thousand slices has a third of it.
    private static let mostCorners = 1 << 23
    /// Slices traced before the next look at their number.
    private static let batch = 16

    /// Traces the borders of all labels in parallel slices; slices without labels become empty planes.
    ///
    /// Borders run half-way between voxel centres, see `docs/slices.md`. Sections are numbered by their slice, from 1.
    ///
    /// - Parameters:
    ///   - slicing: Which slices, and across which axis.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: `OptionsError` when `slicing` is not valid; ``SliceSetError`` when fewer than two slices carry labels;
    ///   ``VolumeFileError/notLabels(_:)`` when the borders are those of noise.
    public func sections(_ slicing: VolumeSlicing, threads: Int) throws -> SliceSet {
        try slicing.validate()
        let axis = slicing.axis(in: grid)
        let indices = Array(stride(from: slicing.first, to: grid.size[axis], by: slicing.every))
        var sections: [CrossSection] = []
        var corners = 0
        // In batches, so that noise is found out before it fills the memory.
        for start in stride(from: 0, to: indices.count, by: Self.batch) {
            let count = min(Self.batch, indices.count - start)
            let traced = Parallel.map(count: count, threads: threads, block: 1) { item in
                let index = indices[start + item]
                return LabelImage(of: self, axis: axis, index: index).section(number: index + 1)
            }
            for section in traced { corners += section.polygons.reduce(0) { $0 + $1.points.count } }
            guard corners <= Self.mostCorners else {
                throw VolumeFileError.notLabels("the borders of the labels are as long as those of noise")
            }
            sections += traced
        }
        return try SliceSet(sections: sections)
    }
}
