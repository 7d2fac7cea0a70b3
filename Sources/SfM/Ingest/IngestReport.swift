// SPDX-License-Identifier: Apache-2.0

/// What ingest found.
public struct IngestReport: Hashable, Sendable, Codable {
    /// A photo and the earlier one with the same bytes; the later is left out.
    public struct Duplicate: Hashable, Sendable, Codable {
        /// The one left out.
        public var name: String
        /// The one used.
        public var original: String
    }

    /// Photos that can be used.
    public var photoCount = 0
    /// Photos left out because they cannot be read, with the reason.
    public var unreadable: [IgnoredFile] = []
    /// Photos used although a part of them is missing or wrong, with the reason.
    public var damaged: [IgnoredFile] = []
    /// Files that are no photos.
    public var ignored: [IgnoredFile] = []
    /// Photos left out because an earlier one has the same bytes.
    public var duplicates: [Duplicate] = []
    /// Photos without mask, when there is a mask folder.
    public var unmasked: [String] = []
    /// Masks without photo.
    public var unusedMasks: [String] = []
    /// Photos by what their focal length rests on.
    public var focalLengthEvidence: [FocalLengthPrior.Evidence: Int] = [:]
}
