// SPDX-License-Identifier: Apache-2.0

/// Effort of a reconstruction; each level is a full set of options.
public enum Quality: String, Sendable, Codable, CaseIterable {
    /// A first look, in a third of the default's time or less.
    case fast
    /// What the documentation's figures are measured with.
    case `default`
    /// As accurate as we know how; about three times the default's time.
    case high
}
