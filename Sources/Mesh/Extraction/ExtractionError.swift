// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A surface could not be extracted.
public enum ExtractionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The options make no sense.
    case options(OptionsError)
    /// The field is NaN at a node; the first such node in scan order of what was asked.
    case notANumber(node: SIMD3<Int>)
    /// More vertices than 32-bit indices can name.
    case tooManyVertices(Int)
    /// The caller asked to stop.
    case cancelled

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .notANumber(let node):
            "The field is not a number (NaN) at grid node (\(node.x), \(node.y), \(node.z)). Train it again from an "
                + "earlier state, or clean its input."
        case .tooManyVertices(let count):
            "The surface has \(count) vertices; at most \(UInt32.max) can be numbered. Use a coarser grid."
        case .cancelled: "The extraction was cancelled."
        }
    }
}
