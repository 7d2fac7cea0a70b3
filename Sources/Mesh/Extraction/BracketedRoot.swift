// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#endif

/// A root of a continuous function between 0 and 1, found by the ITP method (Oliveira and Takahashi 2020).
///
/// Never slower than bisection by more than one round, and as fast as the secant method on smooth functions.
struct BracketedRoot {
    /// Brackets narrower than this part of an edge are left alone.
    private static let tolerance = 1.0 / 1024
    private var lower: (place: Double, value: Double)
    private var upper: (place: Double, value: Double)

    /// - Precondition: the values at 0 and at 1 are finite and have different signs.
    init(lower: Double, upper: Double) {
        self.lower = (0, lower)
        self.upper = (1, upper)
    }

    /// Where the secant of the bracket has value 0.
    var estimate: Double {
        guard lower.place < upper.place else { return lower.place }
        return lower.place + (upper.place - lower.place) * lower.value / (lower.value - upper.value)
    }

    /// Whether asking again would not move the estimate visibly.
    var isNarrow: Bool { upper.place - lower.place < Self.tolerance }

    /// Where to ask next: the secant's root, drawn a little to the middle, and as close to the middle as is needed to
    /// halve the bracket in each round but one.
    func nextPlace(round: Int) -> Double {
        let width = upper.place - lower.place
        let middle = lower.place + width / 2
        let secant = estimate
        let side = secant < middle ? 1.0 : -1.0
        let truncated = secant + side * min(0.2 * width * width, abs(middle - secant))
        let reach = max(0, exp2(Double(-round)) - width / 2)
        return abs(truncated - middle) <= reach ? truncated : middle - side * reach
    }

    /// Takes in the value at a place in the bracket. Values that are not finite change nothing.
    mutating func narrow(place: Double, value: Double) {
        guard value.isFinite, place > lower.place, place < upper.place else { return }
        if value == 0 {
            lower = (place, value)
            upper = (place, value)
        } else if (value < 0) == (lower.value < 0) {
            lower = (place, value)
        } else {
            upper = (place, value)
        }
    }
}
