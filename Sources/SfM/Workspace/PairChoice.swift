// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which pairs of photos are matched, before the photos are known.
public enum PairChoice: Hashable, Sendable, Codable {
    /// Each with each.
    case exhaustive
    /// Each with the next `overlap` in the order of their names.
    case sequential(overlap: Int)
    /// Those of a list with two names on each line.
    case list(String)

    /// Photos that follow one in a sequence and are matched with it, when nothing else is said.
    public static let defaultOverlap = 10

    /// The pairs of a workspace's images, ascending.
    ///
    /// - Throws: ``PairSelectionError``.
    func pairs(of images: [ImageID: MatchDatabase.Image]) throws(PairSelectionError) -> [ImagePair] {
        let ordered = images.keys.sorted()
        switch self {
        case .exhaustive: return try PairSelection.exhaustive.pairs(of: ordered)
        case .sequential(let overlap): return try PairSelection.sequential(overlap: overlap).pairs(of: ordered)
        case .list(let text):
            let ids = Dictionary(images.map { ($0.value.name, $0.key) }) { first, _ in first }
            return try PairSelection.list(from: text, ids: ids).pairs(of: ordered)
        }
    }
}
