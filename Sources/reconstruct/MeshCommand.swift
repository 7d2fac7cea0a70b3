// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `reconstruct mesh …`
struct MeshCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mesh", abstract: "Examine, convert, clean and simplify triangle meshes.",
        subcommands: [
            MeshInfoCommand.self, MeshConvertCommand.self, MeshCleanCommand.self, MeshSimplifyCommand.self,
        ])
}
