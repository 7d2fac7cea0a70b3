// SPDX-License-Identifier: Apache-2.0

/// What turns sections into a field.
public enum SliceEngine: String, Hashable, Sendable, Codable, CaseIterable {
    /// A neural occupancy field trained on the sections; see ``SliceReconstructor``.
    case occupancy
    /// The field that bends least, on a grid; see ``ThinPlateReconstructor``.
    case thinPlate = "thinplate"
}
