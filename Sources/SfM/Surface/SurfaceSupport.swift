// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// What speaks for each part of a surface: photos that agree on it, and points nearby.
struct SurfaceSupport {
    private let trimming: SurfaceOptions.Trimming
    private let halfSide: Double
    /// How far the nearest point may be for a face to stay, in world units; infinite where photos agree.
    private let reaches: [Double]
    /// How well photos agree on each vertex, 0 to 1; negative where they cannot tell, 0 before a plain backdrop.
    private let agreements: [Float]
    /// Distance of each vertex from the nearest point, in world units; infinite beyond the reaches of its faces, and where
    /// photos tell all.
    private let distances: [Double]

    /// Asks photos and points about each vertex of a surface in world coordinates.
    ///
    /// Where photos agree on a face no point need be near. Where they contradict each other only a point close by can save
    /// it. Where they cannot tell, a face that some camera sees may lie farther from points than one that none sees.
    ///
    /// - Parameters:
    ///   - normals: Outward, one for each vertex.
    ///   - consistency: Compares what photos show of a vertex; `nil` without photos.
    ///   - points: All points that speak for a surface.
    init(
        of mesh: TriangleMesh, normals: [SIMD3<Float>], views: VertexViews, consistency: PhotoConsistency?,
        points: [SIMD3<Double>], cube: SceneCube, trimming: SurfaceOptions.Trimming, threads: Int
    ) {
        let agreements = Parallel.map(count: mesh.positions.count, threads: threads) { vertex -> Float in
            guard let consistency else { return -1 }
            let point = SIMD3<Float>(cube.cubeFromWorld(mesh.positions[vertex]))
            let value =
                consistency.agreement(at: point, normal: normals[vertex], seenBy: views.bestImages(vertex)) ?? -1
            let isDenied =
                value < trimming.confirmingAgreement
                && consistency.backdropCount(at: point) >= trimming.denyingBackdrops
            return isDenied ? 0 : value
        }
        let reaches = mesh.triangles.map { corners in
            var agreement: Float = -1
            var isSeen = false
            for corner in 0..<3 {
                let vertex = Int(corners[corner])
                agreement = max(agreement, agreements[vertex])
                isSeen = isSeen || views.counts[vertex] > 0
            }
            if agreement >= trimming.confirmingAgreement { return Double.infinity }
            let isDenied = agreement >= 0 && agreement < trimming.denyingAgreement
            return (isSeen && !isDenied ? trimming.seenReach : trimming.unseenReach) * cube.halfSide
        }
        var limits = [Double](repeating: 0, count: mesh.positions.count)
        for (face, corners) in mesh.triangles.enumerated() where reaches[face].isFinite {
            for corner in 0..<3 { limits[Int(corners[corner])] = max(limits[Int(corners[corner])], reaches[face]) }
        }
        // Where photos cannot tell, nearness makes the confidence also if the faces stay for their other corners' sake.
        for vertex in limits.indices where limits[vertex] == 0 && agreements[vertex] < 0 {
            limits[vertex] = trimming.seenReach * cube.halfSide
        }
        let tree = PointTree(points)
        distances = Parallel.map(count: mesh.positions.count, threads: threads) { [limits] vertex in
            // The tree gives what is nearer than a limit, and a distance equal to the reach counts.
            tree.nearest(to: mesh.positions[vertex], within: limits[vertex].nextUp)?.distance ?? .infinity
        }
        self.agreements = agreements
        self.reaches = reaches
        self.trimming = trimming
        halfSide = cube.halfSide
    }

    /// One number for each vertex, 0 to 1: how well the photos agree on it, or, where they cannot tell, at most a half, and
    /// less the farther the nearest point is.
    var confidences: [Float] {
        zip(agreements, distances).map { agreement, distance in
            if agreement >= 0 { return min(agreement, 1) }
            guard trimming.seenReach > 0 else { return 0 }
            return Float(max(0, 0.5 * (1 - distance / (trimming.seenReach * halfSide))))
        }
    }

    /// For each face whether photos or a point nearby speak for it, or it lies in a small gap between such faces.
    func keptFaces(of mesh: TriangleMesh) -> [Bool] {
        var isKept = mesh.triangles.indices.map { face in
            reaches[face] == .infinity
                || (0..<3).allSatisfy { distances[Int(mesh.triangles[face][$0])] <= reaches[face] }
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
        let largestGap = trimming.seenReach * halfSide * trimming.seenReach * halfSide
        let isGap = patches.summaries(of: rest).map { patch in
            patch.area <= largestGap && patch.vertices.contains { isKeptVertex[$0] }
        }
        for (index, face) in cut.enumerated() where isGap[patches.componentOfFace[index]] { isKept[face] = true }
        return isKept
    }
}
