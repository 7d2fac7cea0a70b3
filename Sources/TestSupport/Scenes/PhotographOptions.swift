// SPDX-License-Identifier: Apache-2.0

/// How a synthetic photograph is taken.
public struct PhotographOptions: Hashable, Sendable {
    /// Rays for each pixel are the square of this, at least 1; with 1 the ray goes through the pixel's centre.
    public var samplesPerSide = 2
    /// Side of the square that a pixel averages over, in pixels: above 1 the lens is a little soft.
    public var aperture = 1.25
    /// Standard deviation of the sensor's noise, in grey levels of 8 bits.
    public var noise = 1.3
    /// Whether light and shadow fall; without, surfaces show their bare colours.
    public var isLit = true
    /// Names the noise; photographs of one set should differ in it.
    public var seed: UInt64 = 0
    /// Bound on concurrency, at least 1; the picture is the same bytes for any.
    public var threads = 1

    /// Creates the default options.
    public init() {}

    /// One ray for each pixel, no light, no noise: colours that can be compared between views.
    public static var bareColors: PhotographOptions {
        var options = PhotographOptions()
        options.samplesPerSide = 1
        options.noise = 0
        options.isLit = false
        return options
    }
}
