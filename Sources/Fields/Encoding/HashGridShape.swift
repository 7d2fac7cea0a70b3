// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Resolutions and table sizes of a multiresolution hash grid with two features per entry.
///
/// Müller et al. 2022, eqs. 2–3: resolutions grow geometrically from the coarsest to the finest level. A level with no more
/// nodes than a table may have entries gives each node its own; others share entries by a hash.
public struct HashGridShape: Hashable, Sendable, Codable {
    /// Number of levels, 1 to 24.
    public var levels = 7
    /// Cells along each axis at level 0.
    public var coarsestResolution = 16
    /// Cells along each axis at the last level.
    public var finestResolution = 128
    /// Largest number of entries of a level is 2 to this power.
    public var log2TableSize = 17

    /// The default grid: 16 to 128 cells, 1.1 million numbers. A finest level of 128 also keeps a surface from sparse points
    /// smooth: finer ones follow the noise.
    public init() {}

    /// Numbers that one level contributes to an encoded point.
    public static let featuresPerLevel = 2

    /// Throws when the grid cannot be built.
    public func validate() throws(OptionsError) {
        try OptionsError.require((1...24).contains(levels), "levels", levels, allowed: "1 to 24")
        try OptionsError.require(
            (1...4096).contains(coarsestResolution), "coarsestResolution", coarsestResolution, allowed: "1 to 4096")
        try OptionsError.require(
            (coarsestResolution...65_536).contains(finestResolution), "finestResolution", finestResolution,
            allowed: "at least the coarsest, at most 65536")
        try OptionsError.require((4...24).contains(log2TableSize), "log2TableSize", log2TableSize, allowed: "4 to 24")
    }

    /// Cells along each axis at `level`.
    public func resolution(level: Int) -> Int {
        guard levels > 1 else { return coarsestResolution }
        let ratio = Double(finestResolution) / Double(coarsestResolution)
        return Int((Double(coarsestResolution) * pow(ratio, Double(level) / Double(levels - 1))).rounded())
    }

    /// Entries of the table at `level`.
    public func entries(level: Int) -> Int {
        isDense(level: level) ? nodes(level: level) : 1 << log2TableSize
    }

    /// Whether every node of `level` has an entry of its own.
    public func isDense(level: Int) -> Bool { nodes(level: level) <= 1 << log2TableSize }

    private func nodes(level: Int) -> Int {
        let side = resolution(level: level) + 1
        return side * side * side
    }

    /// Numbers of an encoded point.
    public var encodingWidth: Int { levels * Self.featuresPerLevel }

    /// Names and shapes of the tables, coarsest first, for a ``ParameterVector``: one row of pairs of features each.
    func tensors(prefix: String) -> [(name: String, rows: Int, columns: Int)] {
        (0..<levels).map { ("\(prefix)levels.\($0).table", 1, entries(level: $0) * Self.featuresPerLevel) }
    }
}
