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
    /// Those of the layers outside that reach to where the ray's point is seen.
    var sightingLayers = 0..<0
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

    /// Share of its distance by which a seen point may be off.
    private static let sightingTolerance: Float = 0.01

    /// What lies outside the cube and may be seen: a piece before it, and one behind it unless the surface hides it.
    func outerPieces(
        _ options: RadianceArchitecture.Surroundings, inside: ClosedRange<Float>?
    ) -> [OuterPiece] {
        guard let inside else {
            let start = Self.startOfMiss * max(0.2, -ray.origin.dot(ray.direction))
            return [OuterPiece(start: start, end: nil, layers: options.samplesBefore + options.samplesBehind)]
        }
        var pieces: [OuterPiece] = []
        if inside.lowerBound > 0 {
            pieces.append(
                OuterPiece(
                    start: Self.startBefore * inside.lowerBound, end: inside.lowerBound, layers: options.samplesBefore))
        }
        if !isClosed {
            pieces.append(
                OuterPiece(start: max(inside.upperBound, 0.05), end: nil, layers: options.samplesBehind))
        }
        return pieces
    }

    /// The place at a distance, in contracted space.
    func contracted(_ distance: Float) -> SIMD3<Float> {
        SpaceContraction.contract(ray.origin + distance * ray.direction)
    }

    /// Adds the layers of a piece between `edges`, which are shares of it.
    mutating func addOuterLayers(of piece: OuterPiece, edges: [Float], random: inout RandomStream?) {
        if piece.end != nil { layersBefore = edges.count - 1 }
        for (from, to) in zip(edges, edges.dropFirst()) {
            // Samples of the last layer stay at a finite distance.
            let share = min(from + (random?.uniform() ?? 0.5) * (to - from), 1 - 1e-3)
            let (near, far) = (piece.distance(at: from), piece.distance(at: to))
            var distance = piece.distance(at: share)
            if let sighting = ray.sighting {
                if near <= sighting && sighting < far { distance = sighting }
                let reach = Self.sightingTolerance * sighting
                if near < sighting + reach && far > sighting - reach {
                    let number = outerDistances.count
                    sightingLayers = (sightingLayers.isEmpty ? number : sightingLayers.lowerBound)..<number + 1
                }
            }
            outerDistances.append(distance)
            outerWidths.append(far.isFinite ? (contracted(far) - contracted(near)).length : .infinity)
        }
    }
}
