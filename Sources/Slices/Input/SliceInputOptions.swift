// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How files and folders become cross-sections, where they leave a choice.
public struct SliceInputOptions: Hashable, Sendable, Codable {
    /// Which slices of a volume are taken.
    public var slicing = VolumeSlicing()
    /// Distances between pixel centres along rows and columns, and between pictures; for stacks that do not tell it.
    public var spacing: SIMD3<Double>?
    /// What the numbers of voxels and pixels mean.
    public var rule = LabelRule.label

    /// Whether slices without labels say nothing, for volumes and pictures in which only some slices were painted, rather
    /// than that all of them is outside.
    public var skipsEmpty = false

    /// Everything as the file says.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try slicing.validate()
        if let spacing {
            try OptionsError.require(
                spacing.min() > 0 && spacing.max() <= 1e30, "spacing", spacing, allowed: "three positive numbers")
        }
    }
}
