// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh

/// Cuts away what nothing speaks for and colours the rest.
package struct SurfaceFinisher: Sendable {
    let reconstruction: Reconstruction
    let densePoints: [SIMD3<Double>]
    let cube: SceneCube
    let consistency: PhotoConsistency?
    let trimming: SurfaceOptions.Trimming
    let cellSize: Double
    let threads: Int

    /// A finished surface and what was left out.
    package struct Result {
        package var mesh: TriangleMesh
        package var trimmedFaces: Int
        package var filledHoles: Int
        package var droppedComponents: Int
    }

    /// Prepares what all vertices are asked about.
    ///
    /// - Parameters:
    ///   - densePoints: Points of stereo, in world coordinates.
    ///   - consistency: Compares what photos show of a vertex; `nil` without photos.
    ///   - cellSize: Cell of the extraction grid, in world units.
    package init(
        reconstruction: Reconstruction, densePoints: [SIMD3<Double>] = [], cube: SceneCube,
        consistency: PhotoConsistency?, trimming: SurfaceOptions.Trimming, cellSize: Double, threads: Int
    ) {
        self.reconstruction = reconstruction
        self.densePoints = densePoints
        self.cube = cube
        self.consistency = consistency
        self.trimming = trimming
        self.cellSize = cellSize
        self.threads = threads
    }

    /// Finishes a surface in world coordinates.
    package func finish(
        _ mesh: TriangleMesh, raster: (@Sendable (ImageID) -> Raster?)? = nil, progress: ProgressHandler? = nil,
        cancellation: CancellationCheck? = nil
    ) throws(SurfaceError) -> Result {
        progress?(StageProgress(stage: "trimming and colouring", completed: 0, total: 1))
        let points = reconstruction.pointIDs.compactMap { reconstruction.points[$0] }.filter { $0.position.isFinite }
        let normals = mesh.areaWeightedNormals()
        guard
            let views = VertexViews(
                of: mesh, normals: normals, in: reconstruction, tolerance: 2 * cellSize, threads: threads,
                raster: raster, cancellation: cancellation)
        else { throw .cancelled }
        var result = mesh
        let support = SurfaceSupport(
            of: mesh, normals: normals, views: views, consistency: consistency,
            points: points.map(\.position) + densePoints, cube: cube, trimming: trimming, threads: threads)
        result.confidences = support.confidences
        let isKept = trimming.keepsClosed ? mesh.triangles.map { _ in true } : support.keptFaces(of: mesh)
        var candidates = [Bool](repeating: false, count: mesh.positions.count)
        for (face, corners) in mesh.triangles.enumerated() where !isKept[face] {
            for corner in 0..<3 { candidates[Int(corners[corner])] = true }
        }
        result.triangles = mesh.triangles.indices.filter { isKept[$0] }.map { mesh.triangles[$0] }
        let trimmed = mesh.triangles.count - result.triangles.count
        guard !result.isEmpty else { throw .nothingLeft(trimmedFaces: trimmed) }
        result.colors = colors(of: result, views: views, points: points)
        let holes = SmallHoles(maximumPerimeter: Double.pi * trimming.holeDiameter * cube.halfSide)
        let filledHoles = holes.close(in: &result, candidates: candidates)
        let components = ConnectedComponents(of: result)
        let largest = components.summaries(of: result).reduce(0) { max($0, $1.area) }
        let confidences = result.confidences ?? []
        var kept = 0
        result = result.keepingComponents { component in
            let isLarge = component.area >= trimming.minimumAreaShare * largest
            let confirmed = component.vertices.count { confidences[$0] >= trimming.confirmingAgreement }
            let isConfirmed =
                consistency == nil || component.area == largest
                || Double(confirmed) >= trimming.confirmedShare * Double(component.vertices.count)
            kept += isLarge && isConfirmed ? 1 : 0
            return isLarge && isConfirmed
        }
        result.normals = result.areaWeightedNormals()
        progress?(StageProgress(stage: "trimming and colouring", completed: 1, total: 1))
        return Result(
            mesh: result, trimmedFaces: trimmed, filledHoles: filledHoles, droppedComponents: components.count - kept)
    }

    /// Colours of the vertices that faces use, opaque: what photos show, or else the nearest point's colour.
    private func colors(
        of mesh: TriangleMesh, views: VertexViews, points: [ScenePoint]
    ) -> [SIMD4<UInt8>] {
        var isUsed = [Bool](repeating: false, count: mesh.positions.count)
        for corners in mesh.triangles {
            for corner in 0..<3 { isUsed[Int(corners[corner])] = true }
        }
        let tree = PointTree(points.map(\.position))
        return Parallel.map(count: mesh.positions.count, threads: threads) { [isUsed] vertex in
            var color = views.colors[vertex]
            if isUsed[vertex], !views.hasColor[vertex], let found = tree.nearest(to: mesh.positions[vertex]) {
                color = SIMD3<Float>(points[found.index].color)
            }
            return SIMD4(SIMD3<UInt8>(clamping: SIMD3<Int32>(color.rounded(.toNearestOrEven))), 255)
        }
    }
}
