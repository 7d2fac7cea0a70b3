// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Slices

/// Flags about what turns sections into a field.
struct SliceEngineFlags: ParsableArguments {
    /// Values of `--field`.
    enum Field: String, ExpressibleByArgument, CaseIterable {
        case auto, occupancy, thinplate, hybrid
    }

    @Option(
        help: ArgumentHelp(
            """
            What turns sections into a solid: occupancy (trained network), thinplate (the smoothest field, in seconds), \
            auto.
            """, valueName: "engine"))
    var field: Field?

    /// Sets what the command line asks for.
    func apply(to options: inout SliceReconstructionOptions) {
        switch field {
        case nil: break
        case .auto: options.engine = nil
        case .occupancy: options.engine = .occupancy
        case .thinplate: options.engine = .thinPlate
        case .hybrid: options.engine = .hybrid
        }
    }
}
