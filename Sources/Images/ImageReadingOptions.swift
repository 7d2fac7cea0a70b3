// SPDX-License-Identifier: Apache-2.0

/// How pictures are read.
public struct ImageReadingOptions: Hashable, Sendable, Codable {
    /// Samples of the result.
    public enum Color: String, Hashable, Sendable, Codable {
        /// One: shades of grey by BT.601.
        case gray
        /// Three: red, green, blue; the same three times for grey files.
        case rgb
        /// As many as the file has, alpha apart.
        case asStored
    }

    /// How large a picture may be.
    public var limits = ImageLimits()
    /// Takes what is left of files that are cut off or corrupt; what is missing is black or flat.
    public var acceptDamaged = false
    /// Samples of the result.
    public var color = Color.rgb

    /// Complete pictures in colour within the default limits.
    public init() {}
}
