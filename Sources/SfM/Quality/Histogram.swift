// SPDX-License-Identifier: Apache-2.0

/// Counts of values in neighbouring ranges of equal width.
public struct Histogram: Hashable, Sendable, Codable {
    /// Lower end of the first range.
    public var start: Double
    /// Width of each range, positive.
    public var width: Double
    /// Values in each range, which includes its lower end; the last one holds everything above, too.
    public var counts: [Int]

    /// An empty histogram.
    ///
    /// - Precondition: `width` is positive and `bins` at least 1.
    public init(start: Double, width: Double, bins: Int) {
        precondition(width > 0 && bins > 0, "\(bins) ranges of width \(width)")
        self.start = start
        self.width = width
        counts = Array(repeating: 0, count: bins)
    }

    /// Counts a value; those below the start and NaN count as the start.
    public mutating func add(_ value: Double) {
        let place = (value - start) / width
        counts[place > 0 ? Int(min(place, Double(counts.count - 1))) : 0] += 1
    }
}
