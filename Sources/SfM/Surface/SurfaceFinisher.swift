// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh

/// Cuts away what nothing speaks for and colours the rest.
struct SurfaceFinisher: Sendable {
    let reconstruction: Reconstruction
    /// Dense points that speak for a surface, too, in world coordinates.
    var densePoints: [SIMD3<Double>] = []
    let cube: SceneCube
    /// Compares what photos show of a vertex; `nil` without photos.
    var consistency: PhotoConsistency?
    let trimming: SurfaceOptions.Trimming
    /// Cell of the extraction grid, in world units.
    let cellSize: Double
    let threads: Int

    /// A finished surface and what was left out.
    struct Result {
        var mesh: TriangleMesh
        var trimmedFaces: Int
        var filledHoles: Int
        var droppedComponents: Int
    }

    /// Finishes a surface in world coordinates.
    func finish(
        _ mesh: TriangleMesh, raster: (@Sendable (ImageID) -> Raster?)?, progress: ProgressHandler?,
        cancellation: CancellationCheck?
    ) throws(SurfaceError) -> Result {
        progress?(StageProgress(stage: "trimming and colouring", completed: 0, total: 1))
        let ids = reconstruction.pointIDs
        let points = ids.compactMap { reconstruction.points[$0] }.filter { $0.position.isFinite }
        let observed = PointTree(points.map(\.position))
        let nearest = Self.nearest(
            mesh.positions, in: densePoints.isEmpty ? observed : PointTree(points.map(\.position) + densePoints),
            threads: threads)
        guard
            let views = VertexViews(
                of: mesh, normals: mesh.areaWeightedNormals(), in: reconstruction, tolerance: 2 * cellSize,
                threads: threads, raster: raster, cancellation: cancellation)
        else { throw .cancelled }
        var result = mesh
        result.colors = mesh.positions.indices.map { vertex in
            var color = views.colors[vertex]
            if !views.hasColor[vertex] {
                let index = observed.nearest(to: mesh.positions[vertex])?.index ?? 0
                color = SIMD3<Float>(points[index].color)
            }
            let bytes = SIMD3<UInt8>(clamping: SIMD3<Int32>(color.rounded(.toNearestOrEven)))
            return SIMD4(bytes, 255)
        }
        let isKept =
            trimming.keepsClosed
            ? mesh.triangles.map { _ in true }
            : supportedFaces(
                of: mesh, views: views, nearest: nearest, agreements: agreements(of: mesh, views: views))
        var candidates = [Bool](repeating: false, count: mesh.positions.count)
        for (face, corners) in mesh.triangles.enumerated() where !isKept[face] {
            for corner in 0..<3 { candidates[Int(corners[corner])] = true }
        }
        result.triangles = mesh.triangles.indices.filter { isKept[$0] }.map { mesh.triangles[$0] }
        let trimmed = mesh.triangles.count - result.triangles.count
        guard !result.isEmpty else { throw .nothingLeft(trimmedFaces: trimmed) }
        let holes = SmallHoles(maximumPerimeter: Double.pi * trimming.holeDiameter * cube.halfSide)
        let filledHoles = holes.close(in: &result, candidates: candidates)
        let components = ConnectedComponents(of: result)
        let largest = components.summaries(of: result).reduce(0) { max($0, $1.area) }
        var kept = 0
        result = result.keepingComponents { component in
            let isLarge = component.area >= trimming.minimumAreaShare * largest
            kept += isLarge ? 1 : 0
            return isLarge
        }
        result.normals = result.areaWeightedNormals()
        progress?(StageProgress(stage: "trimming and colouring", completed: 1, total: 1))
        return Result(
            mesh: result, trimmedFaces: trimmed, filledHoles: filledHoles, droppedComponents: components.count - kept)
    }

    /// How well photos agree on each vertex, 0 to 1; negative where they cannot tell, 0 before a plain backdrop.
    private func agreements(of mesh: TriangleMesh, views: VertexViews) -> [Float] {
        let count = mesh.positions.count
        guard let consistency else { return Array(repeating: -1, count: count) }
        let normals = mesh.areaWeightedNormals()
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let places = buffer
            let size = 1024
            Parallel.forEach(count: (count + size - 1) / size, threads: threads) { item, _ in
                for vertex in item * size..<min((item + 1) * size, count) {
                    let point = SIMD3<Float>(cube.cubeFromWorld(mesh.positions[vertex]))
                    let agreement = consistency.agreement(
                        at: point, normal: normals[vertex], seenBy: views.bestImages(vertex))
                    var value = agreement ?? -1
                    if value < trimming.confirmingAgreement,
                        consistency.backdropCount(at: point) >= trimming.denyingBackdrops
                    {
                        value = 0
                    }
                    places.initializeElement(at: vertex, to: value)
                }
            }
            initialized = count
        }
    }

    /// For each face whether a point nearby or pictures speak for it, or it lies in a small gap between such faces.
    ///
    /// Where pictures agree on a face it stays, and where they contradict each other only a point close by can save it. Where
    /// they cannot tell, a face that some camera sees may lie farther from points than one that none sees.
    private func supportedFaces(
        of mesh: TriangleMesh, views: VertexViews, nearest: [Neighbor], agreements: [Float]
    ) -> [Bool] {
        var isKept = mesh.triangles.map { face in
            var isSeen = false
            var distance = 0.0
            var agreement: Float = -1
            for corner in 0..<3 {
                let vertex = Int(face[corner])
                isSeen = isSeen || views.counts[vertex] > 0
                distance = max(distance, nearest[vertex].distance)
                agreement = max(agreement, agreements[vertex])
            }
            if agreement >= trimming.confirmingAgreement { return true }
            let isDenied = agreement >= 0 && agreement < trimming.denyingAgreement
            return distance <= (isSeen && !isDenied ? trimming.seenReach : trimming.unseenReach) * cube.halfSide
        }
        var isKeptVertex = [Bool](repeating: false, count: mesh.positions.count)
        for (face, corners) in mesh.triangles.enumerated() where isKept[face] {
            for corner in 0..<3 { isKeptVertex[Int(corners[corner])] = true }
        }
        // A dimple that no camera looks into is no reason for a hole.
        let cut = mesh.triangles.indices.filter { !isKept[$0] }
        var rest = mesh
        rest.triangles = cut.map { mesh.triangles[$0] }
        let patches = ConnectedComponents(of: rest)
        let largestGap = trimming.seenReach * cube.halfSide * trimming.seenReach * cube.halfSide
        let isGap = patches.summaries(of: rest).map { patch in
            patch.area <= largestGap && patch.vertices.contains { isKeptVertex[$0] }
        }
        for (index, face) in cut.enumerated() where isGap[patches.componentOfFace[index]] { isKept[face] = true }
        return isKept
    }

    /// A point's number and distance.
    struct Neighbor: Sendable {
        var index = 0
        var distance = Double.infinity
    }

    private static func nearest(_ positions: [SIMD3<Double>], in tree: PointTree, threads: Int) -> [Neighbor] {
        [Neighbor](unsafeUninitializedCapacity: positions.count) { buffer, count in
            nonisolated(unsafe) let places = buffer
            let size = 4096
            Parallel.forEach(count: (positions.count + size - 1) / size, threads: threads) { item, _ in
                for vertex in item * size..<min((item + 1) * size, positions.count) {
                    let found = tree.nearest(to: positions[vertex])
                    places.initializeElement(
                        at: vertex,
                        to: found.map { Neighbor(index: $0.index, distance: $0.distance) } ?? Neighbor())
                }
            }
            count = positions.count
        }
    }
}
