// SPDX-License-Identifier: Apache-2.0

import Mesh

/// Checks before long work that its result can be written.
enum MeshOutput {
    /// Throws when the extension names no format that meshes are written in.
    static func checkFormat(_ path: String) throws { _ = try MeshFileFormat(path: path) }
}
