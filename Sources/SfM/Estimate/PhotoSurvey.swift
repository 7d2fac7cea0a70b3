// SPDX-License-Identifier: Apache-2.0

import Images

/// What a folder of photos holds at first sight: names, and the sizes of a few.
public struct PhotoSurvey: Hashable, Sendable {
    /// Photos by their names.
    public var photos: Int
    /// Other files, which are left out.
    public var others: Int
    /// Sizes of the photos that were opened, in the order of their names; at most ``sampleSize``.
    public var sizes: [ImageSize]
    /// Whether the folder of photos is to be taken with masks.
    public var hasMasks: Bool

    /// Photos that are opened at most, so that a look takes no time worth mentioning.
    public static let sampleSize = 16

    /// Describes photos.
    public init(photos: Int, others: Int = 0, sizes: [ImageSize], hasMasks: Bool = false) {
        self.photos = photos
        self.others = others
        self.sizes = sizes
        self.hasMasks = hasMasks
    }

    /// Looks into a folder; photos whose headers cannot be read are passed over here.
    ///
    /// - Throws: ``IngestError/file(_:)`` when the folder cannot be listed.
    public init(_ folder: String, masks: String? = nil) throws(IngestError) {
        let found = try PhotoFolder(folder, masks: masks)
        let count = min(found.names.count, Self.sampleSize)
        let sample = (0..<count).map { found.names[$0 * found.names.count / count] }
        let headers = sample.compactMap { try? ImageFile.header(of: found.path(of: $0)) }
        self.init(
            photos: found.names.count, others: found.ignored.count,
            sizes: headers.map { ImageSize(width: $0.width, height: $0.height) }, hasMasks: masks != nil)
    }

    /// Mean of `measure` over the sample; 0 without one.
    func mean(_ measure: (ImageSize) -> Double) -> Double {
        sizes.isEmpty ? 0 : sizes.reduce(0) { $0 + measure($1) } / Double(sizes.count)
    }
}
