// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which plain areas of photos are backdrops: those before which nothing of the scene lies.
///
/// The wall of a room and the body of a plain vase are areas without texture, too. What tells them apart is what other photos
/// saw behind them: points that several photos agree on and that this photo should show, too, were the area empty.
package enum BackdropEvidence {
    /// Observations that make a point a witness.
    private static let leastObservations = 3
    /// Share of the witnesses before a camera that may be wrong.
    private static let errorShare = 0.01
    /// Number of them that may be wrong in any case.
    private static let leastErrors = 2
    /// Directions of cameras whose mean is shorter than this look around: their walls are near, and may be plain.
    private static let leastCommonDirection = 0.8

    /// For each view a set of bits: bit k for its plain area k that is a backdrop.
    ///
    /// Empty sets where cameras look around a room: there nothing speaks against a plain wall.
    ///
    /// - Parameter looksAtOnePlace: Whether cameras surround what they look at.
    package static func backdrops(
        of views: [GrayView], in reconstruction: Reconstruction, looksAtOnePlace: Bool
    ) -> [UInt16] {
        let directions = views.map { $0.cameraFromWorld.rotation.inverse(SIMD3(0, 0, 1)) }
        let mean = directions.reduce(SIMD3<Double>.zero, +) / Double(max(1, views.count))
        guard looksAtOnePlace || mean.length >= leastCommonDirection else { return views.map { _ in 0 } }
        let witnesses = reconstruction.pointIDs.compactMap { id in
            reconstruction.points[id].flatMap { $0.track.count >= leastObservations ? $0.position : nil }
        }
        return views.map { backdrops(of: $0, witnesses: witnesses) }
    }

    private static func backdrops(of view: GrayView, witnesses: [SIMD3<Double>]) -> UInt16 {
        guard let level = view.levels.first, let labels = level.backdrop else { return 0 }
        var counts = [Int](repeating: 0, count: 16)
        var seen = 0
        for witness in witnesses {
            let local = view.cameraFromWorld(witness)
            guard local.z > 0 else { continue }
            let pixel = SIMD2(local.x, local.y) / local.z * level.focalLengths + level.principalPoint
            guard pixel.x >= 0, pixel.y >= 0, pixel.x < Double(level.image.width),
                pixel.y < Double(level.image.height)
            else { continue }
            seen += 1
            counts[Int(labels[Int(pixel.y) * level.image.width + Int(pixel.x)])] += 1
        }
        let limit = max(leastErrors, Int(errorShare * Double(seen)))
        var result: UInt16 = 0
        for label in Set(labels) where label != 0 && counts[Int(label)] <= limit { result |= 1 << UInt16(label) }
        return result
    }
}
