// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// Draws labelled points from planar sections for the training of an `OccupancyField`.
///
/// The sample sets follow OReX (section 4.2 of the paper): on contours, off contours at the radius of the refinement level,
/// and uniform on the planes. Unlike the authors' code, points are drawn afresh in every step and by arc length, so that
/// the tessellation of the file does not set the weights, and space outside the hull of all contours is labelled outside.
public struct SliceSampler: OccupancySampler {
    private let sections: [Section]
    private let withContours: [Int]
    private let boundaryLengths: CumulativeWeights
    private let hull: ConvexHull
    private let shell: HullShell?
    private let options: SliceSamplingOptions
    private let levelEnds: [Double]
    private let seed: UInt64

    /// One plane, prepared.
    private struct Section {
        let region: PlaneRegion
        /// The padded contour box; `nil` without contours.
        let local: PlanarBox?
        /// What covers the plane's part of the cube.
        let cube: PlanarBox?
    }

    /// Prepares sampling.
    ///
    /// - Parameters:
    ///   - slices: Sections in the frame of the normalised cube `[-1, 1]³`.
    ///   - options: Valid options.
    ///   - seed: Names the random streams.
    public init(_ slices: SliceSet, options: SliceSamplingOptions, seed: UInt64) throws(OptionsError) {
        try options.validate()
        self.options = options
        self.seed = seed
        hull = ConvexHull(of: slices).scaled(by: options.hullScale)
        shell = HullShell(around: hull)
        let sections = slices.sections.map { section in
            let region = PlaneRegion(section)
            return Section(
                region: region, local: PlanarBox(enclosing: section.polygons.flatMap(\.points), padding: 0.15),
                cube: PlanarBox(of: section.plane, in: Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1)))
            )
        }
        self.sections = sections
        withContours = sections.indices.filter { !sections[$0].region.isEmpty }
        boundaryLengths = CumulativeWeights(withContours.map { sections[$0].region.boundaryLength })
        let duration = options.levels.reduce(0) { $0 + $1.duration }
        var end = 0.0
        levelEnds = options.levels.map { level in
            end += level.duration / duration
            return end
        }
    }

    /// Fills one tile; see `OccupancySampler`.
    public func fill(
        step: Int, tile: Int, progress: Double, rows: Int, nearRows: Int, points: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Float>
    ) {
        var random = RandomStream(seed: seed, label: "slice samples", UInt64(step), UInt64(tile))
        let level = levelEnds.firstIndex { progress < $0 } ?? levelEnds.count - 1
        // Near samples are spread over all rows, but the penalised rows come first.
        let nearBeyond = max(0, options.nearShare - Double(nearRows) / Double(rows))
        let rest = 1 - min(options.nearShare, Double(nearRows) / Double(rows))
        for row in 0..<rows {
            let choice = random.uniformDouble() * rest
            let sample: (point: SIMD3<Double>, label: Float)
            if row < nearRows || choice < nearBeyond {
                sample = near(level: level, &random)
            } else if choice < nearBeyond + options.exteriorShare {
                sample = (exterior(&random), 0)
            } else {
                sample = onPlane(&random)
            }
            for axis in 0..<3 { points[4 * row + axis] = Float(sample.point[axis]) }
            points[4 * row + 3] = 0
            labels[row] = sample.label
        }
    }

    /// A point on, or at the level's radius from, a contour.
    private func near(level: Int, _ random: inout RandomStream) -> (point: SIMD3<Double>, label: Float) {
        let radius = options.levels[max(0, level - random.index(below: 3))].radius
        let section: Section
        let arcLength: Double
        if random.uniformDouble() < options.balancedShare {
            section = sections[withContours[random.index(below: withContours.count)]]
            arcLength = random.uniformDouble() * section.region.boundaryLength
        } else {
            let chosen = boundaryLengths.index(at: random.uniformDouble() * boundaryLengths.total)
            section = sections[withContours[chosen.index]]
            arcLength = chosen.remainder
        }
        let region = section.region
        let edge = region.boundaryEdges[region.boundaryEdgeIndex(atArcLength: arcLength)]
        let foot = edge.point(at: random.uniformDouble())
        let kind = random.uniformDouble()
        let offset: SIMD2<Double>
        if kind < options.onContourShare {
            return (region.plane.point(at: foot), 0.5)
        } else if kind < options.onContourShare + (1 - options.onContourShare) * 2 / 3 {
            offset = edge.outwardNormal * (random.next() & 1 == 0 ? radius : -radius)
        } else {
            let angle = 2 * Double.pi * random.uniformDouble()
            offset = radius * SIMD2(cos(angle), sin(angle))
        }
        let place = foot + offset
        return (region.plane.point(at: place), region.contains(place) ? 1 : 0)
    }

    /// A uniform point of a plane: half of them around the contours, half anywhere in the cube.
    private func onPlane(_ random: inout RandomStream) -> (point: SIMD3<Double>, label: Float) {
        let section = sections[random.index(below: sections.count)]
        let wide = random.next() & 1 == 0
        let candidate = wide ? section.cube : section.local
        guard let bounds = candidate ?? section.local ?? section.cube else { return (exterior(&random), 0) }
        var place = SIMD2<Double>.zero
        var point = SIMD3<Double>.zero
        for _ in 0..<16 {
            place =
                bounds.minimum + (bounds.maximum - bounds.minimum)
                * SIMD2(random.uniformDouble(), random.uniformDouble())
            point = section.region.plane.point(at: place)
            if all(pointwiseMax(point, -point) .<= 1) { break }
        }
        return (point, section.region.contains(place) ? 1 : 0)
    }

    /// A point outside the scaled hull: close to it, where the field must fall off beyond the last slices, or anywhere in
    /// the cube.
    private func exterior(_ random: inout RandomStream) -> SIMD3<Double> {
        if random.uniformDouble() < options.exteriorNearShare, let point = shell?.point(&random) { return point }
        var point = SIMD3<Double>.zero
        for _ in 0..<64 {
            point = 2 * SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble()) - 1
            if !hull.contains(point) { return point }
        }
        // The hull fills the cube almost wholly: take a point of the cube's surface, which it never reaches.
        point[random.index(below: 3)] = random.next() & 1 == 0 ? 1 : -1
        return point
    }
}
