// SPDX-License-Identifier: Apache-2.0

import CMeshOptimizer
import Geometry

/// A mesh with fewer faces, and what that cost.
///
/// Edges are collapsed in the order of the quadric error metric (Garland and Heckbert 1997), by meshoptimizer. Vertices are
/// neither moved nor made, so those that are left keep their exact positions and colours. A surface without boundary stays
/// one: collapsing maps it onto itself.
public struct Simplification: Sendable {
    /// What is left, with normals of its own where the original had any.
    public let mesh: TriangleMesh
    /// Error of the last collapses by the metric, in percent of the diagonal.
    public let errorPercent: Double

    /// Simplifies `mesh`; vertices at equal positions become one first.
    ///
    /// - Throws: ``SimplificationError``.
    public init(of mesh: TriangleMesh, options: SimplificationOptions) throws(SimplificationError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        do throws(MeshInvariantError) { try mesh.checkInvariants() } catch { throw .invalidMesh(error) }
        let welded = mesh.weldingEqualPositions()
        guard let bounds = welded.bounds, bounds.extent.max() > 0, bounds.extent.max().isFinite else {
            (self.mesh, errorPercent) = (welded, 0)
            return
        }
        // About the middle and in units of the longest side, floats lose nothing that would show.
        let (side, diagonal) = (bounds.extent.max(), bounds.diagonal)
        let positions = welded.positions.flatMap { position -> [Float] in
            let local = SIMD3<Float>((position - bounds.center) / side)
            return [local.x, local.y, local.z]
        }
        let indices = welded.triangles.flatMap { [$0.x, $0.y, $0.z] }
        let (target, limit): (Int, Double) =
            switch options.goal {
            // No collapse costs more than the size of the whole.
            case .faces(let count): (min(3 * count, indices.count), 10)
            case .error(let percent): (0, percent / 100 * diagonal / side)
            }
        var (error, written, status): (Float, Int, Int32) = (0, 0, 0)
        let kept = [UInt32](unsafeUninitializedCapacity: indices.count) { buffer, count in
            // An array without elements has no address, and nothing to do.
            guard let destination = buffer.baseAddress else { return }
            status = zs_mesh_simplify(
                indices, indices.count, positions, welded.positions.count, target, Float(limit),
                options.keepsBoundary ? 1 : 0, destination, &written, &error)
            count = written
        }
        guard status != ZS_MESH_NO_ROOM else { throw .outOfMemory(faces: welded.triangles.count) }
        precondition(status == ZS_MESH_OK, "a sound mesh was refused")
        var result = welded
        result.triangles = stride(from: 0, to: kept.count, by: 3).map { SIMD3(kept[$0], kept[$0 + 1], kept[$0 + 2]) }
        result = result.removingDuplicateFaces().mesh.removingUnreferencedVertices()
        if mesh.normals != nil { result.normals = result.areaWeightedNormals() }
        self.mesh = result
        errorPercent = 100 * Double(error) * side / diagonal
    }
}
