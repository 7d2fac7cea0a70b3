// SPDX-License-Identifier: Apache-2.0

/// The pairs to match could not be chosen.
public enum PairSelectionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Too many images to match each with each.
    case tooManyForExhaustive(images: Int, limit: Int)
    /// The overlap of sequential matching is not positive.
    case overlap(Int)
    /// A line of a pair list is not two names of images.
    case unknownNames(line: Int, text: String)
    /// A line of a pair list can be read in several ways, because names have spaces.
    case ambiguousNames(line: Int, text: String)
    /// A line of a pair list names one image twice.
    case sameImage(line: Int, name: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .tooManyForExhaustive(let images, let limit):
            "\(images) images make \(images * (images - 1) / 2) pairs; each with each is done up to \(limit) images. "
                + "Use --ordered when the photos were taken one after the other, or give a list of pairs."
        case .overlap(let overlap): "The overlap is \(overlap); each image must meet at least the next one."
        case .unknownNames(let line, let text):
            "Pair list, line \(line): \"\(text)\" is not two names of images with a space between."
        case .ambiguousNames(let line, let text):
            "Pair list, line \(line): \"\(text)\" can be split in several ways; rename images that have spaces."
        case .sameImage(let line, let name): "Pair list, line \(line): \(name) is paired with itself."
        }
    }
}

/// Which images are matched with which.
public enum PairSelection: Hashable, Sendable {
    /// Each with each.
    case exhaustive
    /// Each with the next `overlap` in the order of the photos.
    case sequential(overlap: Int)
    /// These.
    case list([ImagePair])

    /// Images up to which ``exhaustive`` is accepted.
    public static let exhaustiveLimit = 200

    /// The pairs in ascending order, each once.
    ///
    /// - Parameter images: All images in the order in which they were taken.
    /// - Throws: ``PairSelectionError``.
    public func pairs(of images: [ImageID]) throws(PairSelectionError) -> [ImagePair] {
        switch self {
        case .exhaustive:
            guard images.count <= Self.exhaustiveLimit else {
                throw .tooManyForExhaustive(images: images.count, limit: Self.exhaustiveLimit)
            }
            return Self.sorted(images.indices.flatMap { i in images[..<i].map { ImagePair($0, images[i]) } })
        case .sequential(let overlap):
            guard overlap > 0 else { throw .overlap(overlap) }
            let reach = min(overlap, images.count)
            return Self.sorted(
                images.indices.flatMap { i in
                    images[i...].dropFirst().prefix(reach).map { ImagePair(images[i], $0) }
                })
        case .list(let pairs):
            let known = Set(images)
            return Self.sorted(pairs.filter { known.contains($0.first) && known.contains($0.second) })
        }
    }

    /// Reads a list: `name1 name2` on each line; empty lines and lines that start with `#` do not count.
    ///
    /// - Parameters:
    ///   - text: The whole file.
    ///   - ids: All images by name; names may have spaces as long as only one reading makes sense.
    /// - Throws: ``PairSelectionError``, with the number of the line.
    public static func list(
        from text: String, ids: [String: ImageID]
    ) throws(PairSelectionError) -> PairSelection {
        var pairs: [ImagePair] = []
        // "\r\n" is one Character, and a newline too.
        for (index, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trimmed(content)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let readings = line.indices.filter { line[$0] == " " || line[$0] == "\t" }.compactMap {
                space -> (String, String)? in
                let names = (trimmed(line[..<space]), trimmed(line[line.index(after: space)...]))
                return ids[names.0] != nil && ids[names.1] != nil ? names : nil
            }
            let distinct = readings.filter { $0 != readings[0] }
            guard let names = readings.first, let first = ids[names.0], let second = ids[names.1] else {
                throw .unknownNames(line: index + 1, text: line)
            }
            guard distinct.isEmpty else { throw .ambiguousNames(line: index + 1, text: line) }
            guard first != second else { throw .sameImage(line: index + 1, name: names.0) }
            pairs.append(ImagePair(first, second))
        }
        return .list(sorted(pairs))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func sorted(_ pairs: [ImagePair]) -> [ImagePair] { Array(Set(pairs)).sorted() }
}
