// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How far a mesh is from a reference mesh, over the whole of both surfaces.
///
/// Distances are between points drawn on the surfaces, so they have a floor that two samplings of one surface show:
/// see ``Distances/noiseFloor``.
public struct MeshComparison: Hashable, Sendable, Codable {
    /// Distances between the two surfaces, in units of the reference unless said otherwise.
    public struct Distances: Hashable, Sendable, Codable {
        /// From the mesh to the reference.
        public let accuracy: DistanceStatistics
        /// From the reference to the mesh.
        public let completeness: DistanceStatistics
        /// Mean of the two mean distances.
        public let chamferL1: Double
        /// Sum of the two mean squared distances, in squared units.
        public let chamferL2: Double
        /// The larger of the two 95th percentiles.
        public let hausdorff95: Double
        /// The larger of the two maxima.
        public let hausdorff: Double
        /// Mean distance between two samplings of the reference: no mesh has a smaller ``chamferL1``.
        public let noiseFloor: Double
        /// ``chamferL1`` over the diagonal.
        public let chamferL1Relative: Double
        /// ``chamferL2`` over the square of the diagonal.
        public let chamferL2Relative: Double
        /// ``hausdorff95`` over the diagonal.
        public let hausdorff95Relative: Double
        /// ``hausdorff`` over the diagonal.
        public let hausdorffRelative: Double
        /// At 0.5, 1 and 2 % of the diagonal.
        public let fScores: [FScore]
        /// Mean absolute cosine between the normals of nearest points, over both directions.
        public let normalConsistency: Double
        /// Share of the mesh's area outside the padded box of the reference.
        public let areaShareOutsideBox: Double
    }

    /// The mesh, with equal positions made one vertex.
    public let mesh: MeshReport
    /// The reference, likewise.
    public let reference: MeshReport
    /// Diagonal of the reference's box: the length to which figures are relative.
    public let diagonal: Double
    /// What is inside.
    public let volume: VolumeOverlap
    /// `nil` when the mesh has no area.
    public let distances: Distances?

    /// Percentages of the diagonal at which F-scores are taken.
    private static let thresholds = [0.5, 1, 2]

    /// Compares `mesh` with `reference`, which is in the same frame and units.
    ///
    /// - Parameters:
    ///   - mesh: What is scored.
    ///   - reference: What it should be, in the same frame and units.
    ///   - options: How finely they are compared.
    ///   - threads: Bound on concurrency, at least 1; without influence on the result.
    /// - Throws: ``MeshComparisonError``.
    public init(
        of mesh: TriangleMesh, with reference: TriangleMesh, options: MeshComparisonOptions = MeshComparisonOptions(),
        threads: Int = Parallel.defaultThreadCount
    ) throws(MeshComparisonError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        let (mesh, reference) = (try Self.sound(mesh), try Self.sound(reference))
        guard let tight = reference.bounds, let trueSampler = SurfaceSampler(reference) else { throw .emptyReference }
        do throws(MeshInvariantError) {
            self.mesh = try MeshReport(of: mesh)
            self.reference = try MeshReport(of: reference)
        } catch {
            throw .invalidMesh(error)
        }
        diagonal = tight.diagonal
        let box = tight.expanded(by: options.padding * tight.extent.max())
        volume = VolumeOverlap(
            mesh: mesh, meshBox: mesh.bounds, reference: reference, box: box, options: options, threads: threads)
        distances = SurfaceSampler(mesh).flatMap { sampler in
            Distances(
                sampler, trueSampler, diagonal: tight.diagonal, box: box, thresholds: Self.thresholds,
                options: options, threads: threads)
        }
    }

    /// The mesh as its geometry says, whatever its file shares between faces.
    private static func sound(_ mesh: TriangleMesh) throws(MeshComparisonError) -> TriangleMesh {
        do throws(MeshInvariantError) { try mesh.checkInvariants() } catch { throw .invalidMesh(error) }
        return mesh.weldingEqualPositions()
    }
}

extension MeshComparison.Distances {
    init?(
        _ sampler: SurfaceSampler, _ trueSampler: SurfaceSampler, diagonal: Double, box: Box, thresholds: [Double],
        options: MeshComparisonOptions, threads: Int
    ) {
        let (count, seed) = (options.samples, options.seed)
        let ours = sampler.stratified(count: count, seed: seed, label: "mesh samples")
        let truth = trueSampler.stratified(count: count, seed: seed, label: "reference samples")
        let control = trueSampler.stratified(count: count, seed: seed, label: "control samples")
        let trees = Parallel.map(count: 2, threads: threads, block: 1) {
            PointTree(($0 == 0 ? ours : truth).map(\.position))
        }
        let toTruth = Self.nearest(ours, in: trees[1], threads: threads)
        let toMesh = Self.nearest(truth, in: trees[0], threads: threads)
        let floor = Self.nearest(control, in: trees[1], threads: threads)
        let (there, back) = (toTruth.map(\.distance), toMesh.map(\.distance))
        guard let accuracy = DistanceStatistics(there), let completeness = DistanceStatistics(back) else { return nil }
        let meanSquare = { (values: [Double]) in values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }
        let l1 = 0.5 * (accuracy.mean + completeness.mean)
        let l2 = meanSquare(there) + meanSquare(back)
        let h95 = max(accuracy.percentile95, completeness.percentile95)
        let h = max(accuracy.maximum, completeness.maximum)
        let cosines = { (from: [SurfaceSample], to: [SurfaceSample], pairs: [(index: Int, distance: Double)]) in
            zip(from, pairs).reduce(0) { $0 + abs($1.0.normal.dot(to[$1.1.index].normal)) } / Double(from.count)
        }
        self.init(
            accuracy: accuracy, completeness: completeness, chamferL1: l1, chamferL2: l2, hausdorff95: h95,
            hausdorff: h, noiseFloor: floor.reduce(0) { $0 + $1.distance } / Double(count),
            chamferL1Relative: l1 / diagonal, chamferL2Relative: l2 / (diagonal * diagonal),
            hausdorff95Relative: h95 / diagonal, hausdorffRelative: h / diagonal,
            fScores: thresholds.map {
                FScore(percent: $0, accuracy: there, completeness: back, diagonal: diagonal)
            },
            normalConsistency: 0.5 * (cosines(ours, truth, toTruth) + cosines(truth, ours, toMesh)),
            areaShareOutsideBox: Double(ours.reduce(0) { $0 + (box.contains($1.position) ? 0 : 1) }) / Double(count))
    }

    private static func nearest(
        _ samples: [SurfaceSample], in tree: PointTree, threads: Int
    ) -> [(index: Int, distance: Double)] {
        Parallel.map(count: samples.count, threads: threads) {
            tree.nearest(to: samples[$0].position) ?? (index: 0, distance: .infinity)
        }
    }
}
