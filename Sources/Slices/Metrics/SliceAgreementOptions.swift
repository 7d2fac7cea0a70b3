// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How ``SliceAgreement`` is measured.
public struct SliceAgreementOptions: Sendable, Codable, Hashable {
    /// Grid points along each side of a plane's padded contour box.
    public var gridSize = 256
    /// Margin around the contours on each side, as a share of the longer side of their box.
    public var padding = 0.15

    /// The defaults.
    public init() {}

    /// Throws `OptionsError` when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require((2...16384).contains(gridSize), "gridSize", gridSize, allowed: "2 to 16384")
        try OptionsError.require((0...100).contains(padding), "padding", padding, allowed: "0 to 100")
    }
}
