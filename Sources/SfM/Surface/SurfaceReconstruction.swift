// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images
import Mesh

/// A surface from a sparse reconstruction: a signed distance is fitted to the points and to the emptiness between them and
/// the cameras that saw them, and then moved until it looks alike from all pictures that show it.
///
/// What no line of sight crosses counts as solid, since the field starts as a ball as large as the cube; faces that neither
/// a point nearby nor a picture speaks for are cut away afterwards.
public struct SurfaceReconstruction: Sendable {
    /// Faces counter-clockwise from outside, in the frame of the reconstruction; with normals and colours.
    public let mesh: TriangleMesh
    /// The field behind it, in the frame of the cube.
    public let network: SDFNetwork
    /// How it was made; holds the cube.
    public let report: SurfaceReport

    /// Makes a surface.
    ///
    /// - Parameters:
    ///   - reconstruction: Cameras, posed images and points with their tracks.
    ///   - options: What is fitted, and how.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - raster: Gives the picture of an image, of any size with the camera's proportions; called from several
    ///     threads, twice for each image: for the comparison of ``SurfaceOptions/photometric`` and for colours. Without
    ///     it, or where no picture shows a vertex, the nearest point's colour.
    ///   - mask: Gives the mask of an image, or `nil` for none; pixels with 0 are not compared.
    ///   - progress: Told after each step and stage.
    ///   - cancellation: Asked before each step and stage.
    ///   - preview: Offered the surface so far while the field is fitted, coarse and with nothing cut away.
    /// - Throws: ``SurfaceError``.
    public init(
        of reconstruction: Reconstruction, options: SurfaceOptions = SurfaceOptions(), threads: Int,
        raster: (@Sendable (ImageID) -> Raster?)? = nil, mask: (@Sendable (ImageID) -> Raster?)? = nil,
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil, preview: MeshPreview? = nil
    ) throws(SurfaceError) {
        var views: [GrayView] = []
        if let raster, options.photometric != nil || options.stereo != .never {
            views = GrayView.all(
                of: reconstruction, longerSide: options.longerSide,
                findsBackdrops: options.findsBackdrops && mask == nil, threads: threads, raster: raster, mask: mask)
        }
        try self.init(
            of: reconstruction, views: views, options: options, threads: threads, raster: raster, progress: progress,
            cancellation: cancellation, preview: preview)
    }

    /// Makes a surface from views that are already prepared.
    ///
    /// - Parameter views: Pictures to compare; of some or all images, in ascending order of their IDs.
    /// - Throws: ``SurfaceError``.
    package init(
        of reconstruction: Reconstruction, views: [GrayView], options: SurfaceOptions, threads: Int,
        raster: (@Sendable (ImageID) -> Raster?)? = nil, progress: ProgressHandler? = nil,
        cancellation: CancellationCheck? = nil, preview: MeshPreview? = nil
    ) throws(SurfaceError) {
        let fit = try FieldFit(
            to: reconstruction, views: views, options: options, threads: threads, progress: progress,
            cancellation: cancellation, preview: preview)
        let (options, cube, lines, trainer) = (fit.options, fit.cube, fit.lines, fit.training.trainer)
        let field = SDFField(trainer.network)
        let seeds = Self.distinctPoints(lines)
        let extraction = try Self.extract(
            field, seeds: seeds, options: options, threads: threads, progress: progress, cancellation: cancellation)
        let worldFromCube = cube.cubeFromWorld.inverse
        let extracted = extraction.mesh.transformed(by: worldFromCube)
        let finisher = SurfaceFinisher(
            reconstruction: reconstruction, densePoints: Self.thinned(fit.cloud, cube: cube), cube: cube,
            consistency: fit.consistency,
            trimming: options.trimming,
            cellSize: 2 / Double(options.resolution) * worldFromCube.scale, threads: threads)
        let finished = try finisher.finish(extracted, raster: raster, progress: progress, cancellation: cancellation)
        let distances = field.values(at: seeds).map { abs($0) }.sorted()
        mesh = finished.mesh
        network = trainer.network
        let meshReport: MeshReport
        do throws(MeshInvariantError) {
            meshReport = try MeshReport(of: finished.mesh)
        } catch {
            preconditionFailure("an extracted mesh is sound: \(error)")
        }
        report = SurfaceReport(
            options: options, cube: cube, points: reconstruction.points.count, pointsInCube: seeds.count,
            observations: lines.count, stereoPoints: fit.orientedLines, steps: trainer.step, loss: trainer.loss,
            curve: fit.training.curve, photometric: fit.training.stages, views: fit.consistency?.references.count ?? 0,
            meanSources: fit.consistency?.meanSources ?? 0,
            medianPointDistance: Double(distances[distances.count / 2]) * worldFromCube.scale,
            cellSize: finisher.cellSize, queries: extraction.queries, extractedFaces: extracted.triangles.count,
            trimmedFaces: finished.trimmedFaces, filledHoles: finished.filledHoles,
            droppedComponents: finished.droppedComponents, mesh: meshReport)
    }

    /// Dense points that speak for a face nearby: every k-th of those inside the cube.
    private static func thinned(_ cloud: StereoCloud?, cube: SceneCube) -> [SIMD3<Double>] {
        guard let cloud else { return [] }
        let inside = cloud.points.lazy.map { cloud.position(of: $0) }.filter { point in
            let local = cube.cubeFromWorld(point)
            return local.max() < 1 && local.min() > -1
        }
        let positions = Array(inside)
        let spacing = max(1, positions.count / maximumSupportPoints)
        return stride(from: 0, to: positions.count, by: spacing).map { positions[$0] }
    }

    /// Their spacing stays far below the reach of a point.
    private static let maximumSupportPoints = 100_000

    /// Each point once; its observations stand next to each other.
    private static func distinctPoints(_ lines: [SightLine]) -> [SIMD3<Float>] {
        var result: [SIMD3<Float>] = []
        for line in lines where result.last != line.point { result.append(line.point) }
        return result
    }

    private static func extract(
        _ field: SDFField, seeds: [SIMD3<Float>], options: SurfaceOptions, threads: Int,
        progress: ProgressHandler?, cancellation: CancellationCheck?
    ) throws(SurfaceError) -> SparseExtraction {
        var search = SparseSearchOptions()
        search.seeds = seeds
        search.coarseCells = 64
        let box = Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1))
        do throws(ExtractionError) {
            return try MarchingCubes.extract(
                from: field, grid: RegularGrid(covering: box, cells: options.resolution), search: search,
                threads: threads, progress: progress, cancellation: cancellation)
        } catch {
            throw error == .cancelled ? .cancelled : .extraction(error)
        }
    }
}
