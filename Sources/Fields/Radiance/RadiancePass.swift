// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Renders one block of rays from values and gradients of the signed distance, and takes derivatives of a loss of what was
/// rendered back to them and to the networks of colour. Working memory of one thread.
///
/// Layers of a ray stand in slots, front to back: before the cube, within it, behind it.
final class RadiancePass {
    /// What came of one ray.
    struct Ray {
        /// Composited colour, each channel in 0...1.
        var color = SIMD3<Float>.zero
        /// Distance before which half of what is seen lies; infinite when less than half is matter.
        var distance: Float = .infinity
        /// Share of what is seen that lies within the cube.
        var opacity: Float = 0
        /// `Σ w n` over the layers within the cube, not of unit length.
        var normal = SIMD3<Float>.zero
        /// Derivative of the loss by ``color``.
        var colorAdjoint = SIMD3<Float>.zero
        /// Derivative of the loss by `Σ w (t - hit)` over the layers within the cube, or 0.
        var offsetAdjoint: Float = 0
        /// `Σ w (t - hit)`; 0 without a hit.
        var offset: Float = 0
        /// `Σ w` over the layers that reach to where the ray's point is seen; `nil` when none of them is rendered.
        var sightingWeight: Float?
        /// Derivative of the loss by ``sightingWeight``.
        var sightingAdjoint: Float = 0
        /// `Σ w` over the layers before the cube.
        var veil: Float = 0
        /// Derivative of the loss by ``veil``.
        var veilAdjoint: Float = 0
        fileprivate var firstSlot = 0
        fileprivate var slotCount = 0
        fileprivate var firstOuterRow = 0
        fileprivate var slotsBefore = 0
        fileprivate var remaining: Float = 1
    }

    private(set) var rays = [Ray](repeating: Ray(), count: RayBatch.raysPerBlock)
    /// Samples whose colour counted in the latest block.
    private(set) var coloredRows = 0

    private let networks: RadianceNetworks
    private let colors: GridNetworkWorkspace
    private let outers: GridNetworkWorkspace?
    private let buffer: FloatBuffer
    private let colorRows: UnsafeMutablePointer<Int32>
    private let densitySlopes: UnsafeMutablePointer<Float>
    private let insideTransparencies: UnsafeMutablePointer<Float>
    private let transparencies: UnsafeMutablePointer<Float>
    private let weights: UnsafeMutablePointer<Float>
    private let remainders: UnsafeMutablePointer<Float>
    private let weightAdjoints: UnsafeMutablePointer<Float>
    private let depthAdjoints: UnsafeMutablePointer<Float>

    private static let capacity = GridBatchBuffers.capacity
    /// Layers that count for less than this keep no colour: their share is lost, at most this much of the light each.
    private let leastWeight: Float
    /// What lies behind the cube is looked at when at least this much light is left there.
    private static let leastRemainder: Float = 1e-2

    init(_ networks: RadianceNetworks, leastWeight: Float) {
        self.networks = networks
        self.leastWeight = leastWeight
        colors = GridNetworkWorkspace(for: networks.color)
        outers = networks.surroundings.map { GridNetworkWorkspace(for: $0) }
        let (capacity, slots) = (Self.capacity, 2 * Self.capacity)
        buffer = FloatBuffer(count: 2 * capacity + 5 * slots)
        colorRows = .allocate(capacity: capacity)
        colorRows.initialize(repeating: -1, count: capacity)
        densitySlopes = buffer.pointer
        insideTransparencies = densitySlopes + capacity
        transparencies = insideTransparencies + capacity
        weights = transparencies + slots
        remainders = weights + slots
        weightAdjoints = remainders + slots
        depthAdjoints = weightAdjoints + slots
    }

    deinit { colorRows.deallocate() }

    /// Changes what the loss says of a ray.
    func setAdjoints(of ray: Int, color: SIMD3<Float>, offset: Float, sighting: Float, veil: Float) {
        rays[ray].colorAdjoint = color
        rays[ray].offsetAdjoint = offset
        rays[ray].sightingAdjoint = sighting
        rays[ray].veilAdjoint = veil
    }

    // MARK: Forward

