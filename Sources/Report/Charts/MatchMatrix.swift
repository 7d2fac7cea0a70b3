// SPDX-License-Identifier: Apache-2.0

import SfM

/// The match graph as a square: one row and one column for each photo, darker where more matches of a pair were verified.
struct MatchMatrix {
    var quality: ModelQuality

    /// Rows at most; beyond, each stands for several photos that follow each other, and shows the best pair among them.
    static let rowLimit = 160
    private static let side = 480.0
    private static let levels = 9

    /// Nothing without pairs.
    var svg: HTML {
        guard !quality.pairs.isEmpty, !quality.photos.isEmpty else { return .none }
        let group = (quality.photos.count + Self.rowLimit - 1) / Self.rowLimit
        let rows = (quality.photos.count + group - 1) / group
        let order = Dictionary(uniqueKeysWithValues: quality.photos.enumerated().map { ($1.imageID, $0) })
        var best: [Int: PairQuality] = [:]
        for pair in quality.pairs where pair.inliers > 0 {
            guard let first = order[pair.pair.first], let second = order[pair.pair.second] else { continue }
            let place = first / group * rows + second / group
            if pair.inliers > best[place]?.inliers ?? 0 { best[place] = pair }
        }
        let most = best.values.map(\.inliers).max() ?? 1
        let step = Self.side / Double(rows)
        let cells = best.sorted { $0.key < $1.key }.flatMap { place, pair -> [HTML] in
            let (row, column) = place.quotientAndRemainder(dividingBy: rows)
            let names = [pair.pair.first, pair.pair.second].map { order[$0].map { quality.photos[$0].name } ?? "" }
            let detail = "\(names[0]) – \(names[1]): \(pair.inliers) of \(pair.matches) matches verified"
            // Square roots, so that weak pairs can be seen beside strong ones.
            let share = (Double(pair.inliers) / Double(most)).squareRoot()
            let level = min(Self.levels, 1 + Int(share * Double(Self.levels)))
            return [(row, column), (column, row)].map { row, column in
                """
                <rect class="m\(level)" x="\(SVG.number(Double(column) * step))" y="\(SVG.number(Double(row) * step))" \
                width="\(SVG.number(step))" height="\(SVG.number(step))"><title>\(detail)</title></rect>
                """
            }
        }
        return """
            <svg class="matrix" viewBox="0 0 \(SVG.number(Self.side)) \(SVG.number(Self.side))" role="img" \
            aria-label="match graph">\(cells)</svg>
            """
    }

    /// Below the square.
    var caption: String {
        let verified = quality.pairs.filter { $0.inliers > 0 }
        let most = verified.map(\.inliers).max() ?? 0
        return
            "Rows and columns are the \(quality.photos.count) photos in the order of the table; darker is more verified "
            + "matches, at most \(NumberText.grouped(most)). \(NumberText.grouped(verified.count)) of "
            + "\(NumberText.grouped(quality.pairs.count)) pairs are verified. Photos that follow each other should make a "
            + "dark band along the diagonal; an empty row is a photo that nothing connects."
    }
}
