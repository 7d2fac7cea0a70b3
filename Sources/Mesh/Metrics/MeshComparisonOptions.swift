// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How finely meshes are compared.
public struct MeshComparisonOptions: Hashable, Sendable, Codable {
    /// Points drawn on each surface, 100 to 10,000,000.
    public var samples = 100_000
    /// Points of the volume grid along each axis, 8 to 512.
    public var gridCells = 128
    /// Padding of the reference's box for the volume grid, as a share of its longest side, 0 to 1.
    public var padding = 0.05
    /// Names all random numbers.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            (100...10_000_000).contains(samples), "samples", samples, allowed: "100 to 10,000,000")
        try OptionsError.require((8...512).contains(gridCells), "gridCells", gridCells, allowed: "8 to 512")
        try OptionsError.require((0...1).contains(padding), "padding", padding, allowed: "0 to 1")
    }
}

/// Two meshes could not be compared.
public enum MeshComparisonError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option is out of range.
    case options(OptionsError)
    /// A mesh breaks a rule that every mesh keeps.
    case invalidMesh(MeshInvariantError)
    /// The reference has no faces, or none with an area that can be measured.
    case emptyReference

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .invalidMesh(let error): error.description
        case .emptyReference:
            "The reference has no faces with a finite, positive area. A point cloud can serve as reference only to what "
                + "cameras see (--cameras)."
        }
    }
}
