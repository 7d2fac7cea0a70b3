// SPDX-License-Identifier: Apache-2.0

/// Collects defects while a file is read, and words them once, at the end.
struct SliceRepairLog {
    private var planes: [SliceRepair.Kind: Set<Int>] = [:]
    private var counts: [SliceRepair.Kind: Int] = [:]
    private var header: SliceRepair?

    mutating func note(_ kind: SliceRepair.Kind, plane: Int, count: Int = 0) {
        planes[kind, default: []].insert(plane)
        counts[kind, default: 0] += count
    }

    mutating func labelCount(declared: Int, largestUsed: Int) {
        header = SliceRepair(
            kind: .labelCountWrong, planes: [],
            detail:
                "header: \(declared) labels declared (outside is one), but the largest label used is \(largestUsed);"
                + " the labels that occur were used")
    }

    /// One note for each kind, in the order of ``SliceRepair/Kind``.
    var repairs: [SliceRepair] {
        SliceRepair.Kind.allCases.compactMap { kind in
            if kind == .labelCountWrong { return header }
            guard let planes = planes[kind] else { return nil }
            let detail = Self.detail(of: kind, count: counts[kind] ?? 0)
            return SliceRepair(kind: kind, planes: planes.sorted(), detail: detail)
        }
    }

    private static func detail(of kind: SliceRepair.Kind, count: Int) -> String {
        switch kind {
        case .equationDisagrees: "the equation disagrees with the vertices; fitted to the vertices"
        case .normalNotUnit: "the normal is not a unit vector; normalised"
        case .verticesOffPlane: "\(count) vertices off the plane by over a thousandth of the extent; projected"
        case .windingReversed: "\(count) contours run the wrong way round; turned"
        case .labelCountWrong: ""
        case .planeNumbering: "not numbered in the order of the file; the order was used"
        case .repeatedCorners: "\(count) corners repeat their predecessor; dropped"
        case .flatContours: "\(count) contours without area; dropped"
        case .orphanedHoles: "\(count) holes in contours without area; dropped"
        case .unusedVertices: "\(count) vertices belong to no contour; ignored"
        case .emptyPlanes: "no contours; taken as outside everywhere"
        }
    }
}
