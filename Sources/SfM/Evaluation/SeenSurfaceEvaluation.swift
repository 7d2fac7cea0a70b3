// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// How far a mesh made from photos is from the truth, over what the cameras see.
///
/// Only the region counts that the box of the reference makes when it is grown by 5 % of its diagonal on each side. A point
/// is seen when it lies on the picture and nothing before it hides it (by more than 0.2 % of the diagonal); points of the
/// reference must also face the camera (a closed reference is first turned outwards). Distances are from points to faces, without any further alignment: an error of the
/// frame is an error of the mesh.
public struct SeenSurfaceEvaluation: Hashable, Sendable, Codable {
    /// How the two surfaces differ.
    public struct Scores: Hashable, Sendable, Codable {
        /// From seen points of the mesh to the truth, in percent of the diagonal.
        public let accuracyPercent: DistanceStatistics
        /// From seen points of the reference to the mesh, in percent of the diagonal.
        public let completenessPercent: DistanceStatistics
        /// At 0.25, 0.5 and 1 % of the diagonal.
        public let fScores: [FScore]
        /// Mean absolute cosine between the normals of the mesh and of the nearest true face, where that is within 1 % of
        /// the diagonal; `nil` when that is nowhere.
        public let normalConsistency: Double?
        /// Share of the mesh's area in the region that no camera sees.
        public let unseenShare: Double
    }

    /// Diagonal of the reference's box, in its units.
    public let diagonal: Double
    /// Share of the reference's area that enough cameras see.
    public let referenceSeenShare: Double
    /// Faces of the mesh that touch the region.
    public let trianglesInRegion: Int
    /// The mesh, with equal positions made one vertex.
    public let mesh: MeshReport
    /// `nil` when no camera sees any of the mesh within the region.
    public let scores: Scores?

    /// Compares `mesh` with `reference`.
    ///
    /// - Parameters:
    ///   - mesh: In the frame of the truth.
    ///   - reference: The true surface that is asked for.
    ///   - context: Further true surfaces, such as the ground: they hide, and a mesh near them is not wrong.
    ///   - cameras: The true cameras; points are not used.
    ///   - options: Number of samples, and of cameras that must see a point.
    ///   - threads: Bound on concurrency, at least 1; without influence on the result.
    /// - Throws: ``SeenSurfaceError``.
    public init(
        of mesh: TriangleMesh, reference: TriangleMesh, context: [TriangleMesh] = [], cameras: Reconstruction,
        options: SeenSurfaceOptions = SeenSurfaceOptions(), threads: Int = Parallel.defaultThreadCount
    ) throws(SeenSurfaceError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        for mesh in [mesh, reference] + context {
            do throws(MeshInvariantError) { try mesh.checkInvariants() } catch { throw .invalidMesh(error) }
        }
        let used = try Self.outward(reference.removingUnreferencedVertices())
        guard let tight = used.bounds, let sampler = SurfaceSampler(used) else { throw .emptyReference }
        let diagonal = tight.diagonal
        let region = tight.expanded(by: 0.05 * diagonal)
        let truth = TriangleMesh(joining: [used] + context)
        let (tolerance, seed) = (0.002 * diagonal, options.seed)
        let seen = SeenPoints(cameras)

        let drawn = sampler.independent(count: options.samples, seed: seed, label: "reference samples")
        let views = seen.count(
            drawn, occluder: TriangleTree(truth), tolerance: tolerance, isOneSided: true, limit: options.minimumViews,
            threads: threads)
        let wanted = zip(drawn, views).filter { $0.1 >= options.minimumViews }.map(\.0)
        guard !wanted.isEmpty else { throw .referenceUnseen(views: options.minimumViews) }
        do throws(MeshInvariantError) {
            self.mesh = try MeshReport(of: mesh.weldingEqualPositions())
        } catch {
            throw .invalidMesh(error)
        }
        let part = mesh.touching(region)
        self.diagonal = diagonal
        referenceSeenShare = Double(wanted.count) / Double(drawn.count)
        trianglesInRegion = part.triangles.count
        let ours =
            SurfaceSampler(part)?.independent(count: options.samples, in: region, seed: seed, label: "mesh samples")
            ?? []
        let ownViews = seen.count(
            ours, occluder: TriangleTree(mesh), tolerance: tolerance, isOneSided: false, limit: 1, threads: threads)
        let visible = zip(ours, ownViews).filter { $0.1 > 0 }.map(\.0)
        scores = Scores(
            visible, wanted, mesh: part, truth: truth.touching(region.expanded(by: 0.05 * diagonal)),
            diagonal: diagonal, unseenShare: 1 - Double(visible.count) / Double(max(1, ours.count)), threads: threads)
    }
}

extension SeenSurfaceEvaluation {
    /// The mesh with its faces outwards when it is closed; an open one as it is.
    private static func outward(_ mesh: TriangleMesh) throws(SeenSurfaceError) -> TriangleMesh {
        do throws(MeshInvariantError) {
            return try MeshTopology(of: mesh.weldingEqualPositions()).isClosed ? mesh.orientedOutward() : mesh
        } catch {
            throw .invalidMesh(error)
        }
    }
}

extension SeenSurfaceEvaluation.Scores {
    /// Summarises distances, which are in the units of `diagonal`; `nil` when there are none in one direction.
    init?(
        accuracy: [Double], completeness: [Double], normalConsistency: Double?, diagonal: Double, unseenShare: Double
    ) {
        guard let there = DistanceStatistics(accuracy), let back = DistanceStatistics(completeness) else { return nil }
        self.init(
            accuracyPercent: there.scaled(by: 100 / diagonal), completenessPercent: back.scaled(by: 100 / diagonal),
            fScores: [0.25, 0.5, 1].map {
                FScore(percent: $0, accuracy: accuracy, completeness: completeness, diagonal: diagonal)
            },
            normalConsistency: normalConsistency, unseenShare: unseenShare)
    }

    fileprivate init?(
        _ visible: [SurfaceSample], _ wanted: [SurfaceSample], mesh: TriangleMesh, truth: TriangleMesh,
        diagonal: Double, unseenShare: Double, threads: Int
    ) {
        let (tree, trueTree) = (TriangleTree(mesh), TriangleTree(truth))
        let completeness = Parallel.map(count: wanted.count, threads: threads) {
            tree.nearest(to: wanted[$0].position)?.distance ?? .infinity
        }
        let nearest = Parallel.map(count: visible.count, threads: threads) {
            trueTree.nearest(to: visible[$0].position)
        }
        var (cosines, count) = (0.0, 0)
        for (sample, found) in zip(visible, nearest) {
            guard let found, found.distance <= 0.01 * diagonal else { continue }
            let (a, b, c) = truth.corners(of: found.face)
            cosines += abs(sample.normal.dot((b - a).cross(c - a).normalized))
            count += 1
        }
        self.init(
            accuracy: nearest.map { $0?.distance ?? .infinity }, completeness: completeness,
            normalConsistency: count > 0 ? cosines / Double(count) : nil, diagonal: diagonal, unseenShare: unseenShare)
    }
}

extension TriangleMesh {
    /// The faces whose boxes touch `box`.
    func touching(_ box: Box) -> TriangleMesh {
        var result = self
        result.triangles = triangles.indices.filter { face in
            let (a, b, c) = corners(of: face)
            return all(pointwiseMin(a, pointwiseMin(b, c)) .<= box.maximum)
                && all(pointwiseMax(a, pointwiseMax(b, c)) .>= box.minimum)
        }.map { triangles[$0] }
        return result.removingUnreferencedVertices()
    }
}
