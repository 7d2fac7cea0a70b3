// SPDX-License-Identifier: Apache-2.0

/// What `reconstruct convert` writes.
enum SceneFormat: String, CaseIterable, Sendable, Encodable {
    case colmapBinary = "colmap-bin"
    case colmapText = "colmap-txt"
    case transforms
    case tum
    case pointCloud = "ply"
    case database

    /// The format that the name of an output suggests.
    init(outputName name: String) {
        let name = name.lowercased()
        if name.hasSuffix(".json") {
            self = .transforms
        } else if name.hasSuffix(".ply") {
            self = .pointCloud
        } else if name.hasSuffix(".tum") {
            self = .tum
        } else if name.hasSuffix(".db") {
            self = .database
        } else {
            self = .colmapBinary
        }
    }
}