    /// Renders the rays of a block.
    ///
    /// - Parameters:
    ///   - values: Of the signed distance at the block's samples, in the order of rays and layers.
    ///   - gradients: Its gradients there.
    func render(
        _ batch: RayBatch, block: Int, density: LaplaceDensity, values: UnsafeBufferPointer<Float>,
        gradients: UnsafeBufferPointer<SIMD3<Float>>
    ) {
        let numbers = batch.rays(of: block)
        let firstLayer = batch.entries[numbers.lowerBound].firstLayer
        var outerRows = 0
        var slots = 0
        for (index, number) in numbers.enumerated() {
            let entry = batch.entries[number]
            let light = weighInside(
                entry, first: entry.firstLayer - firstLayer, batch: batch, density: density, values: values)
            var ray = Ray()
            ray.firstSlot = slots
            ray.slotsBefore = entry.layersBefore
            ray.firstOuterRow = outerRows
            let behind = light > Self.leastRemainder ? entry.layersBehind : 0
            ray.slotCount = entry.layersBefore + entry.layerCount + behind
            fillOuterRows(entry, count: entry.layersBefore + behind, batch: batch, firstRow: outerRows)
            outerRows += entry.layersBefore + behind
            slots += ray.slotCount
            rays[index] = ray
        }
        if let outers, let surroundings = networks.surroundings {
            surroundings.evaluate(rows: outerRows, workspace: outers)
        }
        coloredRows = 0
        for (index, number) in numbers.enumerated() {
            let entry = batch.entries[number]
            compositeSlots(of: index, entry: entry, first: entry.firstLayer - firstLayer, batch: batch)
            fillColorRows(
                entry, index: index, first: entry.firstLayer - firstLayer, batch: batch, gradients: gradients)
        }
        networks.color.evaluate(rows: coloredRows, workspace: colors)
        for (index, number) in numbers.enumerated() {
            gather(batch.entries[number], index: index, firstLayer: firstLayer, batch: batch)
        }
    }

    /// Transparencies within the cube; returns the light that passes.
    private func weighInside(
        _ entry: RayBatch.Entry, first: Int, batch: RayBatch, density: LaplaceDensity,
        values: UnsafeBufferPointer<Float>
    ) -> Float {
        var light: Float = 1
        for layer in 0..<entry.layerCount {
            let row = first + layer
            let (sigma, slope) = density(values[row])
            densitySlopes[row] = slope
            var transparency = expf(-sigma * batch.widths[entry.firstLayer + layer])
            if entry.isClosed && layer + 1 == entry.layerCount { transparency = 0 }
            insideTransparencies[row] = transparency
            light *= transparency
        }
        return light
    }

    private func fillOuterRows(_ entry: RayBatch.Entry, count: Int, batch: RayBatch, firstRow: Int) {
        guard let outers, count > 0 else { return }
        for layer in 0..<count {
            let distance = batch.outerDistances[entry.firstOuterLayer + layer]
            let point = SpaceContraction.contract(entry.ray.origin + distance * entry.ray.direction)
            SurroundingProbe.fill(outers, row: firstRow + layer, point: point)
        }
    }

    /// Density of a row outside, from its logarithm; and whether it may change.
    private func outerDensity(_ row: Int, _ outers: GridNetworkWorkspace) -> (density: Float, isFree: Bool) {
        SurroundingProbe.density(ofLogarithm: outers.outputs[row * outers.outputStride + 3])
    }

    private func compositeSlots(of index: Int, entry: RayBatch.Entry, first: Int, batch: RayBatch) {
        let ray = rays[index]
        let place = transparencies + ray.firstSlot
        let insideEnd = ray.slotsBefore + entry.layerCount
        for slot in 0..<ray.slotCount {
            if slot >= ray.slotsBefore && slot < insideEnd {
                place[slot] = insideTransparencies[first + slot - ray.slotsBefore]
            } else if let outers {
                let layer = slot < ray.slotsBefore ? slot : slot - entry.layerCount
                let width = batch.outerWidths[entry.firstOuterLayer + layer]
                place[slot] =
                    width.isFinite ? expf(-width * outerDensity(ray.firstOuterRow + layer, outers).density) : 0
            }
        }
        rays[index].remaining = Compositing.weigh(
            place, count: ray.slotCount, weights: weights + ray.firstSlot, remaining: remainders + ray.firstSlot)
    }

