// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// What sections say about a field on a grid: in-plane distances on the planes, and emptiness outside the hull.
struct SliceSamples {
    /// One statement.
    struct Sample: Sendable {
        var position: SIMD3<Float>
        /// Area of the plane that the sample stands for (length times a cell on contours), less far from contours; outside
        /// the hull a volume.
        var weight: Float
        /// In-plane distance from the contours, or the distance from the hull; negative inside.
        var distance: Float
        /// Whether the sample lies outside the hull.
        var isExterior: Bool
    }

    /// In a fixed order: section after section, then the exterior.
    let samples: [Sample]

    /// Distance between samples on planes, in cells.
    private static let spacing = 0.8
    /// Points further than this from the contours, in cells, are thinned.
    private static let denseReach = 5.0
    /// Every so manieth row and column is kept there.
    private static let thinning = 4
    /// Rows and columns of points whose distances are judged together.
    private static let blockSize = 8
    /// Cells of the exterior lattice on the longest side.
    private static let exteriorCells = 24

    /// Samples `slices`, which are in the frame of `grid`, to suit its cells.
    init(_ slices: SliceSet, grid: RegularGrid, options: ThinPlateOptions, threads: Int) {
        let sections = slices.sections
        let parts = Parallel.map(count: sections.count, threads: threads, block: 1) { index in
            let region = PlaneRegion(sections[index])
            return Self.contours(region, cell: grid.spacing.x) + Self.plane(region, grid: grid, options: options)
        }
        samples = parts.flatMap { $0 } + Self.exterior(slices, grid: grid, options: options)
    }

    /// Points on the contours.
    private static func contours(_ region: PlaneRegion, cell: Double) -> [Sample] {
        region.boundaryEdges.flatMap { edge in
            let pieces = max(1, Int((edge.length / (spacing * cell)).rounded(.up)))
            let length = edge.length / Double(pieces)
            return (0..<pieces).map { piece in
                let place = edge.point(at: (Double(piece) + 0.5) / Double(pieces))
                return Sample(
                    position: SIMD3<Float>(region.plane.point(at: place)), weight: Float(length * cell), distance: 0,
                    isExterior: false)
            }
        }
    }

    /// A lattice of points on the plane, dense along the contours.
    private static func plane(_ region: PlaneRegion, grid: RegularGrid, options: ThinPlateOptions) -> [Sample] {
        let box = grid.box
        guard let bounds = PlanarBox(of: region.plane, in: box) else { return [] }
        let step = spacing * grid.spacing.x
        let reach = denseReach * grid.spacing.x
        let blockWidth = step * Double(blockSize)
        let blocks = (bounds.maximum - bounds.minimum) / blockWidth
        var result: [Sample] = []

        func add(_ place: SIMD2<Double>, onThinLattice: Bool) {
            let point = region.plane.point(at: place)
            guard box.contains(point) else { return }
            // A plane without contours says "outside" all over, as firmly as half a falloff from a contour.
            let distance = region.isEmpty ? options.falloff : region.signedDistance(place)
            let isNear = abs(distance) <= reach
            guard isNear || onThinLattice else { return }
            let area = step * step * (isNear ? 1 : Double(thinning * thinning))
            let relative = distance / options.falloff
            result.append(
                Sample(
                    position: SIMD3<Float>(point), weight: Float(area / (1 + relative * relative)),
                    distance: Float(distance), isExterior: false))
        }

        for blockRow in 0...Int(blocks.y) {
            for blockColumn in 0...Int(blocks.x) {
                let corner = bounds.minimum + blockWidth * SIMD2(Double(blockColumn), Double(blockRow))
                let middle = region.nearestEdge(to: corner + 0.5 * blockWidth)?.distance ?? .infinity
                let isFar = middle > reach + blockWidth * 0.5.squareRoot()
                for row in 0..<blockSize {
                    for column in 0..<blockSize {
                        let onThinLattice = row % thinning == thinning / 2 && column % thinning == thinning / 2
                        if isFar && !onThinLattice { continue }
                        add(corner + step * SIMD2(Double(column), Double(row)), onThinLattice: onThinLattice)
                    }
                }
            }
        }
        return result
    }

    /// Nodes of a coarse lattice outside the hull.
    private static func exterior(_ slices: SliceSet, grid: RegularGrid, options: ThinPlateOptions) -> [Sample] {
        let hull = ConvexHull(of: slices).scaled(by: options.hullScale)
        let lattice = RegularGrid(covering: grid.box, cells: exteriorCells)
        let volume = lattice.spacing.x * lattice.spacing.y * lattice.spacing.z
        var result: [Sample] = []
        for k in 0..<lattice.counts.z {
            for j in 0..<lattice.counts.y {
                for i in 0..<lattice.counts.x {
                    let point = lattice.position(i, j, k)
                    let distance = hull.signedDistanceBound(point)
                    guard distance > 0 else { continue }
                    result.append(
                        Sample(
                            position: SIMD3<Float>(point), weight: Float(options.exteriorWeight * volume),
                            distance: Float(distance + options.band), isExterior: true))
                }
            }
        }
        return result
    }
}
