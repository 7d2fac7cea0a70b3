// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// How far a mesh made from photos is from scanned points, over what the cameras see.
///
/// As ``SeenSurfaceEvaluation``, but for a truth without faces, such as a laser scan. Points that fewer than 0.5 % of the
/// others are as far out as, on any axis, set no box; the region is the box of the rest, grown by 5 % of its diagonal. Points
/// hide nothing, so those of the region count that lie on enough pictures. What the scanner missed cannot be told from what
/// is wrong: a true part of the mesh without points near it lowers the precision.
public struct SeenScanEvaluation: Hashable, Sendable, Codable {
    /// Diagonal of the box of the points, in their units.
    public let diagonal: Double
    /// Points in the region that enough cameras look at.
    public let points: Int
    /// Median distance from one half of the points (every other one) to the other half, in percent of the diagonal. A perfect
    /// mesh has a median accuracy of about half of it.
    public let spacingPercent: Double
    /// Faces of the mesh that touch the region.
    public let trianglesInRegion: Int
    /// The mesh, with equal positions made one vertex.
    public let mesh: MeshReport
    /// `nil` when no camera sees any of the mesh within the region. Normals are not compared.
    public let scores: SeenSurfaceEvaluation.Scores?

    /// Share of the points, at either end of an axis, that sets no box.
    private static let stray = 0.005

    /// Compares `mesh` with `scan`.
    ///
    /// - Parameters:
    ///   - mesh: In the frame of the truth.
    ///   - scan: Points on the true surface.
    ///   - cameras: The true cameras; points are not used.
    ///   - options: `samples` bounds the points of the scan that are measured, too.
    ///   - threads: Bound on concurrency, at least 1; without influence on the result.
    /// - Throws: ``SeenSurfaceError``.
    public init(
        of mesh: TriangleMesh, scan: [SIMD3<Double>], cameras: Reconstruction,
        options: SeenSurfaceOptions = SeenSurfaceOptions(), threads: Int = Parallel.defaultThreadCount
    ) throws(SeenSurfaceError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        do throws(MeshInvariantError) {
            try mesh.checkInvariants()
            self.mesh = try MeshReport(of: mesh.weldingEqualPositions())
        } catch {
            throw .invalidMesh(error)
        }
        guard scan.allSatisfy(\.isFinite), let tight = Self.box(scan), tight.diagonal > 0 else {
            throw .emptyReference
        }
        let diagonal = tight.diagonal
        let region = tight.expanded(by: 0.05 * diagonal)
        let seen = SeenPoints(cameras)
        let candidates = Self.thinned(scan.filter(region.contains), to: options.samples)
        let views = seen.countOfPictures(candidates, limit: options.minimumViews, threads: threads)
        let wanted = zip(candidates, views).filter { $0.1 >= options.minimumViews }.map(\.0)
        guard !wanted.isEmpty else { throw .referenceUnseen(views: options.minimumViews) }
        let scanTree = PointTree(scan)
        let part = mesh.touching(region)
        self.diagonal = diagonal
        points = wanted.count
        spacingPercent = 100 / diagonal * Self.spacing(of: scan, samples: options.samples, threads: threads)
        trianglesInRegion = part.triangles.count

        let ours =
            SurfaceSampler(part)?.independent(
                count: options.samples, in: region, seed: options.seed, label: "mesh samples") ?? []
        let ownViews = seen.count(
            ours, occluder: TriangleTree(mesh), tolerance: 0.002 * diagonal, isOneSided: false, limit: 1,
            threads: threads)
        let visible = zip(ours, ownViews).filter { $0.1 > 0 }.map(\.0.position)
        let tree = TriangleTree(part)
        let accuracy = Parallel.map(count: visible.count, threads: threads) {
            scanTree.nearest(to: visible[$0])?.distance ?? .infinity
        }
        let completeness = Parallel.map(count: wanted.count, threads: threads) {
            tree.nearest(to: wanted[$0])?.distance ?? .infinity
        }
        scores = SeenSurfaceEvaluation.Scores(
            accuracy: accuracy, completeness: completeness, normalConsistency: nil, diagonal: diagonal,
            unseenShare: 1 - Double(visible.count) / Double(max(1, ours.count)))
    }

    /// The box of all points but the strays; `nil` when there are none.
    private static func box(_ points: [SIMD3<Double>]) -> Box? {
        guard !points.isEmpty else { return nil }
        let skipped = Int(stray * Double(points.count))
        var (low, high) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for axis in 0..<3 {
            let sorted = points.map { $0[axis] }.sorted()
            (low[axis], high[axis]) = (sorted[skipped], sorted[sorted.count - 1 - skipped])
        }
        return Box(minimum: low, maximum: high)
    }

    /// The median distance from every other point to those between.
    private static func spacing(of points: [SIMD3<Double>], samples: Int, threads: Int) -> Double {
        let tree = PointTree(stride(from: 0, to: points.count, by: 2).map { points[$0] })
        let others = thinned(stride(from: 1, to: points.count, by: 2).map { points[$0] }, to: samples)
        let distances = Parallel.map(count: others.count, threads: threads) {
            tree.nearest(to: others[$0])?.distance ?? .infinity
        }
        return DistanceStatistics(distances)?.median ?? 0
    }

    /// Every k-th point, `limit` of them at most.
    private static func thinned(_ points: [SIMD3<Double>], to limit: Int) -> [SIMD3<Double>] {
        let step = max(1, (points.count + limit - 1) / limit)
        return stride(from: 0, to: points.count, by: step).map { points[$0] }
    }
}
