// SPDX-License-Identifier: Apache-2.0

import Geometry

extension RadiancePass {
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
}
