// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How far a mesh is simplified.
public struct SimplificationOptions: Hashable, Sendable, Codable {
    /// When to stop.
    public enum Goal: Hashable, Sendable, Codable {
        /// At this many faces, at least 4; more are left where fewer would break the surface.
        case faces(Int)
        /// Before the surface moves by more than this, in percent of the diagonal of its box, 0 to 100.
        case error(percentOfDiagonal: Double)
    }

    /// When to stop.
    public var goal: Goal
    /// Whether vertices on the border of an open surface stay where they are.
    public var keepsBoundary = true

    /// Simplifies until `goal`.
    public init(goal: Goal) { self.goal = goal }

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        switch goal {
        case .faces(let count):
            try OptionsError.require(count >= 4, "faces", count, allowed: "at least 4")
        case .error(let percent):
            try OptionsError.require(
                percent > 0 && percent <= 100, "error", percent, allowed: "above 0 and at most 100 % of the diagonal")
        }
    }
}

/// A mesh could not be simplified.
public enum SimplificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option is out of range.
    case options(OptionsError)
    /// The mesh breaks a rule that every mesh keeps.
    case invalidMesh(MeshInvariantError)
    /// Memory is short.
    case outOfMemory(faces: Int)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .invalidMesh(let error): error.description
        case .outOfMemory(let faces): "There is not enough memory to simplify \(faces) faces."
        }
    }
}
