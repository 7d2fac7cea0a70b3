// SPDX-License-Identifier: Apache-2.0

/// Weights laid end to end on a line, to draw an index with a probability in proportion to its weight.
struct CumulativeWeights {
    private let ends: [Double]

    init(_ weights: some Sequence<Double>) {
        var total = 0.0
        ends = weights.map { weight in
            total += weight
            return total
        }
    }

    /// Sum of all weights.
    var total: Double { ends.last ?? 0 }

    /// The index whose stretch of the line holds `place`, and how far into the stretch that is.
    func index(at place: Double) -> (index: Int, remainder: Double) {
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > place { high = middle } else { low = middle + 1 }
        }
        return (low, place - (low > 0 ? ends[low - 1] : 0))
    }
}