    /// Gives rows of the colour network to the layers that count.
    private func fillColorRows(
        _ entry: RayBatch.Entry, index: Int, first: Int, batch: RayBatch,
        gradients: UnsafeBufferPointer<SIMD3<Float>>
    ) {
        let capacity = Self.capacity
        let slots = rays[index].firstSlot + rays[index].slotsBefore
        for layer in 0..<entry.layerCount {
            let row = first + layer
            guard weights[slots + layer] > leastWeight else {
                colorRows[row] = -1
                continue
            }
            let target = coloredRows
            colorRows[row] = Int32(target)
            coloredRows += 1
            let point = entry.ray.origin + batch.distances[entry.firstLayer + layer] * entry.ray.direction
            let normal = Self.normal(gradients[row])
            let input = colors.inputs + target * colors.inputStride
            for axis in 0..<3 {
                colors.points[axis * capacity + target] = point[axis]
                input[axis] = point[axis]
                input[3 + axis] = normal[axis]
            }
            DirectionBasis.write(entry.ray.direction, to: input + 6)
        }
    }

    /// The gradient at unit length; a vanishing one stays short.
    @inline(__always)
    private static func normal(_ gradient: SIMD3<Float>) -> SIMD3<Float> {
        gradient / (gradient.dot(gradient) + 1e-12).squareRoot()
    }

    /// Adds up what each layer sends to the eye.
    private func gather(_ entry: RayBatch.Entry, index: Int, firstLayer: Int, batch: RayBatch) {
        var ray = rays[index]
        var passed: Float = 0
        for slot in 0..<ray.slotCount {
            let weight = weights[ray.firstSlot + slot]
            // Where in this layer half of the light is reached; the mean would be drawn far off by the faintest fog.
            let half = passed < 0.5 && passed + weight >= 0.5 ? (0.5 - passed) / weight : nil
            passed += weight
            let layer = slot - ray.slotsBefore
            if layer >= 0 && layer < entry.layerCount {
                let distance = batch.distances[entry.firstLayer + layer]
                ray.opacity += weight
                if let half { ray.distance = distance + (half - 0.5) * batch.widths[entry.firstLayer + layer] }
                if let hit = entry.hit { ray.offset += weight * (distance - hit) }
                let row = Int(colorRows[entry.firstLayer - firstLayer + layer])
                guard row >= 0 else { continue }
                ray.color += weight * Self.makeColor(colors, row: row)
                let input = colors.inputs + row * colors.inputStride
                ray.normal += weight * SIMD3(input[3], input[4], input[5])
            } else if let outers {
                let outer = slot < ray.slotsBefore ? slot : slot - entry.layerCount
                ray.color += weight * Self.makeColor(outers, row: ray.firstOuterRow + outer)
                if half != nil { ray.distance = batch.outerDistances[entry.firstOuterLayer + outer] }
                if slot < ray.slotsBefore { ray.veil += weight }
                if entry.sightingLayers.contains(outer) { ray.sightingWeight = (ray.sightingWeight ?? 0) + weight }
            }
        }
        ray.color += ray.remaining * networks.architecture.backdrop
        rays[index] = ray
    }

    /// Turns a row's outputs into a colour, in place.
    private static func makeColor(_ workspace: GridNetworkWorkspace, row: Int) -> SIMD3<Float> {
        let output = workspace.outputs + row * workspace.outputStride
        for channel in 0..<3 { output[channel] = 1 / (1 + expf(-output[channel])) }
        return SIMD3(output[0], output[1], output[2])
    }

    // MARK: Backward

    /// Takes the rays' adjoints back.
    ///
    /// - Parameters:
    ///   - valueAdjoints: Has derivatives by the signed distances added.
    ///   - gradientAdjoints: Has derivatives by their gradients added.
    ///   - color: Receives what the colour network needs; see ``GridBatchBuffers``.
    ///   - surroundings: The same for the network of the surroundings.
    func differentiate(
        _ batch: RayBatch, block: Int, gradients: UnsafeBufferPointer<SIMD3<Float>>,
        valueAdjoints: UnsafeMutableBufferPointer<Float>, gradientAdjoints: UnsafeMutableBufferPointer<SIMD3<Float>>,
        color: GridBatchBuffers, surroundings: GridBatchBuffers?
    ) {
        let numbers = batch.rays(of: block)
        let firstLayer = batch.entries[numbers.lowerBound].firstLayer
        var outerRows = 0
        for (index, number) in numbers.enumerated() {
            let entry = batch.entries[number]
            outerRows += rays[index].slotCount - entry.layerCount
            differentiateSlots(
                of: index, entry: entry, first: entry.firstLayer - firstLayer, batch: batch,
                valueAdjoints: valueAdjoints)
        }
        take(networks.color, colors, rows: coloredRows, block: block, into: color)
        if let network = networks.surroundings, let outers, let surroundings {
            take(network, outers, rows: outerRows, block: block, into: surroundings)
        }
        for row in gradientAdjoints.indices where colorRows[row] >= 0 {
            let adjoint = colors.inputAdjoints + Int(colorRows[row]) * colors.inputStride
            let byNormal = SIMD3(adjoint[3], adjoint[4], adjoint[5])
            let gradient = gradients[row]
            let inverse = 1 / (gradient.dot(gradient) + 1e-12).squareRoot()
            let normal = gradient * inverse
            gradientAdjoints[row] += (byNormal - normal * normal.dot(byNormal)) * inverse
        }
    }

