// SPDX-License-Identifier: Apache-2.0

/// An option has a value that the computation cannot work with.
public enum OptionsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// `name` is `value`, but only `allowed` makes sense.
    case outOfRange(name: String, value: String, allowed: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let allowed): "\(name) is \(value); it must be \(allowed)."
        }
    }

    /// Throws unless `condition` holds.
    public static func require(
        _ condition: Bool, _ name: String, _ value: some CustomStringConvertible, allowed: String
    ) throws(OptionsError) {
        if !condition { throw .outOfRange(name: name, value: value.description, allowed: allowed) }
    }
}
