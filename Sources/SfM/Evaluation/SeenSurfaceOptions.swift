// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// How a mesh is compared with the part of the truth that cameras see.
public struct SeenSurfaceOptions: Hashable, Sendable, Codable {
    /// Points drawn on each surface, 100 to 10,000,000.
    public var samples = 200_000
    /// Cameras that must see a point of the truth for it to count, at least 1.
    public var minimumViews = 2
    /// Names all random numbers.
    public var seed: UInt64 = 1

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            (100...10_000_000).contains(samples), "samples", samples, allowed: "100 to 10,000,000")
        try OptionsError.require(
            (1...1_000_000).contains(minimumViews), "minimumViews", minimumViews, allowed: "at least 1")
    }
}

/// A mesh could not be compared with what cameras see.
public enum SeenSurfaceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option is out of range.
    case options(OptionsError)
    /// A mesh breaks a rule that every mesh keeps.
    case invalidMesh(MeshInvariantError)
    /// The reference has neither faces with an area that can be measured nor points with an extent.
    case emptyReference
    /// The cameras see nothing of the reference.
    case referenceUnseen(views: Int)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .invalidMesh(let error): error.description
        case .emptyReference: "The reference has neither faces of a finite, positive area nor points that span a box."
        case .referenceUnseen(let views):
            "No point of the reference is seen by \(views) camera(s) or more. Check that --cameras is in the frame of "
                + "--reference."
        }
    }
}
