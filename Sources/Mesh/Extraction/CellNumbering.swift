// SPDX-License-Identifier: Apache-2.0

/// Numbers for the corners, edges and faces of a grid cell.
///
/// - Corner `dx + 2 dy + 4 dz`.
/// - Edges 0 to 3 run along x at `dy + 2 dz`, 4 to 7 along y at `4 + dx + 2 dz`, 8 to 11 along z at `8 + dx + 2 dy`.
/// - Face `2 axis + side`.
package enum CellNumbering {
    /// The four corners of `face`, counter-clockwise seen from outside the cell.
    package static func corners(ofFace face: Int) -> [Int] {
        let axis = face / 2
        let base = (face % 2) << axis
        let u = 1 << ((axis + 1) % 3)
        let v = 1 << ((axis + 2) % 3)
        let upperSide = [base, base + u, base + u + v, base + v]
        return face % 2 == 1 ? upperSide : [base, base + v, base + u + v, base + u]
    }

    /// The edge between two corners that differ in one coordinate.
    package static func edge(_ a: Int, _ b: Int) -> Int {
        let low = a & b
        switch a ^ b {
        case 1: return low >> 1
        case 2: return 4 + (low & 1) + (low >> 2) * 2
        case 4: return 8 + low
        default: preconditionFailure("corners \(a) and \(b) are not neighbours")
        }
    }

    /// Axis of `edge` and its corner with the smaller coordinate.
    package static func ends(ofEdge edge: Int) -> (axis: Int, low: Int) {
        let place = edge % 4
        switch edge / 4 {
        case 0: return (0, place << 1)
        case 1: return (1, (place & 1) | (place >> 1) << 2)
        default: return (2, place)
        }
    }

    /// Bit set of the two faces that `edge` lies on.
    package static func faces(ofEdge edge: Int) -> Int {
        let (axis, low) = ends(ofEdge: edge)
        var set = 0
        for other in 0..<3 where other != axis { set |= 1 << (2 * other + (low >> other & 1)) }
        return set
    }
}
