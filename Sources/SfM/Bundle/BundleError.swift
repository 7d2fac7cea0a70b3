// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Why a bundle could not be adjusted; the input is then unchanged.
public enum BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An option has a value that cannot work.
    case options(OptionsError)
    /// The solver refused the problem.
    case solver(reason: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .options(let error): error.description
        case .solver(let reason):
            "Bundle adjustment failed: \(reason). Check that every number of the model is finite and every link exists."
        }
    }
}
