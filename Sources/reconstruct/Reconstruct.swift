// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line of Zeroset.
@main
struct Reconstruct: AsyncParsableCommand {
    /// Version of the program.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "reconstruct",
        abstract: "Surfaces from photos and from planar cross-sections, on an ordinary CPU.",
        version: version,
        subcommands: [
            ImagesCommand.self, SlicesCommand.self, FeaturesCommand.self, MatchCommand.self, MapCommand.self,
            RefineCommand.self, SurfaceCommand.self, DepthCommand.self, RadianceCommand.self, RenderCommand.self,
            ViewCommand.self, MeshCommand.self, ConvertCommand.self, TransformCommand.self, EvaluateCommand.self,
            DoctorCommand.self,
        ])
}
