// SPDX-License-Identifier: Apache-2.0

import Mesh
import Slices
import Synchronization

/// A volume of labels that the meshes of several jobs go into; written when the last one is there.
final class LabelVolumeOutput: Sendable {
    private let builder: Mutex<LabelVolumeBuilder>
    private let path: String
    private let threads: Int

    /// - Throws: `CommandFailure` when the input has no grid.
    init(path: String, input: SliceInput, threads: Int) throws {
        guard let grid = input.grid else {
            throw CommandFailure(
                "\(path): the input has no voxels to give labels to. Volumes are written on the grid of a volume or a "
                    + "regular stack of pictures; write a mesh (\(MeshFileFormat.list)) instead.")
        }
        builder = Mutex(LabelVolumeBuilder(grid: grid, names: input.names))
        self.path = path
        self.threads = threads
    }

    /// What a job does with its mesh; the last one writes the volume.
    func receiver(
        label: Int, isLast: Bool, display: ProgressDisplay
    ) -> @Sendable (TriangleMesh) throws -> Void {
        { mesh in
            try self.builder.withLock { builder in
                builder.add(mesh, label: label, threads: self.threads)
                guard isLast else { return }
                try VolumeWriter.write(builder.volume, to: self.path)
                if builder.contested > 0 {
                    display.note(
                        "\(builder.contested) voxels were inside several labels; they have the smallest of them.")
                }
            }
        }
    }
}
