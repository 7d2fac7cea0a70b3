// SPDX-License-Identifier: Apache-2.0

/// A drawing or its table of planes could not be read as contours.
public enum SVGError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text breaks the grammar.
    case syntax(String)
    /// The drawing has no layer with this id or name.
    case noLayer(String)
    /// The table of planes is at fault.
    case table(String)
    /// What is wrong with the drawing of this name.
    indirect case drawing(name: String, SVGError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .syntax(let reason): "malformed drawing: \(reason)"
        case .noLayer(let name): "no group has the id or label \"\(name)\""
        case .table(let reason): "table of planes: \(reason)"
        case .drawing(let name, let error): "\(name): \(error)"
        }
    }
}
