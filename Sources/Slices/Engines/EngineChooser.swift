// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Chooses the engine for a set of sections.
public enum EngineChooser {
    /// An engine and why.
    public struct Choice: Hashable, Sendable {
        /// The engine.
        public let engine: SliceEngine
        /// A sentence.
        public let reason: String
    }

    /// The engine that `options` name, or else the one that suits the sections.
    public static func choose(_ slices: SliceSet, options: SliceReconstructionOptions) -> Choice {
        if let engine = options.engine { return Choice(engine: engine, reason: "asked for") }
        return Choice(engine: .occupancy, reason: "default")
    }
}
