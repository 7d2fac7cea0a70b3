// SPDX-License-Identifier: Apache-2.0

/// What the number of a voxel or a pixel means.
public enum LabelRule: Hashable, Sendable, Codable {
    /// The number is the label.
    case label
    /// From this number on it is inside, with label 1; below, or not a number, outside.
    case threshold(Double)
}
