// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Closed shapes with a known signed distance (negative inside), volume and Euler characteristic.
public enum AnalyticShape: Sendable {
    /// Ball around `center`.
    case sphere(center: SIMD3<Float>, radius: Float)
    /// Torus around the z axis: `major` from the axis to the tube's middle, `minor` the tube's radius.
    case torus(major: Float, minor: Float)

    /// Signed distance at `point`, in the units of the shape.
    public func signedDistance(_ point: SIMD3<Float>) -> Float {
        switch self {
        case .sphere(let center, let radius): return (point - center).length - radius
        case .torus(let major, let minor):
            let ring = (point.x * point.x + point.y * point.y).squareRoot() - major
            return (ring * ring + point.z * point.z).squareRoot() - minor
        }
    }

    /// Enclosed volume.
    public var volume: Double {
        switch self {
        case .sphere(_, let radius): 4 * Double.pi / 3 * Double(radius * radius * radius)
        case .torus(let major, let minor): 2 * Double.pi * Double.pi * Double(major) * Double(minor * minor)
        }
    }

    /// Vertices − edges + faces of any triangulation of the surface.
    public var eulerCharacteristic: Int {
        switch self {
        case .sphere: 2
        case .torus: 0
        }
    }

    /// The signed distance as a field.
    public var field: ClosureField { ClosureField { signedDistance($0) } }
}
