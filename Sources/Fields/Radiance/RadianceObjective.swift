// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The loss of rendered rays: their colours against those of pictures (Charbonnier), matter that floats away from the traced
/// surface, the likelihood of points seen outside the cube (after Deng et al., CVPR 2022, with a window in place of a normal
/// distribution), and the eikonal term at the rays' samples. Leaves the derivatives by the networks of colour in `buffers`.
struct RadianceObjective: SDFObjective {
    let batch: RayBatch
    let density: LaplaceDensity
    let options: RadianceTrainingOptions
    let workers: RadianceWorkers
    let buffers: RadianceBuffers
    let exposures: [(gain: SIMD3<Float>, bias: SIMD3<Float>)]
    let blocks: [SDFBlockSize]

    /// Of the samples that no colour is asked of, one in this many takes part in the eikonal term.
    private static let emptyEvery = 8
    /// Bounds the pull of seen points that hardly any light comes from.
    private static let leastSighting: Float = 1e-2

    init(
        _ batch: RayBatch, density: LaplaceDensity, options: RadianceTrainingOptions, workers: RadianceWorkers,
        buffers: RadianceBuffers, exposures: ExposureTable
    ) {
        self.batch = batch
        self.density = density
        self.options = options
        self.workers = workers
        self.buffers = buffers
        self.exposures = (0..<exposures.pictures).map { exposures.exposure(of: $0) }
        blocks = (0..<batch.blockCount).map { block in
            let rows = batch.layerCount(of: block)
            return SDFBlockSize(rows: rows, gradientRows: rows)
        }
    }

    func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        var row = 0
        for number in batch.rays(of: block) {
            let entry = batch.entries[number]
            for layer in entry.firstLayer..<entry.firstLayer + entry.layerCount {
                points[row] = entry.ray.origin + batch.distances[layer] * entry.ray.direction
                row += 1
            }
        }
    }

    func differentiate(block: Int, samples: SDFSamples) -> Double {
        workers.withPass { pass in
            pass.render(
                batch, block: block, density: density, values: samples.values, gradients: samples.gradients)
            var loss = 0.0
            for (index, number) in batch.rays(of: block).enumerated() { loss += compare(index, number, pass) }
            pass.differentiate(
                batch, block: block, gradients: samples.gradients, valueAdjoints: samples.valueAdjoints,
                gradientAdjoints: samples.gradientAdjoints, color: buffers.color, surroundings: buffers.surroundings)
            return loss + eikonal(samples)
        }
    }

    private func compare(_ index: Int, _ number: Int, _ pass: RadiancePass) -> Double {
        let (entry, result) = (batch.entries[number], pass.rays[index])
        let weight = entry.ray.colorWeight * options.colorWeight / Float(3 * batch.entries.count)
        var (gain, bias) = (SIMD3<Float>(repeating: 1), SIMD3<Float>.zero)
        if let picture = entry.ray.pictureIndex, exposures.indices.contains(picture) {
            (gain, bias) = exposures[picture]
        }
        let difference = gain * result.color + bias - entry.ray.color
        let rounding = options.colorRounding
        let length = (difference * difference + rounding * rounding).squareRoot()
        let adjoint = weight * difference / length
        buffers.setExposureAdjoints(of: number, gain: adjoint * gain * result.color, bias: adjoint)
        var loss = Double(weight * (length - rounding).sum())
        var offsetAdjoint: Float = 0
        // The density reaches about this far on both sides of a surface where it should be.
        let excess = abs(result.offset) - 2 * density.beta
        if excess > 0 {
            offsetAdjoint = (result.offset > 0 ? 1 : -1) * options.depthWeight / Float(batch.entries.count)
            loss += Double(excess * abs(offsetAdjoint))
        }
        var sightingAdjoint: Float = 0
        if let share = result.sightingWeight {
            let weight = options.sightingWeight / Float(batch.entries.count)
            loss -= Double(weight * logf(share + Self.leastSighting))
            sightingAdjoint = -weight / (share + Self.leastSighting)
        }
        var veilAdjoint: Float = 0
        // Rays that enter the cube below the surface may well have met something before.
        if let hit = entry.hit, hit > batch.distances[entry.firstLayer], result.sightingWeight == nil {
            veilAdjoint = options.veilWeight / Float(batch.entries.count)
            loss += Double(veilAdjoint * result.veil)
        }
        pass.setAdjoints(
            of: index, color: adjoint * gain, offset: offsetAdjoint, sighting: sightingAdjoint, veil: veilAdjoint)
        return loss
    }

    private func eikonal(_ samples: SDFSamples) -> Double {
        let weight = options.eikonalWeight / Float(max(batch.distances.count, 1))
        var loss = 0.0
        for row in samples.points.indices
        where samples.valueAdjoints[row] != 0 || row % Self.emptyEvery == 0 {
            let gradient = samples.gradients[row]
            let length = gradient.length + 1e-6
            samples.gradientAdjoints[row] += gradient * (2 * weight * (length - 1) / length)
            loss += Double(weight * (length - 1) * (length - 1))
        }
        return loss
    }
}

/// A pool of working memory: each pass has one user at a time.
final class RadianceWorkers: Sendable {
    private let networks: RadianceNetworks
    private let leastWeight: Float
    private let passes = Mutex<[Loan]>([])

    private struct Loan: @unchecked Sendable { let pass: RadiancePass }

    init(_ networks: RadianceNetworks, leastWeight: Float) {
        self.networks = networks
        self.leastWeight = leastWeight
    }

    func withPass<Value>(_ body: (RadiancePass) -> Value) -> Value {
        let loan =
            passes.withLock { $0.popLast() } ?? Loan(pass: RadiancePass(networks, leastWeight: leastWeight))
        defer { passes.withLock { $0.append(loan) } }
        return body(loan.pass)
    }
}

/// What the blocks of one step leave for the networks of colour and the exposures.
///
/// Sharing it between threads is safe under the rule of ``GridBatchBuffers``, and since each ray's exposure derivatives have
/// places of their own. Hence `@unchecked Sendable`.
final class RadianceBuffers: @unchecked Sendable {
    let color: GridBatchBuffers
    let surroundings: GridBatchBuffers?
    let blocks: Int
    let rays: Int
    private let exposureAdjoints: FloatBuffer

    init(_ networks: RadianceNetworks, blocks: Int, rays: Int) {
        self.blocks = blocks
        self.rays = rays
        color = GridBatchBuffers(
            grid: networks.color.grid, perceptronCount: networks.color.perceptronCount, blocks: blocks)
        surroundings = networks.surroundings.map {
            GridBatchBuffers(grid: $0.grid, perceptronCount: $0.perceptronCount, blocks: blocks)
        }
        exposureAdjoints = FloatBuffer(count: ExposureTable.numbersPerPicture * rays)
    }

    func setExposureAdjoints(of ray: Int, gain: SIMD3<Float>, bias: SIMD3<Float>) {
        let place = exposureAdjoints.pointer + ExposureTable.numbersPerPicture * ray
        for channel in 0..<3 {
            place[channel] = gain[channel]
            place[3 + channel] = bias[channel]
        }
    }

    func exposureAdjoints(of ray: Int) -> (gain: SIMD3<Float>, bias: SIMD3<Float>) {
        let place = exposureAdjoints.pointer + ExposureTable.numbersPerPicture * ray
        return (SIMD3(place[0], place[1], place[2]), SIMD3(place[3], place[4], place[5]))
    }
}
