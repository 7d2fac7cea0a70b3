// SPDX-License-Identifier: Apache-2.0

import Images

/// What ingest does with photos that are not as they should be.
public struct IngestOptions: Hashable, Sendable, Codable {
    /// How large a photo may be.
    public var limits = ImageLimits()
    /// Uses what is left of photos that are cut off or corrupt.
    public var acceptDamaged = false
    /// Goes on without photos that cannot be read, instead of stopping.
    public var skipUnreadable = false
    /// Decodes each photo once to find those that are cut off or corrupt before any long work begins. It costs about as
    /// much as reading the photos does later; switch it off where they are read next anyway.
    public var checksSamples = true

    /// Stops at the first photo that is not whole.
    public init() {}

    /// The options to read one of the photos with.
    public var reading: ImageReadingOptions {
        var options = ImageReadingOptions()
        options.limits = limits
        options.acceptDamaged = acceptDamaged
        return options
    }
}
