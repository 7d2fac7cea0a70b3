// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A line of sight in the frame of a field's cube, and what a picture shows there.
public struct RadianceRay: Hashable, Sendable {
    /// Where the camera is.
    public var origin: SIMD3<Float>
    /// Unit vector.
    public var direction: SIMD3<Float>
    /// Colour that the picture shows, each channel in 0...1.
    public var color: SIMD3<Float>
    /// Weight of the colour in the loss; 0 where no picture shows the ray.
    public var colorWeight: Float = 1
    /// Number of the picture among those with an exposure of their own; `nil` for the mean exposure.
    public var pictureIndex: Int?
    /// Distance at which a point outside the cube is known to be seen; `nil` when none is.
    public var sighting: Float?

    /// Creates a ray.
    public init(
        origin: SIMD3<Float>, direction: SIMD3<Float>, color: SIMD3<Float> = .zero, pictureIndex: Int? = nil,
        sighting: Float? = nil
    ) {
        self.origin = origin
        self.direction = direction
        self.color = color
        self.pictureIndex = pictureIndex
        self.sighting = sighting
    }

    /// Half the side of the region in which the level set is rendered; a little less than that of the grid.
    package static let reach = 1.0

    /// The part within the region, or `nil` when the ray misses it.
    package var inside: FieldRay? {
        let region = Box(minimum: SIMD3(repeating: -Self.reach), maximum: SIMD3(repeating: Self.reach))
        guard let range = region.crossing(from: SIMD3<Double>(origin), along: SIMD3<Double>(direction)) else {
            return nil
        }
        return FieldRay(
            origin: origin, direction: direction, range: Float(range.lowerBound)...Float(range.upperBound))
    }
}
