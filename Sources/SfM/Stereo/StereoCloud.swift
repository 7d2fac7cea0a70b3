// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One oriented point that several views agree on; 20 bytes.
package struct StereoPoint: Hashable, Sendable {
    private let x: Float
    private let y: Float
    private let z: Float
    private let packedNormal: PackedNormal
    private let view: UInt16
    private let agreeingViews: UInt8
    private let packedConfidence: UInt8

    /// Creates a point; see the properties.
    package init(offset: SIMD3<Float>, normal: SIMD3<Float>, viewIndex: Int, agreeing: Int, confidence: Float) {
        (x, y, z) = (offset.x, offset.y, offset.z)
        packedNormal = PackedNormal(normal)
        view = UInt16(viewIndex)
        agreeingViews = UInt8(min(agreeing, 255))
        packedConfidence = UInt8((min(max(confidence, 0), 1) * 255).rounded())
    }

    /// Position less ``StereoCloud/origin``, in world units.
    package var offset: SIMD3<Float> { SIMD3(x, y, z) }
    /// Unit normal in world coordinates, towards the camera.
    package var normal: SIMD3<Float> { packedNormal.direction }
    /// The view whose pixel it is, among those that were given.
    package var viewIndex: Int { Int(view) }
    /// Other views that agree.
    package var agreeing: Int { Int(agreeingViews) }
    /// How far it may be trusted, 0 to 1: `correlation · agreeing / (agreeing + 1)`, with the correlation of the patches.
    package var confidence: Float { Float(packedConfidence) / 255 }
}

/// Points of all views, in the order of views and pixels.
package struct StereoCloud: Hashable, Sendable {
    /// World coordinates that points are counted from, so that `Float` does for them.
    package let origin: SIMD3<Double>
    /// The points.
    package let points: [StereoPoint]

    /// Creates a cloud.
    package init(origin: SIMD3<Double>, points: [StereoPoint]) {
        self.origin = origin
        self.points = points
    }

    /// World position of a point.
    package func position(of point: StereoPoint) -> SIMD3<Double> { origin + SIMD3<Double>(point.offset) }
}
