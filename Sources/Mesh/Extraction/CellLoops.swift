// SPDX-License-Identifier: Apache-2.0

/// Where the surface cuts the faces of a cell: closed loops over its edges.
///
/// Each face joins the points on its cut edges by one or two segments. A face whose corners alternate has two ways to do
/// so; the *decision* says whether the two inside corners are joined across the face. As the neighbour beyond the face
/// draws the same segments in the other direction, the loops of all cells fit together into a closed surface.
package enum CellLoops {
    /// Bit set of the faces of sign pattern `pattern` (bit c: corner c is inside) whose corners alternate.
    package static func ambiguousFaces(_ pattern: Int) -> Int {
        var set = 0
        for face in 0..<6 {
            let inside = CellNumbering.corners(ofFace: face).map { pattern >> $0 & 1 }
            if inside[0] == inside[2], inside[1] == inside[3], inside[0] != inside[1] { set |= 1 << face }
        }
        return set
    }

    /// Loops of cut edges, walked counter-clockwise seen from outside the surface.
    ///
    /// - Parameters:
    ///   - pattern: Bit c says whether corner c is inside.
    ///   - joined: Bit f says whether ambiguous face f joins its inside corners; other bits are ignored.
    package static func loops(_ pattern: Int, joined: Int) -> [[Int]] {
        var next = [Int?](repeating: nil, count: 12)
        for face in 0..<6 {
            for (exit, entry) in segments(pattern, face: face, joined: joined >> face & 1 == 1) { next[entry] = exit }
        }
        var loops: [[Int]] = []
        for start in 0..<12 {
            var loop: [Int] = []
            var edge = start
            while let following = next[edge] {
                loop.append(edge)
                next[edge] = nil
                edge = following
            }
            if !loop.isEmpty { loops.append(loop) }
        }
        return loops
    }

    /// Pairs of edges joined on one face: where its boundary, walked counter-clockwise, leaves the inside and where the
    /// segment from there meets the boundary again.
    package static func segments(_ pattern: Int, face: Int, joined: Bool) -> [(exit: Int, entry: Int)] {
        let corners = CellNumbering.corners(ofFace: face)
        let inside = corners.map { pattern >> $0 & 1 == 1 }
        let edge = { (place: Int) in CellNumbering.edge(corners[place & 3], corners[(place + 1) & 3]) }
        var result: [(exit: Int, entry: Int)] = []
        for place in 0..<4 where inside[place] && !inside[(place + 1) & 3] {
            var entry = place
            if joined {
                // Around the outside corners ahead.
                repeat { entry += 1 } while !inside[(entry + 1) & 3]
            } else {
                // Around the inside corners behind.
                repeat { entry += 3 } while inside[entry & 3]
            }
            result.append((edge(place), edge(entry)))
        }
        return result
    }
}
