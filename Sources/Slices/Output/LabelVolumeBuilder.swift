// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Collects closed meshes, one for each label, into a volume of labels.
///
/// A voxel has the label of the mesh that its centre is inside of. Surfaces of neighbouring labels are made apart and may
/// overlap by a little; there the label that was added first stays.
public struct LabelVolumeBuilder: Sendable {
    /// The grid that is filled.
    public let grid: VoxelGrid
    /// Voxels that were inside more than one mesh.
    public private(set) var contested = 0
    private var codes: [UInt16]
    private var labels = [0]
    private let names: [Int: String]

    /// Starts with a volume that is outside everywhere.
    public init(grid: VoxelGrid, names: [Int: String] = [:]) {
        self.grid = grid
        self.names = names
        codes = [UInt16](repeating: 0, count: grid.count)
    }

    /// Gives the voxels inside `mesh` a label.
    ///
    /// - Precondition: `label` is in 1 ... 2³¹ − 1, and fewer than 65,535 meshes were added.
    public mutating func add(_ mesh: TriangleMesh, label: Int, threads: Int) {
        precondition((1...Int(Int32.max)).contains(label) && labels.count < 65_535, "a label that can be written")
        let code = UInt16(labels.count)
        labels.append(label)
        for (voxel, isInside) in SolidVoxels.inside(mesh, grid: grid, threads: threads).enumerated() where isInside {
            if codes[voxel] == 0 { codes[voxel] = code } else { contested += 1 }
        }
    }

    /// The volume so far.
    public var volume: LabelVolume {
        LabelVolume(
            grid: grid, layers: [LabelVolume.Layer(codes: codes, labels: labels)],
            names: names.filter { labels.contains($0.key) })
    }
}
