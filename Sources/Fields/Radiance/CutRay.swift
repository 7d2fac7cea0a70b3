// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One ray cut into layers, each with a sample: within the cube and outside.
struct CutRay: Sendable {
    var ray: RadianceRay
    /// See the properties of ``RayBatch`` with these names.
    var distances: [Float] = []
    var widths: [Float] = []
    var outerDistances: [Float] = []
    var outerWidths: [Float] = []
    var layersBefore = 0
    var isClosed = false
    var hit: Float?

    /// Takes layers within the cube.
    mutating func addLayers(_ layers: RaySampling.Layers, random: inout RandomStream?) {
        isClosed = layers.isClosed
        hit = layers.hit
        for index in 0..<layers.count {
            let (start, end) = (layers.edges[index], layers.edges[index + 1])
            distances.append(start + (random?.uniform() ?? 0.5) * (end - start))
            widths.append(end - start)
        }
    }
}

extension CutRay {
    /// Share of the way to the cube at which layers before it begin.
    private static let startBefore: Float = 0.3
    /// Share of the distance to the place nearest to the cube's centre at which layers of rays that miss the cube begin.
    private static let startOfMiss: Float = 0.4

    /// Cuts what lies outside the cube: evenly before it, evenly in inverse distance behind it.
    mutating func addOuterLayers(
        _ options: RadianceArchitecture.Surroundings, inside: ClosedRange<Float>?, random: inout RandomStream?
    ) {
        var behind = options.samplesBehind
        let start: Float
        if let inside {
            start = max(inside.upperBound, 0.05)
            if inside.lowerBound > 0 {
                layersBefore = options.samplesBefore
                let first = Self.startBefore * inside.lowerBound
                let step = (inside.lowerBound - first) / Float(layersBefore)
                for index in 0..<layersBefore {
                    let near = first + step * Float(index)
                    addOuterLayer(near, near + step, at: near + (random?.uniform() ?? 0.5) * step)
                }
            }
        } else {
            behind += options.samplesBefore
            start = Self.startOfMiss * max(0.2, -ray.origin.dot(ray.direction))
        }
        for index in 0..<behind {
            let share = 1 / Float(behind)
            // Inverse distances, 1 at the start.
            let (from, to) = (1 - share * Float(index), 1 - share * Float(index + 1))
            let place = max(from - share * (random?.uniform() ?? 0.5), 1e-3)
            addOuterLayer(start / from, index + 1 < behind ? start / to : .infinity, at: start / place)
        }
    }

    private mutating func addOuterLayer(_ near: Float, _ far: Float, at distance: Float) {
        outerDistances.append(distance)
        guard far.isFinite else { return outerWidths.append(.infinity) }
        let (from, to) = (
            SpaceContraction.contract(ray.origin + near * ray.direction),
            SpaceContraction.contract(ray.origin + far * ray.direction)
        )
        outerWidths.append((to - from).length)
    }
}
