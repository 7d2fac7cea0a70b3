// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One bit for each node of a grid and of a layer of outside nodes around it.
///
/// Node (i, j, k) of the grid is bit i + 1 of row (j + 1, k + 1); rows and bits on the rim stay 0. Sixty-four nodes fit in
/// a word, so cuts along x, y and z are exclusive-ors of words.
// Rows are written by at most one thread at a time and read only after the writers are done.
final class SignBits: @unchecked Sendable {
    /// Words in a row; the bits after the rim are 0.
    let wordsPerRow: Int
    /// Rows in a plane: the grid's and two of the rim.
    let rowsPerPlane: Int
    /// Planes: the grid's and two of the rim.
    let planes: Int
    private let words: UnsafeMutablePointer<UInt64>

    /// All nodes outside.
    init(counts: SIMD3<Int>) {
        wordsPerRow = (counts.x + 2 + 63) / 64
        rowsPerPlane = counts.y + 2
        planes = counts.z + 2
        words = .allocate(capacity: wordsPerRow * rowsPerPlane * planes)
        words.initialize(repeating: 0, count: wordsPerRow * rowsPerPlane * planes)
    }

    deinit { words.deallocate() }

    /// Words of a row; `j` and `k` count the rim.
    @inline(__always)
    func row(_ j: Int, _ k: Int) -> UnsafeMutablePointer<UInt64> { words + wordsPerRow * (j + rowsPerPlane * k) }

    /// Sets or clears the bit of a grid node.
    @inline(__always)
    func set(_ i: Int, _ j: Int, _ k: Int, to inside: Bool) {
        let word = row(j + 1, k + 1) + (i + 1) >> 6
        let bit = UInt64(1) << UInt64((i + 1) & 63)
        if inside { word.pointee |= bit } else { word.pointee &= ~bit }
    }

    /// Sets the bits of the grid nodes `first ... last` of a row.
    func fill(_ first: Int, through last: Int, _ j: Int, _ k: Int) {
        let row = row(j + 1, k + 1)
        for word in ((first + 1) >> 6)...((last + 1) >> 6) {
            let low = max(first + 1 - 64 * word, 0)
            let high = min(last + 1 - 64 * word, 63)
            row[word] |= (~0 << UInt64(low)) & (~0 >> UInt64(63 - high))
        }
    }

    /// Packs one row of values.
    ///
    /// - Parameters:
    ///   - sign: +1 when values above `level` are inside, −1 when values below are.
    /// - Returns: Whether a value is NaN.
    func pack(_ values: UnsafePointer<Float>, count: Int, _ j: Int, _ k: Int, level: Float, sign: Float) -> Bool {
        let row = row(j + 1, k + 1)
        var carry: UInt64 = 0
        var notANumber = SIMDMask<SIMD16<Int32>>(repeating: false)
        for word in 0..<wordsPerRow {
            var bits: UInt64 = 0
            let available = min(64, count - 64 * word)
            var place = 0
            while place + 16 <= available {
                let chunk = UnsafeRawPointer(values + 64 * word + place).loadUnaligned(as: SIMD16<Float>.self)
                notANumber = notANumber .| (chunk .!= chunk)
                bits |= UInt64(Self.mask(chunk, level: level, sign: sign)) << UInt64(place)
                place += 16
            }
            while place < available {
                let value = values[64 * word + place]
                if value != value { notANumber[0] = true }
                if value * sign > level * sign { bits |= 1 << UInt64(place) }
                place += 1
            }
            row[word] = bits << 1 | carry
            carry = bits >> 63
        }
        return any(notANumber)
    }

    @inline(__always)
    private static func mask(_ chunk: SIMD16<Float>, level: Float, sign: Float) -> UInt16 {
        let powers = SIMD16<UInt32>(
            1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
        let inside = (chunk * sign) .> SIMD16(repeating: level * sign)
        return UInt16(truncatingIfNeeded: SIMD16<UInt32>.zero.replacing(with: powers, where: inside).wrappedSum())
    }
}

extension SignBits {
    /// Bits of the cells of a row that the surface cuts, sixty-four at a time; `j` and `k` count the rim.
    @inline(__always)
    func rowsOfCells(_ j: Int, _ k: Int) -> CellRow {
        CellRow(
            words: wordsPerRow, r00: row(j, k), r10: row(j + 1, k), r01: row(j, k + 1), r11: row(j + 1, k + 1))
    }
}

/// The four node rows around a row of cells.
struct CellRow {
    let words: Int
    /// Node rows at (dy, dz) = (0, 0), (1, 0), (0, 1), (1, 1).
    let r00, r10, r01, r11: UnsafeMutablePointer<UInt64>

    /// The bits of word `index` of `row`, each replaced by its right neighbour.
    @inline(__always)
    func shifted(_ row: UnsafeMutablePointer<UInt64>, _ index: Int) -> UInt64 {
        row[index] >> 1 | (index + 1 < words ? row[index + 1] << 63 : 0)
    }

    /// Cells of word `index` whose corners do not all have the same sign.
    @inline(__always)
    func activeCells(_ index: Int) -> UInt64 {
        let either = r00[index] | r10[index] | r01[index] | r11[index]
        let both = r00[index] & r10[index] & r01[index] & r11[index]
        guard index + 1 < words else { return (either | either >> 1) & ~(both & both >> 1) }
        let eitherNext = r00[index + 1] | r10[index + 1] | r01[index + 1] | r11[index + 1]
        let bothNext = r00[index + 1] & r10[index + 1] & r01[index + 1] & r11[index + 1]
        return (either | either >> 1 | eitherNext << 63) & ~(both & (both >> 1 | bothNext << 63))
    }
}