    private func take(
        _ network: GridNetwork, _ workspace: GridNetworkWorkspace, rows: Int, block: Int, into batch: GridBatchBuffers
    ) {
        let gradient = batch.perceptronGradient(block)
        gradient.update(repeating: 0, count: network.perceptronCount)
        network.differentiate(rows: rows, workspace: workspace, gradient: gradient)
        network.keepAdjoints(rows: rows, workspace: workspace, block: block, in: batch)
        batch.finish(block, count: rows, loss: 0)
    }

    private func differentiateSlots(
        of index: Int, entry: RayBatch.Entry, first: Int, batch: RayBatch,
        valueAdjoints: UnsafeMutableBufferPointer<Float>
    ) {
        let ray = rays[index]
        let start = ray.firstSlot
        for slot in 0..<ray.slotCount {
            let layer = slot - ray.slotsBefore
            let weight = weights[start + slot]
            if layer >= 0 && layer < entry.layerCount {
                let distance = batch.distances[entry.firstLayer + layer]
                var adjoint = ray.offsetAdjoint * (distance - (entry.hit ?? distance))
                let row = Int(colorRows[first + layer])
                if row >= 0 { adjoint += Self.differentiateColor(colors, row: row, weight: weight, ray.colorAdjoint) }
                weightAdjoints[start + slot] = adjoint
            } else if let outers {
                let outer = slot < ray.slotsBefore ? slot : slot - entry.layerCount
                weightAdjoints[start + slot] = Self.differentiateColor(
                    outers, row: ray.firstOuterRow + outer, weight: weight, ray.colorAdjoint)
                if slot < ray.slotsBefore { weightAdjoints[start + slot] += ray.veilAdjoint }
                if entry.sightingLayers.contains(outer) { weightAdjoints[start + slot] += ray.sightingAdjoint }
            }
        }
        Compositing.differentiate(
            weights: weights + start, remaining: remainders + start, count: ray.slotCount,
            weightAdjoints: weightAdjoints + start,
            remainderAdjoint: ray.colorAdjoint.dot(networks.architecture.backdrop),
            depthAdjoints: depthAdjoints + start)
        for slot in 0..<ray.slotCount {
            let layer = slot - ray.slotsBefore
            let adjoint = depthAdjoints[start + slot]
            if layer >= 0 && layer < entry.layerCount {
                // A layer without a colour would say that matter there is black.
                guard colorRows[first + layer] >= 0 else { continue }
                valueAdjoints[first + layer] +=
                    adjoint * batch.widths[entry.firstLayer + layer] * densitySlopes[first + layer]
            } else if let outers {
                let outer = slot < ray.slotsBefore ? slot : slot - entry.layerCount
                let row = ray.firstOuterRow + outer
                let width = batch.outerWidths[entry.firstOuterLayer + outer]
                let (density, isFree) = outerDensity(row, outers)
                outers.outputAdjoints[row * outers.outputStride + 3] =
                    width.isFinite && isFree ? adjoint * width * density : 0
            }
        }
    }

    /// Writes the derivatives by a row's outputs before the logistic function; returns that by the layer's weight.
    private static func differentiateColor(
        _ workspace: GridNetworkWorkspace, row: Int, weight: Float, _ adjoint: SIMD3<Float>
    ) -> Float {
        let output = workspace.outputs + row * workspace.outputStride
        let target = workspace.outputAdjoints + row * workspace.outputStride
        var sum: Float = 0
        for channel in 0..<3 {
            let value = output[channel]
            target[channel] = weight * adjoint[channel] * value * (1 - value)
            sum += adjoint[channel] * value
        }
        return sum
    }

    /// Share of the hidden units of the colour network that are active, over the latest block.
    var activeUnits: (active: Int, all: Int) { colors.activeUnits(rows: coloredRows) }
}
