// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The cube of the scene that a field covers, found from cameras and points alone.
public struct SceneCube: Hashable, Sendable, Codable {
    /// How the cube was found.
    public enum Rule: String, Hashable, Sendable, Codable {
        /// Cameras look at one place from many sides: the cube is centred there.
        case opticalAxes
        /// Otherwise: the box around most of the points.
        case pointBounds
    }

    /// How the cube was found.
    public var rule: Rule
    /// Takes the cube to `[-1, 1]³`.
    public var cubeFromWorld: UniformSimilarity

    /// Half the side of the cube, in world units.
    public var halfSide: Double { 1 / cubeFromWorld.scale }

    /// Share of the mean distance of cameras from the meeting point of their axes that makes half a side. An object that
    /// fills pictures of a usual lens fits.
    private static let objectShare = 0.36
    /// Share of the points at each end of each axis that do not count for the box: the far background and blunders.
    private static let outlierShare = 0.02

    /// Finds the cube.
    ///
    /// - Returns: `nil` when there are fewer than 8 points or cameras and points do not span a volume.
    public init?(_ reconstruction: Reconstruction) {
        let points = reconstruction.pointIDs.compactMap { reconstruction.points[$0]?.position }
            .filter(\.isFinite)
        guard points.count >= 8 else { return nil }
        if let cube = Self.aroundMeetingPoint(reconstruction, points: points) {
            self = cube
            return
        }
        var lower = SIMD3<Double>.zero
        var upper = SIMD3<Double>.zero
        for axis in 0..<3 {
            let sorted = points.map { $0[axis] }.sorted()
            let skipped = Int(Self.outlierShare * Double(sorted.count))
            lower[axis] = sorted[skipped]
            upper[axis] = sorted[sorted.count - 1 - skipped]
        }
        let extent = (upper - lower).max()
        guard extent > 0, extent.isFinite else { return nil }
        rule = .pointBounds
        // Room for the surface between and beyond the outermost points.
        cubeFromWorld = UniformSimilarity(centering: Box(minimum: lower, maximum: upper), halfExtent: 1 / 1.15)
    }

    /// The cube about the point nearest to all optical axes, when they meet there from different sides.
    private static func aroundMeetingPoint(_ reconstruction: Reconstruction, points: [SIMD3<Double>]) -> SceneCube? {
        let axes = reconstruction.imageIDs.compactMap { id in
            reconstruction.images[id].map { image in
                (
                    center: image.cameraFromWorld.cameraCenterInWorld,
                    direction: image.cameraFromWorld.rotation.inverse(SIMD3(0, 0, 1))
                )
            }
        }
        guard axes.count >= 3, let meeting = meetingPoint(of: axes) else { return nil }
        // Axes that differ by less than about 35 degrees from their mean look at a wall, not around an object.
        let mean = axes.reduce(SIMD3<Double>.zero) { $0 + $1.direction } / Double(axes.count)
        guard mean.length < 0.8 else { return nil }
        var misses: [Double] = []
        var distance = 0.0
        for axis in axes {
            let offset = meeting - axis.center
            let depth = offset.dot(axis.direction)
            guard depth > 0 else { return nil }
            misses.append((offset - depth * axis.direction).length / depth)
            distance += offset.length / Double(axes.count)
        }
        misses.sort()
        guard misses[misses.count / 2] < 0.2, distance > 0, distance.isFinite else { return nil }
        // The object is what most pictures show in their middle: half of these points must lie inside.
        let central = centralPoints(reconstruction)
        for growth in [1, 1.25, 1.5, 2] {
            let half = objectShare * growth * distance
            let inside = central.count { ($0 - meeting).max() < half && ($0 - meeting).min() > -half }
            if 2 * inside >= central.count && inside >= 8 {
                return SceneCube(
                    rule: .opticalAxes,
                    cubeFromWorld: UniformSimilarity(scale: 1 / half, translation: -meeting / half))
            }
        }
        return nil
    }

    private init(rule: Rule, cubeFromWorld: UniformSimilarity) {
        self.rule = rule
        self.cubeFromWorld = cubeFromWorld
    }

    /// The point with the least sum of squared distances to the lines, or `nil` when they are parallel.
    package static func meetingPoint(
        of axes: [(center: SIMD3<Double>, direction: SIMD3<Double>)]
    ) -> SIMD3<Double>? {
        var matrix = Matrix3(columns: .zero, .zero, .zero)
        var right = SIMD3<Double>.zero
        for (center, d) in axes {
            let projection = Matrix3(
                columns: SIMD3(1, 0, 0) - d.x * d, SIMD3(0, 1, 0) - d.y * d, SIMD3(0, 0, 1) - d.z * d)
            matrix = matrix + projection
            right += projection * center
        }
        let scale = Double(axes.count)
        guard matrix.determinant > 1e-9 * scale * scale * scale, let inverse = matrix.inverse else { return nil }
        let point = inverse * right
        return point.isFinite ? point : nil
    }

    /// Points that an image sees in the central third of its width and height.
    private static func centralPoints(_ reconstruction: Reconstruction) -> [SIMD3<Double>] {
        reconstruction.pointIDs.compactMap { id in
            guard let point = reconstruction.points[id] else { return nil }
            let isCentral = point.track.contains { observation in
                guard let image = reconstruction.images[observation.imageID],
                    let camera = reconstruction.cameras[image.cameraID],
                    image.keypoints.indices.contains(observation.keypointIndex)
                else { return false }
                let pixel = image.keypoints[observation.keypointIndex]
                let share = pixel / SIMD2(Double(camera.width), Double(camera.height))
                return abs(share.x - 0.5) < 1.0 / 6 && abs(share.y - 0.5) < 1.0 / 6
            }
            return isCentral ? point.position : nil
        }
    }
}
