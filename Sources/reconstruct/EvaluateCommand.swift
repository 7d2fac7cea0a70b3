// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `reconstruct evaluate …`
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure results against a known truth.",
        subcommands: [EvaluatePosesCommand.self, EvaluateMeshCommand.self])
}
