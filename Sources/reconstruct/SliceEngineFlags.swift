// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Slices

/// Flags about what turns sections into a field.
struct SliceEngineFlags: ParsableArguments {
    /// Values of `--field`.
    enum Field: String, ExpressibleByArgument, CaseIterable {
        case auto, occupancy, thinplate
    }

    @Option(
        help: ArgumentHelp(
            """
            What turns sections into a solid: occupancy (a trained network; best for thin or sparsely cut shapes), \
            thinplate (the surface that bends least; seconds, follows the slices more closely), auto (thinplate for \
            parallel stacks of solids that are thicker than the gaps between slices, else occupancy). Default: \(Self.name(SliceReconstructionOptions().engine)).
            """, valueName: "engine"))
    var field: Field?

    @Flag(
        help: """
            First leave out slices in three turns, and print how well the engine guesses them; takes three times as long \
            again.
            """)
    var holdoutSlices = false

    private static func name(_ engine: SliceEngine?) -> String { engine?.rawValue ?? Field.auto.rawValue }

    /// Sets what the command line asks for.
    func apply(to options: inout SliceReconstructionOptions) {
        switch field {
        case nil: break
        case .auto: options.engine = nil
        case .occupancy: options.engine = .occupancy
        case .thinplate: options.engine = .thinPlate
        }
    }
}
