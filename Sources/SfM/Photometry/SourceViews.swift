// SPDX-License-Identifier: Apache-2.0

import Geometry

/// For each view the others that its patches are compared with, best first.
package enum SourceViews {
    /// Triangulation angle at which two views tell most about depth, in degrees: below it depth is weak, above it patches
    /// change their looks.
    private static let bestAngle = 15.0
    /// Angles that are worth nothing, in degrees.
    private static let angleLimits = 2.0..<60.0

    /// Chooses by the points that two views share: each counts by its triangulation angle and by how alike its distances
    /// from the two cameras are.
    ///
    /// - Parameters:
    ///   - views: Views of `reconstruction`.
    ///   - count: Most sources of a view.
    /// - Returns: For each view indices into `views`; fewer than `count`, even none, where too little is shared.
    package static func choose(
        for views: [GrayView], in reconstruction: Reconstruction, count: Int
    ) -> [[Int]] {
        var places: [ImageID: Int] = [:]
        for (place, view) in views.enumerated() { places[view.imageID] = place }
        let centers = views.map { $0.cameraFromWorld.cameraCenterInWorld }
        var scores = [Double](repeating: 0, count: views.count * views.count)
        for id in reconstruction.pointIDs {
            guard let point = reconstruction.points[id] else { continue }
            let seen = point.track.compactMap { places[$0.imageID] }
            for (place, first) in seen.enumerated() {
                for second in seen[(place + 1)...] {
                    let score = score(of: point.position, from: centers[first], and: centers[second])
                    scores[first * views.count + second] += score
                    scores[second * views.count + first] += score
                }
            }
        }
        return views.indices.map { view in
            let row = scores[view * views.count..<(view + 1) * views.count]
            let ranked = row.indices.map { $0 - row.startIndex }.filter { row[row.startIndex + $0] > 0 }
                .sorted { (row[row.startIndex + $0], $1) > (row[row.startIndex + $1], $0) }
            return Array(ranked.prefix(count))
        }
    }

    private static func score(of point: SIMD3<Double>, from first: SIMD3<Double>, and second: SIMD3<Double>) -> Double {
        let (a, b) = (first - point, second - point)
        let cosine = a.normalized.dot(b.normalized)
        guard cosine.isFinite else { return 0 }
        let angle = Angle.degrees(radians: Angle.radians(cosine: cosine))
        guard angleLimits.contains(angle) else { return 0 }
        // A rational bell, not a Gaussian: the weight only has to rank.
        let deviation = (angle - bestAngle) / (angle < bestAngle ? 6 : 15)
        let ratio = min(a.length, b.length) / max(a.length, b.length)
        return ratio * ratio / (1 + deviation * deviation)
    }
}
