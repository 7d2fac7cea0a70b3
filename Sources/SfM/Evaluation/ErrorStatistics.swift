// SPDX-License-Identifier: Apache-2.0

/// A list of errors in four numbers.
public struct ErrorStatistics: Hashable, Sendable, Codable {
    /// Sum over count.
    public let mean: Double
    /// Middle of the sorted list; the mean of the two middle ones of an even count.
    public let median: Double
    /// Root of the mean square.
    public let rootMeanSquare: Double
    /// The largest.
    public let maximum: Double

    /// Summarises `errors`; `nil` when there are none.
    public init?(_ errors: [Double]) {
        guard let largest = errors.max() else { return nil }
        let count = Double(errors.count)
        mean = errors.reduce(0, +) / count
        median = Self.median(of: errors)
        rootMeanSquare = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        maximum = largest
    }

    private init(mean: Double, median: Double, rootMeanSquare: Double, maximum: Double) {
        self.mean = mean
        self.median = median
        self.rootMeanSquare = rootMeanSquare
        self.maximum = maximum
    }

    /// All four numbers times `factor`, which is positive.
    func scaled(by factor: Double) -> ErrorStatistics {
        ErrorStatistics(
            mean: factor * mean, median: factor * median, rootMeanSquare: factor * rootMeanSquare,
            maximum: factor * maximum)
    }

    /// - Precondition: `values` is not empty.
    static func median(of values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    }
}

/// Area under the curve of "share of errors below x" from 0 to a threshold, divided by the threshold: 1 when all errors are
/// 0, 0 when all exceed the threshold.
public struct AreaUnderCurve: Hashable, Sendable, Codable {
    /// Up to 1 degree.
    public let at1: Double
    /// Up to 3 degrees.
    public let at3: Double
    /// Up to 5 degrees.
    public let at5: Double
    /// Up to 10 degrees.
    public let at10: Double

    /// - Parameters:
    ///   - errors: In degrees.
    ///   - failures: Number of further errors that count as infinite.
    init(_ errors: [Double], failures: Int = 0) {
        let count = Double(errors.count + failures)
        let area = { (threshold: Double) -> Double in
            count > 0 ? errors.reduce(0) { $0 + max(0, 1 - $1 / threshold) } / count : 0
        }
        at1 = area(1)
        at3 = area(3)
        at5 = area(5)
        at10 = area(10)
    }
}
