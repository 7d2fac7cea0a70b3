// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Draws what rays see of a radiance field, without any random numbers.
public struct RadianceRenderer: Sendable {
    /// What one ray sees.
    public struct Sight: Hashable, Sendable {
        /// Red, green and blue at the mean exposure, each in 0...1.
        public var color: SIMD3<Float>
        /// Distance before which half of what is seen lies, in units of the cube; infinite when less than half is matter.
        public var distance: Float
        /// Share of it that lies within the cube, 0...1.
        public var opacity: Float
        /// Mean normal of the part within the cube, in its frame; of unit length, or 0.
        public var normal: SIMD3<Float>
    }

    private let networks: RadianceNetworks
    private let beta: Float
    private let sampling: RaySampling
    private let field: SDFField
    private let workers: RadianceWorkers
    private let probe: SurroundingProbe?

    /// Rays that are cut and rendered together.
    private static let groupSize = 4096

    /// Prepares to draw; `beta` is the scale of the density, as of the last step of training.
    ///
    /// - Throws: `OptionsError` for a `beta` that is not positive or an invalid `sampling`.
    public init(_ networks: RadianceNetworks, beta: Float, sampling: RaySampling = RaySampling()) throws(OptionsError) {
        try OptionsError.require(beta > 0 && beta.isFinite, "beta", beta, allowed: "greater than 0")
        try sampling.validate()
        self.networks = networks
        self.beta = beta
        self.sampling = sampling
        field = SDFField(networks.distance)
        probe = networks.surroundings.map { SurroundingProbe($0) }
        workers = RadianceWorkers(networks, leastWeight: 1e-4)
    }

    /// What each ray sees; at most `threads` threads, without influence on the result.
    public func render(_ rays: [RadianceRay], threads: Int) -> [Sight] {
        stride(from: 0, to: rays.count, by: Self.groupSize).flatMap { start in
            renderGroup(Array(rays[start..<min(start + Self.groupSize, rays.count)]), threads: threads)
        }
    }

    private func renderGroup(_ rays: [RadianceRay], threads: Int) -> [Sight] {
        var tracer = SphereTracer()
        tracer.tolerance = min(tracer.tolerance, 0.2 * beta)
        let surroundings = networks.architecture.surroundings.flatMap { options in
            probe.map { (options: options, probe: $0) }
        }
        let batch = RayBatch(
            rays, through: field, beta: beta, sampling: sampling, surroundings: surroundings,
            tracer: tracer, jitter: nil, threads: threads)
        let density = LaplaceDensity(beta: beta)
        let blocks = Parallel.map(count: batch.blockCount, threads: threads, block: 1) { block in
            let numbers = batch.rays(of: block)
            var points: [SIMD3<Float>] = []
            for entry in batch.entries[numbers] {
                for layer in entry.firstLayer..<entry.firstLayer + entry.layerCount {
                    points.append(entry.ray.origin + batch.distances[layer] * entry.ray.direction)
                }
            }
            let (values, gradients) = field.valuesAndGradients(at: points)
            return workers.withPass { pass in
                values.withUnsafeBufferPointer { values in
                    gradients.withUnsafeBufferPointer { gradients in
                        pass.render(batch, block: block, density: density, values: values, gradients: gradients)
                    }
                }
                return numbers.indices.map { number in
                    let ray = pass.rays[number - numbers.lowerBound]
                    return Sight(
                        color: ray.color, distance: ray.distance, opacity: ray.opacity, normal: ray.normal.normalized)
                }
            }
        }
        return Array(blocks.joined())
    }
}
