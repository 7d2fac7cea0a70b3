// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Rays cut into layers and gathered in blocks, each of which one thread works on.
package struct RayBatch: Sendable {
    /// One ray's share of the arrays below.
    struct Entry: Sendable {
        var ray: RadianceRay
        /// First of its layers within the cube.
        var firstLayer: Int
        var layerCount: Int
        /// First of its layers outside the cube: those before it, then those behind it.
        var firstOuterLayer: Int
        var layersBefore: Int
        var layersBehind: Int
        /// Those of its layers outside that reach to where the ray's point is seen.
        var sightingLayers: Range<Int>
        /// See ``RaySampling/Layers``.
        var isClosed: Bool
        var hit: Float?
    }

    /// The rays in the order given.
    let entries: [Entry]
    /// Distance of each sample within the cube, and length of its layer.
    let distances: [Float]
    let widths: [Float]
    /// Distance of each sample outside, and length of its layer in contracted space; infinite for the last one.
    let outerDistances: [Float]
    let outerWidths: [Float]
    /// Number of the first ray of each block, and the number of rays at the end.
    let blockStarts: [Int]

    /// Rays that are traced together.
    private static let groupSize = 64

    /// Most rays of a block.
    static let raysPerBlock = 64

    /// Traces rays through `field` and cuts them.
    ///
    /// - Parameters:
    ///   - jitter: Seed and step of the random place of each sample in its layer; `nil` for the middle.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    init(
        _ rays: [RadianceRay], through field: some ScalarField, beta: Float, sampling: RaySampling,
        surroundings: (options: RadianceArchitecture.Surroundings, probe: SurroundingProbe)?, tracer: SphereTracer,
        jitter: (seed: UInt64, step: Int)?,
        threads: Int
    ) {
        let size = Self.groupSize
        let groups = Parallel.map(count: (rays.count + size - 1) / size, threads: threads, block: 1) { group in
            let rays = rays[group * size..<min((group + 1) * size, rays.count)]
            let insides = rays.map(\.inside)
            var approaches = tracer.approaches(of: insides.compactMap { $0 }, through: field)[...]
            var random = jitter.map { RandomStream(seed: $0.seed, label: "ray layers", UInt64($0.step), UInt64(group)) }
            var cuts = rays.map { CutRay(ray: $0) }
            for (index, inside) in insides.enumerated() {
                guard let inside, let approach = approaches.popFirst() else { continue }
                cuts[index].addLayers(
                    sampling.layers(of: inside.range, approach: approach, beta: beta), random: &random)
            }
            if let (options, probe) = surroundings {
                probe.addLayers(
                    to: &cuts, pieces: zip(cuts, insides).map { $0.outerPieces(options, inside: $1?.range) },
                    random: &random)
            }
            return cuts
        }
        self.init(joining: Array(groups.joined()))
    }

    private init(joining rays: [CutRay]) {
        var entries: [Entry] = []
        var (distances, widths, outerDistances, outerWidths): ([Float], [Float], [Float], [Float]) = ([], [], [], [])
        var starts: [Int] = []
        var (layers, outerLayers) = (0, 0)
        for (index, ray) in rays.enumerated() {
            layers += ray.distances.count
            outerLayers += ray.outerDistances.count
            let capacity = GridBatchBuffers.capacity
            if index == 0 || layers > capacity || outerLayers > capacity
                || index - (starts.last ?? 0) >= Self.raysPerBlock
            {
                starts.append(index)
                (layers, outerLayers) = (ray.distances.count, ray.outerDistances.count)
            }
            entries.append(
                Entry(
                    ray: ray.ray, firstLayer: distances.count, layerCount: ray.distances.count,
                    firstOuterLayer: outerDistances.count, layersBefore: ray.layersBefore,
                    layersBehind: ray.outerDistances.count - ray.layersBefore, sightingLayers: ray.sightingLayers,
                    isClosed: ray.isClosed, hit: ray.hit))
            distances += ray.distances
            widths += ray.widths
            outerDistances += ray.outerDistances
            outerWidths += ray.outerWidths
        }
        self.entries = entries
        self.distances = distances
        self.widths = widths
        self.outerDistances = outerDistances
        self.outerWidths = outerWidths
        blockStarts = starts + [rays.count]
    }

    /// Number of blocks.
    var blockCount: Int { blockStarts.count - 1 }

    /// The rays of a block.
    func rays(of block: Int) -> Range<Int> { blockStarts[block]..<blockStarts[block + 1] }

    /// Samples of a block within the cube.
    func layerCount(of block: Int) -> Int { rays(of: block).reduce(0) { $0 + entries[$1].layerCount } }
}
