// SPDX-License-Identifier: Apache-2.0

/// The order in which people count: `slice 9` before `slice 10`.
enum NaturalOrder {
    /// Whether `a` comes before `b`. Runs of digits compare as numbers of any length; names that differ in leading zeros
    /// only, by their bytes.
    static func precedes(_ a: String, _ b: String) -> Bool {
        let (first, second) = (Array(a.utf8), Array(b.utf8))
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            if isDigit(first[i]), isDigit(second[j]) {
                let (x, y) = (number(first, &i), number(second, &j))
                if x.count != y.count { return x.count < y.count }
                if x != y { return x.lexicographicallyPrecedes(y) }
            } else if first[i] != second[j] {
                return first[i] < second[j]
            } else {
                (i, j) = (i + 1, j + 1)
            }
        }
        if (i < first.count) != (j < second.count) { return j < second.count }
        return first.lexicographicallyPrecedes(second)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The digits from `place` on, without leading zeros; moves behind them.
    private static func number(_ bytes: [UInt8], _ place: inout Int) -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.count, isDigit(bytes[place]) { place += 1 }
        return bytes[start..<place].drop { $0 == 0x30 }
    }
}
