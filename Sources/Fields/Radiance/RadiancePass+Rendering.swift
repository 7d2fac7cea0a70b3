// SPDX-License-Identifier: Apache-2.0

import Geometry

#if canImport(Glibc)
    import Glibc
#endif

extension RadiancePass {
    /// What lies behind the cube is looked at when at least this much light is left there.
    private static let leastRemainder: Float = 1e-2

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
    func outerDensity(_ row: Int, _ outers: GridNetworkWorkspace) -> (density: Float, isFree: Bool) {
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
}
