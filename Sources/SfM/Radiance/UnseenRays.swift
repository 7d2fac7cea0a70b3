// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Rays from places between neighbouring cameras towards points within the cube.
///
/// No photo shows them. What matter the field has before the cube there is an accident of its grids, which photos that were
/// left out would show as a fog; the loss of veils clears it.
struct UnseenRays: Sendable {
    private let centers: [SIMD3<Float>]
    /// The nearest other cameras of each camera, nearest first.
    private let neighbours: [[Int]]
    private let targets: [SIMD3<Float>]

    private static let neighbourCount = 4
    /// Places reach this far beyond both cameras, as a share of the distance between them.
    private static let overshoot: Float = 0.25

    /// Between cameras at `centers`, towards `targets`, all in the frame of the cube.
    init(centers: [SIMD3<Float>], targets: [SIMD3<Float>]) {
        self.centers = centers
        self.targets = targets
        neighbours = centers.indices.map { index in
            let others = centers.indices.filter { $0 != index }
                .map { (distance: (centers[$0] - centers[index]).length, index: $0) }
                .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
            return others.prefix(Self.neighbourCount).map(\.index)
        }
    }

    func rays(_ count: Int, random: inout RandomStream) -> [RadianceRay] {
        guard !targets.isEmpty else { return [] }
        return (0..<count).compactMap { _ in
            let camera = random.index(below: centers.count)
            guard !neighbours[camera].isEmpty else { return nil }
            let other = neighbours[camera][random.index(below: neighbours[camera].count)]
            let share = random.uniform(in: -Self.overshoot..<1 + Self.overshoot)
            let origin = centers[camera] + share * (centers[other] - centers[camera])
            let way = targets[random.index(below: targets.count)] - origin
            guard way.length > 1e-3 else { return nil }
            var ray = RadianceRay(origin: origin, direction: way.normalized)
            ray.colorWeight = 0
            return ray
        }
    }
}
