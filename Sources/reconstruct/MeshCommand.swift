// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `reconstruct mesh …`
struct MeshCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mesh", abstract: "Examine and convert triangle meshes.",
        subcommands: [MeshInfoCommand.self, MeshConvertCommand.self])
}
