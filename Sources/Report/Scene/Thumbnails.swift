// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Images
import Synchronization

/// Small copies of photos, for tables and 3D views.
public struct Thumbnails: Sendable {
    /// JPEG files in base 64, by the photos' names.
    let pictures: [String: String]

    /// Photos beyond this number have none, so that a page stays small.
    public static let limit = 400
    private static let longerSide = 160
    private static let quality = 72

    /// No pictures.
    public static let none = Thumbnails(pictures: [:])

    package init(pictures: [String: String]) { self.pictures = pictures }

    /// Makes small copies of the first photos; one that cannot be read has none.
    ///
    /// - Parameters:
    ///   - names: Paths relative to `folder`.
    ///   - folder: The photo folder.
    public init(of names: [String], in folder: String, threads: Int) {
        let names = Array(names.prefix(Self.limit))
        let made = Mutex<[String: String]>([:])
        Parallel.forEach(count: names.count, threads: threads) { index, _ in
            var options = ImageReadingOptions()
            options.acceptDamaged = true
            guard let picture = try? ImageFile.read("\(folder)/\(names[index])", options: options),
                let bytes = try? ImageFile.jpegData(
                    picture.resized(longerSideAtMost: Self.longerSide), quality: Self.quality)
            else { return }
            made.withLock { $0[names[index]] = Data(bytes).base64EncodedString() }
        }
        pictures = made.withLock { $0 }
    }
}
