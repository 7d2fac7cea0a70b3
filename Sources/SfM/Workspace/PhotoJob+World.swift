// SPDX-License-Identifier: Apache-2.0

import Geometry

extension PhotoJob {
    /// Writes a copy of the model and the mesh in the frame of the world to `world/`; the workspace's own files stay in the
    /// model's frame.
    ///
    /// - Throws: ``FrameError``, ``SceneFileError``, `MeshFileError`, `FileError`, ``PhotoJobInterruption``.
    public func writeWorld(_ options: FrameOptions) throws {
        try checkCancellation()
        let world = WorldOutput(source: workspace.folder, photoFolder: workspace.record.photoFolder)
        let found = try world.find(options)
        try world.write(found, to: workspace.path("world"))
        report.frame = found
    }
}
