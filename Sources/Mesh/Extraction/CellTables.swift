// SPDX-License-Identifier: Apache-2.0

/// What to draw in a cell: for each sign pattern and each decision of its ambiguous faces, one *variant*.
///
/// Generated at first use from ``CellLoops`` and ``LoopTriangulation``; nothing is copied from published tables.
// The pointers name memory that is filled once, before the only instance becomes visible, and never changed or freed.
package struct CellTables: @unchecked Sendable {
    /// For each pattern the number of its first variant; variants of a pattern are ordered by decision, where bit b is
    /// the decision of the b-th ambiguous face in ascending order.
    package let firstVariant: UnsafePointer<UInt16>
    /// For each pattern the bit set of its ambiguous faces.
    package let ambiguousFaces: UnsafePointer<UInt8>
    /// For each pattern the bit set of its cut edges.
    package let cutEdges: UnsafePointer<UInt16>
    /// For each variant, where its triangles start in ``corners``, divided by 3; one more entry than variants.
    package let firstTriangle: UnsafePointer<UInt32>
    /// For each variant, where its loops with a centre start in ``centreLoops``.
    package let firstCentre: UnsafePointer<UInt32>
    /// For each variant the number of loops with a centre.
    package let centreCount: UnsafePointer<UInt8>
    /// Three for each triangle: 0 to 11 a cut edge, 12 onwards the centre of the variant's first loop with a centre …
    package let corners: UnsafePointer<UInt8>
    /// For each loop with a centre its length, then its edges.
    package let centreLoops: UnsafePointer<UInt8>
    /// Number of variants of all patterns.
    package let variantCount: Int

    /// The only instance.
    package static let shared = CellTables()

    private init() {
        var first: [UInt16] = []
        var builder = VariantBuilder()
        for pattern in 0..<256 {
            first.append(UInt16(builder.centreCount.count))
            let ambiguous = (0..<6).filter { CellLoops.ambiguousFaces(pattern) >> $0 & 1 == 1 }
            for decision in 0..<(1 << ambiguous.count) {
                let joined = ambiguous.enumerated().reduce(0) { $0 | (decision >> $1.offset & 1) << $1.element }
                builder.append(CellLoops.loops(pattern, joined: joined))
            }
        }
        variantCount = builder.centreCount.count
        firstVariant = Self.permanent(first)
        ambiguousFaces = Self.permanent((0..<256).map { UInt8(CellLoops.ambiguousFaces($0)) })
        cutEdges = Self.permanent((0..<256).map { Self.cutEdges(of: $0) })
        firstTriangle = Self.permanent(builder.firstTriangle)
        firstCentre = Self.permanent(builder.firstCentre)
        centreCount = Self.permanent(builder.centreCount)
        corners = Self.permanent(builder.corners)
        centreLoops = Self.permanent(builder.centreLoops)
    }

    private static func cutEdges(of pattern: Int) -> UInt16 {
        var set: UInt16 = 0
        for edge in 0..<12 {
            let (axis, low) = CellNumbering.ends(ofEdge: edge)
            if pattern >> low & 1 != pattern >> (low | 1 << axis) & 1 { set |= 1 << edge }
        }
        return set
    }

    private static func permanent<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        memory.initialize(from: elements, count: elements.count)
        return UnsafePointer(memory)
    }

    private struct VariantBuilder {
        var firstTriangle: [UInt32] = [0]
        var firstCentre: [UInt32] = []
        var centreCount: [UInt8] = []
        var corners: [UInt8] = []
        var centreLoops: [UInt8] = []

        mutating func append(_ loops: [[Int]]) {
            firstCentre.append(UInt32(centreLoops.count))
            var centres: UInt8 = 0
            for loop in loops {
                let filled = LoopTriangulation(loop)
                for corner in filled.triangles.joined() {
                    corners.append(corner == LoopTriangulation.centre ? 12 + centres : UInt8(corner))
                }
                guard filled.hasCentre else { continue }
                centres += 1
                centreLoops.append(UInt8(loop.count))
                centreLoops += loop.map { UInt8($0) }
            }
            centreCount.append(centres)
            firstTriangle.append(UInt32(corners.count / 3))
        }
    }
}
