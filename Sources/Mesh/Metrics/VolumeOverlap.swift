// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How much of the space inside two surfaces is the same, counted on a grid with random distances between its planes.
public struct VolumeOverlap: Hashable, Sendable, Codable {
    /// Volume inside both over volume inside either; what of the mesh lies outside the padded box of the reference counts
    /// with the latter. `nil` when neither holds a point of the grid.
    public let iou: Double?
    /// The same within the padded box alone.
    public let iouInBox: Double?
    /// Volume of the mesh in the padded box, in cubed units.
    public let meshVolume: Double
    /// Volume of the reference.
    public let referenceVolume: Double
    /// Volume of the mesh outside the padded box.
    public let volumeOutsideBox: Double
    /// Share of points on which crossings along the three axes agree: 1 for a closed mesh without self-intersections.
    public let meshAgreement: Double
    /// The same of the reference.
    public let referenceAgreement: Double
    /// Whether both agreements are at least 0.995; the figures mean little otherwise.
    public let isReliable: Bool

    /// Points along each axis of the second grid, which covers a mesh that sticks out of the box.
    private static let outerCells = 96

    /// Counts both on a grid over `box`.
    init(
        mesh: TriangleMesh, meshBox: Box?, reference: TriangleMesh, box: Box, options: MeshComparisonOptions,
        threads: Int
    ) {
        let axes = Self.axes(box, cells: options.gridCells, seed: options.seed, grid: 0)
        let (a, b) = (
            InsideGrid(mesh, axes: axes, threads: threads), InsideGrid(reference, axes: axes, threads: threads)
        )
        var (both, either) = (0, 0)
        for (first, second) in zip(a.isInside, b.isInside) {
            if first && second { both += 1 }
            if first || second { either += 1 }
        }
        let extent = box.extent
        let volume = extent.x * extent.y * extent.z
        let cell = volume / Double(max(1, a.isInside.count))
        let outer = meshBox.flatMap { Self.outside(mesh, meshBox: $0, box: box, options: options, threads: threads) }
        volumeOutsideBox = outer?.volume ?? 0
        iouInBox = either > 0 ? Double(both) / Double(either) : nil
        let union = Double(either) + (cell > 0 ? volumeOutsideBox / cell : 0)
        iou = union > 0 ? Double(both) / union : nil
        meshVolume = a.insideShare * volume
        referenceVolume = b.insideShare * volume
        meshAgreement = min(a.agreement, outer?.agreement ?? 1)
        referenceAgreement = b.agreement
        isReliable = min(meshAgreement, referenceAgreement) >= 0.995
    }

    /// One random coordinate in each of `cells` equal parts of every side.
    private static func axes(_ box: Box, cells: Int, seed: UInt64, grid: UInt64) -> [[Double]] {
        (0..<3).map { axis in
            var random = RandomStream(seed: seed, label: "volume grid", grid, UInt64(axis))
            return (0..<cells).map {
                box.minimum[axis] + box.extent[axis] * (Double($0) + random.uniformDouble()) / Double(cells)
            }
        }
    }

    private static func outside(
        _ mesh: TriangleMesh, meshBox: Box, box: Box, options: MeshComparisonOptions, threads: Int
    ) -> (volume: Double, agreement: Double)? {
        guard !box.contains(meshBox.minimum) || !box.contains(meshBox.maximum) else { return nil }
        let cells = min(options.gridCells, outerCells)
        let axes = axes(meshBox, cells: cells, seed: options.seed, grid: 1)
        let grid = InsideGrid(mesh, axes: axes, threads: threads)
        var count = 0
        for (place, isInside) in grid.isInside.enumerated() where isInside {
            let (x, y, z) = (place / (cells * cells), place / cells % cells, place % cells)
            if !box.contains(SIMD3(axes[0][x], axes[1][y], axes[2][z])) { count += 1 }
        }
        let extent = meshBox.extent / Double(cells)
        return (Double(count) * extent.x * extent.y * extent.z, grid.agreement)
    }
}
