// SPDX-License-Identifier: Apache-2.0

extension IngestReport {
    /// What was left out or is doubtful, one sentence each.
    public var sentences: [String] {
        unreadable.map { "\($0.name): \($0.reason)" }
            + damaged.map { "\($0.name) is used, but \($0.reason)" }
            + duplicates.map { "\($0.name): the same file as \($0.original)" }
            + ignored.map { "\($0.name): \($0.reason)" }
            + unmasked.map { "\($0): used whole, it has no mask" }
            + unusedMasks.map { "mask \($0): there is no such photo" }
    }
}
