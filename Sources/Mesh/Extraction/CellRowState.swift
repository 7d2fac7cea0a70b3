// SPDX-License-Identifier: Apache-2.0

/// For one row of the grid: numbers of cuts along x, y and z, of centres and of triangles, or where they start.
struct RowNumbers {
    var x: UInt32 = 0
    var y: UInt32 = 0
    var z: UInt32 = 0
    var centres: UInt32 = 0
    var triangles = 0
}

/// Signs of the corners of sixty-four cells.
struct CellWord {
    private let a, b, c, d, e, f, g, h: UInt64

    @inline(__always)
    init(_ row: CellRow, _ word: Int) {
        a = row.r00[word]
        b = row.shifted(row.r00, word)
        c = row.r10[word]
        d = row.shifted(row.r10, word)
        e = row.r01[word]
        f = row.shifted(row.r01, word)
        g = row.r11[word]
        h = row.shifted(row.r11, word)
    }

    /// Bit c: corner c of cell `place` is inside.
    @inline(__always)
    func pattern(_ place: Int) -> Int {
        let shift = UInt64(truncatingIfNeeded: place)
        let x0 = (a &>> shift) & 1 | ((b &>> shift) & 1) << 1 | ((c &>> shift) & 1) << 2 | ((d &>> shift) & 1) << 3
        let x1 = (e &>> shift) & 1 | ((f &>> shift) & 1) << 1 | ((g &>> shift) & 1) << 2 | ((h &>> shift) & 1) << 3
        return Int(truncatingIfNeeded: x0 | x1 << 4)
    }
}

/// Numbers of the next vertices along the four x, two y and two z rows of edges around a row of cells.
struct CellVertices {
    private var x0, x1, x2, x3, y0, y1, z0, z1: UInt32
    /// Number of the next centre.
    var centre: UInt32

    init(_ r00: RowNumbers, _ r10: RowNumbers, _ r01: RowNumbers, _ r11: RowNumbers) {
        (x0, x1, x2, x3) = (r00.x, r10.x, r01.x, r11.x)
        (y0, y1) = (r00.y, r01.y)
        (z0, z1) = (r00.z, r10.z)
        centre = r00.centres
    }

    /// Writes the vertex numbers of the twelve edges of an active cell (those not cut are left meaningless) and moves on.
    @inline(__always)
    mutating func step(cuts: UInt32, into vertex: UnsafeMutablePointer<UInt32>) {
        vertex[0] = x0
        vertex[1] = x1
        vertex[2] = x2
        vertex[3] = x3
        x0 &+= cuts & 1
        x1 &+= cuts >> 1 & 1
        x2 &+= cuts >> 2 & 1
        x3 &+= cuts >> 3 & 1
        vertex[4] = y0
        vertex[6] = y1
        y0 &+= cuts >> 4 & 1
        y1 &+= cuts >> 6 & 1
        vertex[5] = y0
        vertex[7] = y1
        vertex[8] = z0
        vertex[10] = z1
        z0 &+= cuts >> 8 & 1
        z1 &+= cuts >> 10 & 1
        vertex[9] = z0
        vertex[11] = z1
    }
}
