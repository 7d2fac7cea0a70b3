// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// What a view sees at the centre of each pixel.
public struct SceneTruth: Hashable, Sendable {
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// `[height × width]`: z in camera coordinates, in scene units; 0 where there is only the backdrop.
    public let depth: [Double]
    /// `[height × width]`: whether the object is seen.
    public let isObject: [Bool]
}

extension SyntheticPhotoScene {
    /// Exact depth and mask of a view; the error of depth is below 1e-5 scene units but for grazing rays.
    public func truth(of view: PhotoView, threads: Int = 1) -> SceneTruth {
        let (width, height) = (view.camera.width, view.camera.height)
        let rays = ViewRays(view)
        var isObject = [Bool](repeating: false, count: width * height)
        var depth = [Double](repeating: 0, count: width * height)
        isObject.withUnsafeMutableBufferPointer { isObject in
            depth.withUnsafeMutableBufferPointer { depth in
                nonisolated(unsafe) let (isObject, depth) = (isObject, depth)
                Parallel.forEach(count: height, threads: threads) { row, _ in
                    for column in 0..<width {
                        let ray = rays.ray(throughPixel: SIMD2(Double(column) + 0.5, Double(row) + 0.5))
                        guard let hit = firstHit(origin: rays.origin, direction: ray.direction) else { continue }
                        depth[row * width + column] = hit.distance * ray.depthPerUnit
                        isObject[row * width + column] = hit.isObject
                    }
                }
            }
        }
        return SceneTruth(width: width, height: height, depth: depth, isObject: isObject)
    }

    /// The object's whole surface; vertices lie on it to rounding, but for a few at creases.
    ///
    /// - Parameter cells: Grid cells along the longest side of the object's bounding ball.
    public func objectMesh(cells: Int, threads: Int = 1) throws -> TriangleMesh {
        let ball = Box(minimum: object.ballCenter - object.ballRadius, maximum: object.ballCenter + object.ballRadius)
        let solid = object
        var search = SparseSearchOptions()
        search.gradientBound = 1
        search.crossingRounds = 2
        let field = ClosureField { Float(solid.signedDistance(SIMD3<Double>($0))) }
        return try MarchingCubes.extract(
            from: field, grid: RegularGrid(covering: ball, cells: cells), search: search, threads: threads
        ).mesh
    }

    /// The table's top as a fan of triangles, facing up.
    public func tableMesh(sides: Int = 128) -> TriangleMesh {
        let rim = (0..<sides).map { CameraPath.horizontal(degrees: 360 * Double($0) / Double(sides)) * tableRadius }
        let faces = (0..<sides).map { SIMD3<UInt32>(0, UInt32($0) + 1, UInt32(($0 + 1) % sides) + 1) }
        return TriangleMesh(positions: [.zero] + rim, triangles: faces)
    }
}
