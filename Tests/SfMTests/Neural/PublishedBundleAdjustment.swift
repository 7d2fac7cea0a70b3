// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import SfM

#if canImport(Glibc)
    import Glibc
#endif

/// Neural bundle adjustment as Level-S²fM publishes it (Xiao et al., CVPR 2023, section 3.4), to compare with: Adam moves
/// poses and field, and a point is only ever projected to the level set along its normal.
///
/// Losses, weights and learning rates are those of the authors' program. The normal counts as constant.
struct PublishedBundleAdjustment {
    private(set) var views: [NeuralView]
    private var points: [SIMD3<Double>]
    /// Of each point: views and normalised coordinates.
    private let observations: [[(view: Int, point: SIMD2<Double>)]]
    private let trainer: SDFTrainer
    private var moments: [(mean: [Double], square: [Double])]
    private var step = 0

    private static let steps = 1000
    private static let rates = [5e-3, 5e-3, 5e-3, 1e-2, 1e-2, 1e-2]
    /// Points off the level set by more than this after their projection do not count: cube size / 1000.
    private static let largestValue: Float = 0.002

    init(
        _ network: SDFNetwork, views: [NeuralView], points: [SIMD3<Double>],
        observations: [[(view: Int, point: SIMD2<Double>)]]
    ) throws {
        self.views = views
        self.points = points
        self.observations = observations
        var options = SDFTrainingOptions()
        (options.steps, options.finalRateFraction) = (Self.steps, 0.5)
        (options.gridRate, options.perceptronRate) = (1e-4, 1e-4)
        options.startLevels = network.architecture.grid.levels
        trainer = try SDFTrainer(network, options: options, threads: 2)
        moments = views.map { _ in ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 6)) }
    }

    mutating func run() { for _ in 0..<Self.steps { advance() } }

    private mutating func advance() {
        let field = SDFField(trainer.network)
        let (values, gradients) = field.valuesAndGradients(at: points.map { SIMD3<Float>($0) })
        let normals = gradients.map { SIMD3<Double>($0).normalized }
        let moved = points.indices.map { points[$0] - Double(values[$0]) * normals[$0] }
        let rest = field.values(at: moved.map { SIMD3<Float>($0) })
        let used = points.indices.filter { abs(rest[$0]) < Self.largestValue }
        let count = Double(max(used.reduce(0) { $0 + observations[$1].count }, 1))

        var poseGradients = [[Double]](repeating: [Double](repeating: 0, count: 6), count: views.count)
        var pulls: [RayPairObjective.Pull] = []
        for index in used {
            var byPoint = SIMD3<Double>.zero
            for seen in observations[index] {
                guard let projection = views[seen.view].project(moved[index], observed: seen.point) else { continue }
                let error = projection.error
                let length = max(error.length, 1e-9)
                // ½ (2 log(1 + e²/4)) + ½ e, by the error.
                let factor = (0.5 / (1 + 0.25 * length * length) + 0.5 / length) / count
                let row = factor * (error.x * projection.byPoint.x + error.y * projection.byPoint.y)
                byPoint += row
                let byCamera = views[seen.view].cameraFromCube.rotation(row)
                let turn = views[seen.view].cameraFromCube(moved[index]).cross(byCamera)
                for axis in 0..<3 {
                    poseGradients[seen.view][axis] += turn[axis]
                    poseGradients[seen.view][3 + axis] += byCamera[axis]
                }
            }
            pulls.append(
                RayPairObjective.Pull(point: SIMD3<Float>(points[index]), byValue: Float(-normals[index].dot(byPoint))))
            pulls.append(
                RayPairObjective.Pull(point: SIMD3<Float>(moved[index]), bySize: 100 / Float(used.count)))
        }
        trainer.advance(
            RayPairObjective(
                pulls: pulls, unitPoints: points.map { SIMD3<Float>($0) }, unitWeight: 100 / Float(points.count),
                reprojection: 0))
        movePoses(by: poseGradients)
        points = moved
    }

    /// Adam with increments on the left of the poses; the rates halve over the run.
    private mutating func movePoses(by gradients: [[Double]]) {
        step += 1
        let decay = pow(0.5, Double(step) / Double(Self.steps))
        for view in views.indices {
            var move = [Double](repeating: 0, count: 6)
            for index in 0..<6 {
                let gradient = gradients[view][index]
                moments[view].mean[index] += 0.1 * (gradient - moments[view].mean[index])
                moments[view].square[index] += 0.001 * (gradient * gradient - moments[view].square[index])
                let mean = moments[view].mean[index] / (1 - pow(0.9, Double(step)))
                let square = moments[view].square[index] / (1 - pow(0.999, Double(step)))
                move[index] = -Self.rates[index] * decay * mean / (square.squareRoot() + 1e-8)
            }
            let increment = RigidTransform(
                rotation: Quaternion(rotationVector: SIMD3(move[0], move[1], move[2])),
                translation: SIMD3(move[3], move[4], move[5]))
            views[view].cameraFromCube = increment * views[view].cameraFromCube
        }
    }
}
