// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Keeps the pixels whose surface other views see in the same place, and averages what they see.
struct ConsistencyFilter {
    let views: [StereoView]
    let maps: [StereoMap]
    let options: StereoOptions
    private let cosine: Double

    init(views: [StereoView], maps: [StereoMap], options: StereoOptions) {
        self.views = views
        self.maps = maps
        self.options = options
        cosine = Angle.cosine(degrees: options.maximumNormalAngle)
    }

    /// A pixel that is kept.
    struct Kept {
        let place: Int
        /// Mean of what the views see, in world coordinates.
        let position: SIMD3<Double>
        /// In world coordinates.
        let normal: SIMD3<Double>
        let agreeing: Int
        let confidence: Float
    }

    /// The kept pixels of one view, row by row.
    func kept(of index: Int, witnesses: ArraySlice<Int>) -> [Kept] {
        let (view, map) = (views[index], maps[index])
        var result: [Kept] = []
        for row in 0..<map.height {
            for column in 0..<map.width {
                let place = row * map.width + column
                guard isGood(map, place) else { continue }
                let depth = Double(map.depths[place])
                let point = view.point(column: column, row: row, depth: depth)
                let normal = view.rotation.transpose * SIMD3<Double>(map.normals[place].direction)
                var (sum, agreeing) = (point, 0)
                for witness in witnesses {
                    guard let seen = sight(of: point, normal: normal, by: witness) else { continue }
                    let local = view.cameraFromWorld(seen)
                    let error =
                        SIMD2(local.x, local.y) / local.z * view.level.focalLengths + view.level.principalPoint
                        - SIMD2(Double(column) + 0.5, Double(row) + 0.5)
                    guard local.z > 0, error.length < options.maximumReprojectionError,
                        abs(local.z - depth) < options.maximumDepthDifference * local.z
                    else { continue }
                    sum += seen
                    agreeing += 1
                }
                guard agreeing >= options.minimumAgreeing else { continue }
                let correlation = max(0, 1 - map.costs[place])
                result.append(
                    Kept(
                        place: place, position: sum / Double(agreeing + 1), normal: normal, agreeing: agreeing,
                        confidence: correlation * Float(agreeing) / Float(agreeing + 1)))
            }
        }
        return result
    }

    private func isGood(_ map: StereoMap, _ place: Int) -> Bool {
        map.depths[place] > 0 && map.costs[place] <= options.maximumCost
    }

    /// The point of another view's surface on its ray towards `point`, when it faces alike; in world coordinates.
    private func sight(of point: SIMD3<Double>, normal: SIMD3<Double>, by witness: Int) -> SIMD3<Double>? {
        let (view, map) = (views[witness], maps[witness])
        let local = view.cameraFromWorld(point)
        guard local.z > 0 else { return nil }
        let direction = SIMD2(local.x, local.y) / local.z
        let pixel = direction * view.level.focalLengths + view.level.principalPoint
        guard pixel.x >= 0, pixel.y >= 0, pixel.x < Double(map.width), pixel.y < Double(map.height) else { return nil }
        let (column, row) = (Int(pixel.x), Int(pixel.y))
        let place = row * map.width + column
        guard isGood(map, place) else { return nil }
        let facing = SIMD3<Double>(map.normals[place].direction)
        guard (view.rotation.transpose * facing).dot(normal) > cosine else { return nil }
        // The pixel's plane, met by the ray that goes through the point and not through the pixel's centre.
        let center = view.normalized(column: column, row: row)
        let depth = Double(map.depths[place])
        let ray = SIMD3(direction.x, direction.y, 1)
        let along = facing.dot(ray)
        let met = along < -1e-3 ? depth * facing.dot(SIMD3(center.x, center.y, 1)) / along : depth
        // Half a pixel cannot change the depth by more, unless the plane is seen from its edge.
        return view.point(ray * (abs(met - depth) > 0.02 * depth ? depth : met))
    }
}
