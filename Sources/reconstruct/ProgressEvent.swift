// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One line of `--progress json`.
struct ProgressEvent: Encodable {
    /// What kinds of lines there are.
    enum Kind: String, Encodable {
        /// How far a stage is; also sent as a sign of life when nothing has changed.
        case progress
        /// A sentence for people.
        case note
    }

    var event: Kind
    /// Seconds since the command began.
    var elapsed: Double
    /// Seconds until the whole command will be done, where that can be told.
    var left: Double?
    var stage: String?
    var completed: Int?
    var total: Int?
    /// Seconds until this stage will be done.
    var stageLeft: Double?
    /// Loss or error, by the stage.
    var figure: Double?
    var text: String?

    /// JSON without line breaks.
    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        // Numbers and strings only: nothing that could not be encoded.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
