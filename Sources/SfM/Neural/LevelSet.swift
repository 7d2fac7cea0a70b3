// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// The neural level set that a map lives on, in the frame of the world.
///
/// A value: training makes a new network and leaves this one as it is, so that copies of a map stay independent.
package struct LevelSet: Sendable {
    /// The network, never changed.
    package let network: SDFNetwork
    /// Takes the world into the field's cube.
    package let cubeFromWorld: UniformSimilarity
    /// Robust standard deviation of the field at the map's points, in units of the world; `nil` before there are any.
    package var deviation: Double?
    private let field: SDFField

    /// Wraps a trained network.
    package init(_ network: SDFNetwork, cubeFromWorld: UniformSimilarity) {
        self.network = network
        self.cubeFromWorld = cubeFromWorld
        field = SDFField(network)
    }

    /// The same place with another network.
    package func replacing(_ network: SDFNetwork) -> LevelSet {
        var result = LevelSet(network, cubeFromWorld: cubeFromWorld)
        result.deviation = deviation
        return result
    }

    /// Whether the field was trained at `point` of the world.
    package func covers(_ point: SIMD3<Double>) -> Bool {
        let local = cubeFromWorld(point)
        return pointwiseMax(local, -local).max() < NeuralView.reach
    }

    /// Signed distances at points of the world, in its units, and their gradients.
    package func sample(_ points: [SIMD3<Double>], threads: Int) -> [(value: Double, gradient: SIMD3<Double>)] {
        let local = points.map { SIMD3<Float>(cubeFromWorld($0)) }
        let size = 1024
        let field = field
        let blocks = Parallel.map(count: (local.count + size - 1) / size, threads: threads, block: 1) { block in
            field.valuesAndGradients(at: Array(local[block * size..<min((block + 1) * size, local.count)]))
        }
        let scale = cubeFromWorld.scale
        return blocks.flatMap { block in
            zip(block.values, block.gradients).map { (Double($0) / scale, SIMD3<Double>($1)) }
        }
    }

    /// Where rays of the world meet the surface; `nil` for those that do not: ends of rays are no points.
    ///
    /// - Parameter rays: Start and unit direction of each.
    package func hits(
        _ rays: [(origin: SIMD3<Double>, direction: SIMD3<Double>)], threads: Int
    ) -> [SIMD3<Double>?] {
        let region = Box(
            minimum: SIMD3(repeating: -NeuralView.reach), maximum: SIMD3(repeating: NeuralView.reach))
        var crossing: [(index: Int, ray: FieldRay)] = []
        for (index, ray) in rays.enumerated() {
            let origin = cubeFromWorld(ray.origin)
            guard let range = region.crossing(from: origin, along: ray.direction) else { continue }
            crossing.append(
                (
                    index,
                    FieldRay(
                        origin: SIMD3<Float>(origin), direction: SIMD3<Float>(ray.direction),
                        range: Float(range.lowerBound)...Float(range.upperBound))
                ))
        }
        let found = SphereTracer().trace(crossing.map(\.ray), through: field, threads: threads)
        let worldFromCube = cubeFromWorld.inverse
        var result = [SIMD3<Double>?](repeating: nil, count: rays.count)
        for (entry, hit) in zip(crossing, found) {
            guard case .surface(let distance) = hit else { continue }
            result[entry.index] = worldFromCube(SIMD3<Double>(entry.ray.point(at: distance)))
        }
        return result
    }
}
