// SPDX-License-Identifier: Apache-2.0

import CCeres
import Geometry

/// Cameras, poses, points and observations in flat arrays, and what of them may move.
///
/// Indices are positions in these arrays. Everything is free unless said otherwise.
struct BundleProblem {
    /// What happens to a pose.
    enum Freedom: UInt8 {
        case free = 0
        case constant = 1
        /// One coordinate of the translation is held, which fixes the scale of the world.
        case holdX = 2
        case holdY = 3
        case holdZ = 4

        /// Holds the largest coordinate of `translation`: the one that cannot vanish.
        static func holdingLargest(of translation: SIMD3<Double>) -> Freedom {
            let size = pointwiseMax(translation, -translation)
            if size.x >= size.y && size.x >= size.z { return .holdX }
            return size.y >= size.z ? .holdY : .holdZ
        }
    }

    static let cameraStride = Int(ZS_CERES_CAMERA_STRIDE)

    private(set) var cameras: [Camera] = []
    private var models: [Int32] = []
    private var parameters: [Double] = []
    private var constantParameters: [UInt8] = []
    private var poseValues: [Double] = []
    private var poseCameras: [Int32] = []
    private var poseFreedoms: [UInt8] = []
    private var pointValues: [Double] = []
    private var pointConstants: [UInt8] = []
    private var pixels: [Double] = []
    private var observationPoses: [Int32] = []
    private var observationPoints: [Int32] = []
    private var planePoints: [Int32] = []
    private var planeValues: [Double] = []

    var poseCount: Int { poseCameras.count }
    var pointCount: Int { pointConstants.count }
    var observationCount: Int { observationPoses.count }

    /// Adds a camera of which only the parameters in `free` move; returns its index.
    mutating func add(_ camera: Camera, free: [Int]) -> Int {
        let padding = Self.cameraStride - camera.parameters.count
        models.append(camera.model.colmapID)
        parameters += camera.parameters + [Double](repeating: 0, count: padding)
        var constant = [UInt8](repeating: 1, count: Self.cameraStride)
        for index in free { constant[index] = 0 }
        constantParameters += constant
        cameras.append(camera)
        return cameras.count - 1
    }

    /// Adds a pose; returns its index.
    mutating func add(_ pose: RigidTransform, camera: Int, freedom: Freedom) -> Int {
        let (q, t) = (pose.rotation, pose.translation)
        poseValues += [q.w, q.xyz.x, q.xyz.y, q.xyz.z, t.x, t.y, t.z]
        poseCameras.append(Int32(camera))
        poseFreedoms.append(freedom.rawValue)
        return poseCameras.count - 1
    }

    /// Adds a point; returns its index.
    mutating func add(_ point: SIMD3<Double>, isConstant: Bool = false) -> Int {
        pointValues.append(point.x)
        pointValues.append(point.y)
        pointValues.append(point.z)
        pointConstants.append(isConstant ? 1 : 0)
        return pointConstants.count - 1
    }

    /// Adds what `pose` sees of `point`.
    mutating func observe(point: Int, pose: Int, pixel: SIMD2<Double>) {
        pixels.append(pixel.x)
        pixels.append(pixel.y)
        observationPoses.append(Int32(pose))
        observationPoints.append(Int32(point))
    }

    /// Draws `point` towards a plane.
    ///
    /// - Parameters:
    ///   - normal: As long as the plane's weight: pixels per unit of length.
    ///   - place: A point of the plane.
    mutating func attach(point: Int, toPlaneWith normal: SIMD3<Double>, through place: SIMD3<Double>) {
        planePoints.append(Int32(point))
        for axis in 0..<3 { planeValues.append(normal[axis]) }
        planeValues.append(normal.dot(place))
    }

    /// The camera with its present parameters.
    func camera(_ index: Int) -> Camera {
        var result = cameras[index]
        let first = index * Self.cameraStride
        result.parameters = Array(parameters[first..<(first + result.model.parameterCount)])
        return result
    }

    /// The present pose.
    func pose(_ index: Int) -> RigidTransform {
        let v = poseValues[(7 * index)..<(7 * index + 7)]
        let i = v.startIndex
        return RigidTransform(
            rotation: Quaternion(w: v[i], x: v[i + 1], y: v[i + 2], z: v[i + 3]),
            translation: SIMD3(v[i + 4], v[i + 5], v[i + 6]))
    }

    /// The present position.
    func point(_ index: Int) -> SIMD3<Double> {
        SIMD3(pointValues[3 * index], pointValues[3 * index + 1], pointValues[3 * index + 2])
    }

    /// Minimises the reprojection error, and the distance from planes, over everything that may move.
    ///
    /// The cost never ends above the start. Observations of points that start behind their camera take no part.
    mutating func solve(_ options: BundleOptions, isCancelled: CancellationCheck? = nil) throws(BundleError)
        -> BundleSummary
    {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        var summary = zs_ceres_bundle_summary()
        let status = Self.withFlatOptions(options, isCancelled) { flat in
            planePoints.withUnsafeBufferPointer { planePoints in
                planeValues.withUnsafeBufferPointer { planeValues in
                    var planes = zs_ceres_planes(
                        count: Int64(planePoints.count), points: planePoints.baseAddress,
                        values: planeValues.baseAddress)
                    return zs_ceres_adjust_bundle(
                        Int32(cameras.count), models, &parameters, constantParameters, Int32(poseCount), &poseValues,
                        poseCameras, poseFreedoms, Int32(pointCount), &pointValues, pointConstants,
                        Int64(observationCount), pixels, observationPoses, observationPoints, &planes, &flat, &summary)
                }
            }
        }
        guard status >= 0 else { throw .solver(reason: String(cString: zs_ceres_last_error())) }
        return BundleSummary(
            initialCost: summary.initial_cost, finalCost: summary.final_cost, iterations: Int(summary.iterations),
            hasConverged: summary.converged != 0, skippedObservations: Int(summary.skipped))
    }

    private static func withFlatOptions(
        _ options: BundleOptions, _ isCancelled: CancellationCheck?,
        _ body: (inout zs_ceres_bundle_options) -> Int32
    ) -> Int32 {
        let (loss, scale): (zs_ceres_loss, Double) =
            switch options.loss {
            case .squared: (ZS_CERES_LOSS_SQUARED, 1)
            case .softL1(let scale): (ZS_CERES_LOSS_SOFT_L1, scale)
            case .cauchy(let scale): (ZS_CERES_LOSS_CAUCHY, scale)
            }
        var flat = zs_ceres_bundle_options()
        flat.loss = Int32(loss.rawValue)
        flat.loss_scale = scale
        flat.plane_loss_scale = scale
        flat.solver = Int32(ZS_CERES_SOLVER_AUTOMATIC.rawValue)
        flat.maximum_iterations = Int32(options.maximumIterations)
        flat.function_tolerance = options.functionTolerance
        flat.gradient_tolerance = options.gradientTolerance
        flat.parameter_tolerance = options.parameterTolerance
        guard var check = isCancelled else { return body(&flat) }
        // The check lives on this stack frame for as long as the solver runs.
        return withUnsafeMutablePointer(to: &check) { pointer in
            flat.cancelled_context = UnsafeMutableRawPointer(pointer)
            flat.cancelled = { context in
                context?.assumingMemoryBound(to: CancellationCheck.self).pointee() == true ? 1 : 0
            }
            return body(&flat)
        }
    }
}
