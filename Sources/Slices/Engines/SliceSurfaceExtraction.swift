// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Makes the surface of a field in the normalised cube: the same grid, cleaning and frame for every engine.
struct SliceSurfaceExtraction {
    private let slices: SliceSet
    private let options: SliceReconstructionOptions
    private let threads: Int
    /// Where the cube lies in the world.
    let cubeFromWorld: UniformSimilarity

    /// - Parameters:
    ///   - slices: Sections in world units.
    ///   - options: Valid options.
    init(_ slices: SliceSet, options: SliceReconstructionOptions, threads: Int) {
        self.slices = slices
        self.options = options
        self.threads = threads
        cubeFromWorld = UniformSimilarity(centering: slices.boundingBox, halfExtent: options.halfExtent)
    }

    /// What fields cover, in the cube's frame: the contours and room for caps beyond them.
    var box: Box { cubeFromWorld(slices.boundingBox).expanded(by: 1 - options.halfExtent) }

    /// Extracts the zero set, in world units: closed, manifold, wound outwards.
    ///
    /// Components that meet no contour, and specks beside contours that do not fit into them, are left out, cavities
    /// included; ``SliceSurface/droppedComponents`` counts them.
    ///
    /// - Parameters:
    ///   - field: In the cube's frame.
    ///   - crossingRounds: See `SparseSearchOptions`.
    func extract(
        from field: some ScalarField, inside: IsoSurfaceOptions.Inside, crossingRounds: Int, progress: ProgressHandler?
    ) throws(ExtractionError) -> SliceSurface {
        var search = SparseSearchOptions()
        search.seeds = contourPoints()
        search.crossingRounds = crossingRounds
        let grid = RegularGrid(covering: box, cells: options.resolution)
        let extraction = try MarchingCubes.extract(
            from: field, grid: grid, options: IsoSurfaceOptions(isoLevel: 0, inside: inside),
            search: search, threads: threads, progress: progress)
        let worldFromCube = cubeFromWorld.inverse
        let cell = grid.spacing.x * worldFromCube.scale
        let support = ContourSupport(slices, tolerance: cell)
        let (mesh, dropped) = support.keepingSupported(extraction.mesh.transformed(by: worldFromCube))
        return SliceSurface(
            mesh: mesh, droppedComponents: dropped, cellSize: cell, queries: extraction.queries,
            denseQueries: extraction.denseNodes)
    }

    /// The zero set on a coarse grid, in world units, with all its components; `nil` when there is none.
    func preview(of field: some ScalarField, inside: IsoSurfaceOptions.Inside) -> TriangleMesh? {
        var search = SparseSearchOptions()
        search.seeds = contourPoints()
        let extraction = try? MarchingCubes.extract(
            from: field, grid: RegularGrid(covering: box, cells: MeshPreview.resolution),
            options: IsoSurfaceOptions(isoLevel: 0, inside: inside), search: search, threads: threads)
        return extraction?.mesh.transformed(by: cubeFromWorld.inverse)
    }

    /// Midpoints of contour edges: the surface passes near all of them, however small the part they belong to.
    private func contourPoints() -> [SIMD3<Float>] {
        slices.transformed(by: cubeFromWorld).sections.flatMap { section in
            section.polygons.flatMap { polygon in
                polygon.points.indices.map { index in
                    let next = polygon.points[(index + 1) % polygon.points.count]
                    return SIMD3<Float>(section.plane.point(at: 0.5 * (polygon.points[index] + next)))
                }
            }
        }
    }
}

/// The surface that the sections were turned into.
public struct SliceSurface: Sendable {
    /// Faces counter-clockwise from outside, in world units.
    public let mesh: TriangleMesh
    /// Components that were left out because no contour bears witness to them.
    public let droppedComponents: Int
    /// Edge of a cell of the extraction grid, in world units.
    public let cellSize: Double
    /// Times that the field was asked.
    public let queries: Int
    /// Times that a dense grid would have asked it.
    public let denseQueries: Int
}
