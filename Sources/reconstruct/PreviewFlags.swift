// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Mesh

/// Looks at the mesh while it is made.
struct PreviewFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Write the mesh so far about every so many seconds while a field is trained: coarse, and without the cuts and \
            colours of the result, which it does not change.
            """, valueName: "seconds"))
    var preview: Double?

    func validate() throws {
        if let preview, !(preview >= 1 && preview <= 86_400) {
            throw ValidationError("--preview is \(preview); it must be 1 to 86,400 seconds.")
        }
    }

    /// Writes to `path`, whose extension names a format that meshes are written in; `nil` when nobody asked.
    func request(to path: String, display: ProgressDisplay) -> MeshPreview? {
        preview.map { seconds in
            MeshPreview(interval: seconds) { mesh in
                do {
                    try MeshFile.write(mesh, to: path)
                } catch {
                    // Something to look at: that it cannot be written is no reason to stop.
                    display.note("No preview: \(error)")
                }
            }
        }
    }
}
