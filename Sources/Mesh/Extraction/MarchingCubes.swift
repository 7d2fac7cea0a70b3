// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Triangulates the surface where a sampled field crosses a level.
///
/// The result is always closed, edge- and vertex-manifold, and wound counter-clockwise seen from outside: ambiguous faces
/// are decided from their own four values, no diagonal lies in a cell face, and everything beyond the grid is outside, so
/// a surface that leaves the grid is capped 1/1024 of a cell beyond it. Vertices lie on grid edges (rarely in the middle
/// of a cell); their distance from the surface is of second order in the spacing.
///
/// NaN values are an error. Infinite values count as the largest finite ones.
public enum MarchingCubes {
    /// Extracts the surface from values at all nodes.
    ///
    /// - Parameters:
    ///   - grid: Where the nodes are.
    ///   - values: One value per node, x fastest.
    ///   - options: The iso-level, and which side of it is inside.
    ///   - threads: Bound on concurrency, at least 1; the result is the same bytes for any.
    /// - Returns: Vertices and faces in the scan order of the grid, in its frame.
    /// - Throws: ``ExtractionError`` for NaN values, a bad iso-level, or more than 2³² − 1 vertices.
    /// - Precondition: `values` has `grid.nodeCount` entries.
    public static func extract(
        grid: RegularGrid, values: [Float], options: IsoSurfaceOptions = .signedDistance, threads: Int = 1
    ) throws(ExtractionError) -> TriangleMesh {
        precondition(values.count == grid.nodeCount, "\(values.count) values for \(grid.nodeCount) nodes")
        do { try options.validate() } catch { throw .options(error) }
        let result = values.withUnsafeBufferPointer { buffer -> Result<TriangleMesh, ExtractionError> in
            guard let base = buffer.baseAddress else { return .success(TriangleMesh()) }
            let bits = SignBits(counts: grid.counts)
            if packed(base, grid: grid, into: bits, options: options, threads: threads) {
                return .failure(.notANumber(node: firstNaN(buffer, grid: grid)))
            }
            let extractor = SurfaceExtractor(
                grid: grid, values: DenseNodeValues(base, counts: grid.counts), bits: bits, level: options.isoLevel)
            do throws(ExtractionError) { return .success(try extractor.extract(threads: threads)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Fills `bits` and returns whether a value is NaN.
    private static func packed(
        _ values: UnsafePointer<Float>, grid: RegularGrid, into bits: SignBits, options: IsoSurfaceOptions, threads: Int
    ) -> Bool {
        let counts = grid.counts
        nonisolated(unsafe) let values = values
        let bad = [Bool](unsafeUninitializedCapacity: counts.z) { flags, count in
            nonisolated(unsafe) let flags = flags
            Parallel.forEach(count: counts.z, threads: threads) { k, _ in
                var found = false
                for j in 0..<counts.y {
                    let row = values + counts.x * (j + counts.y * k)
                    let bad = bits.pack(
                        row, count: counts.x, j, k, level: options.isoLevel, sign: options.insideSign)
                    found = found || bad
                }
                flags.initializeElement(at: k, to: found)
            }
            count = counts.z
        }
        return bad.contains(true)
    }

    private static func firstNaN(_ values: UnsafeBufferPointer<Float>, grid: RegularGrid) -> SIMD3<Int> {
        let index = values.firstIndex { $0.isNaN } ?? 0
        let row = index / grid.counts.x
        return SIMD3(index % grid.counts.x, row % grid.counts.y, row / grid.counts.y)
    }
}
