// SPDX-License-Identifier: Apache-2.0

/// What a camera wrote beside the picture; `nil` where it wrote nothing or nonsense.
public struct ExifMetadata: Hashable, Sendable, Codable {
    /// Maker of the camera, without the spaces around it.
    public var make: String?
    /// The camera, without the spaces around it.
    public var model: String?
    /// Focal length in millimetres.
    public var focalLength: Double?
    /// Focal length in millimetres of the 35 mm film camera with the same field of view.
    public var focalLengthIn35mmFilm: Double?
    /// Width of the sensor in millimetres, from the resolution of the focal plane.
    public var sensorWidth: Double?
    /// How the picture should be turned for display: 1 to 8 by the standard, but any stored number is kept. Samples are
    /// never turned by it: geometry needs them as the sensor saw them.
    public var orientation: Int?
    /// Where the camera was.
    public var position: GeographicPosition?

    /// Nothing known.
    public init() {}
}

/// A place on Earth (WGS 84).
public struct GeographicPosition: Hashable, Sendable, Codable {
    /// Degrees north, -90 to 90.
    public var latitude: Double
    /// Degrees east, -180 to 180.
    public var longitude: Double
    /// Metres above sea level, or `nil` when unknown.
    public var altitude: Double?

    /// Creates a place.
    public init(latitude: Double, longitude: Double, altitude: Double? = nil) {
        self.latitude = latitude
        self.longitude = longitude
        self.altitude = altitude
    }
}
