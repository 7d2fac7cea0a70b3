// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc
import Images

/// Metres east, north and up of a place on Earth (WGS 84).
public struct LocalTangentPlane: Hashable, Sendable {
    /// Where all three are 0.
    public let origin: GeographicPosition
    private let originOnEarth: SIMD3<Double>
    private let axes: Matrix3

    /// Semi-major axis in metres and flattening.
    private static let (majorAxis, flattening) = (6_378_137.0, 1 / 298.257223563)

    /// The plane that touches the Earth at `origin`; a missing altitude counts as 0.
    public init(at origin: GeographicPosition) {
        self.origin = origin
        originOnEarth = Self.onEarth(origin)
        let (latitude, longitude) = (origin.latitude * .pi / 180, origin.longitude * .pi / 180)
        axes = Matrix3(
            rows: SIMD3(-sin(longitude), cos(longitude), 0),
            SIMD3(-sin(latitude) * cos(longitude), -sin(latitude) * sin(longitude), cos(latitude)),
            SIMD3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)))
    }

    /// East, north and up of `position`, in metres.
    public func callAsFunction(_ position: GeographicPosition) -> SIMD3<Double> {
        axes * (Self.onEarth(position) - originOnEarth)
    }

    /// Earth-centred coordinates in metres. Altitudes above sea level are taken as above the ellipsoid: the difference is
    /// nearly the same all over one scene.
    private static func onEarth(_ position: GeographicPosition) -> SIMD3<Double> {
        let (latitude, longitude) = (position.latitude * .pi / 180, position.longitude * .pi / 180)
        let height = position.altitude ?? 0
        let squaredEccentricity = flattening * (2 - flattening)
        let normal = majorAxis / (1 - squaredEccentricity * sin(latitude) * sin(latitude)).squareRoot()
        return SIMD3(
            (normal + height) * cos(latitude) * cos(longitude), (normal + height) * cos(latitude) * sin(longitude),
            (normal * (1 - squaredEccentricity) + height) * sin(latitude))
    }
}
