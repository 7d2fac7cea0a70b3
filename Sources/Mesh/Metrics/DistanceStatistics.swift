// SPDX-License-Identifier: Apache-2.0

/// Many distances in a few numbers, in the unit of the distances.
public struct DistanceStatistics: Hashable, Sendable, Codable {
    /// Sum over count.
    public let mean: Double
    /// Half of the distances are at most this.
    public let median: Double
    /// Nine tenths of the distances are at most this.
    public let percentile90: Double
    /// 95 % of the distances are at most this.
    public let percentile95: Double
    /// The largest.
    public let maximum: Double

    /// Summarises `distances`; `nil` when there are none.
    public init?(_ distances: [Double]) {
        guard !distances.isEmpty else { return nil }
        let sorted = distances.sorted()
        mean = distances.reduce(0, +) / Double(distances.count)
        median = Self.quantile(0.5, of: sorted)
        percentile90 = Self.quantile(0.9, of: sorted)
        percentile95 = Self.quantile(0.95, of: sorted)
        maximum = Self.quantile(1, of: sorted)
    }

    private init(_ s: DistanceStatistics, times factor: Double) {
        mean = factor * s.mean
        median = factor * s.median
        percentile90 = factor * s.percentile90
        percentile95 = factor * s.percentile95
        maximum = factor * s.maximum
    }

    /// All numbers times `factor`, which is positive.
    public func scaled(by factor: Double) -> DistanceStatistics { DistanceStatistics(self, times: factor) }

    /// Linear between the two nearest of the sorted values.
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let lower = Int(place)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}

/// Precision, recall and their harmonic mean at one distance (Knapitsch et al. 2017, section 5).
public struct FScore: Hashable, Sendable, Codable {
    /// The distance, in percent of the diagonal of the reference.
    public let percent: Double
    /// Share of the mesh that lies within the distance of the truth.
    public let precision: Double
    /// Share of the truth that lies within the distance of the mesh.
    public let recall: Double
    /// Harmonic mean of both, 0 when both are.
    public let f: Double

    /// Counts distances that are at most `percent` of `diagonal`.
    ///
    /// - Precondition: neither list is empty.
    public init(percent: Double, accuracy: [Double], completeness: [Double], diagonal: Double) {
        precondition(!accuracy.isEmpty && !completeness.isEmpty, "an F-score needs distances in both directions")
        let limit = percent / 100 * diagonal
        let share = { (distances: [Double]) in
            Double(distances.reduce(0) { $0 + ($1 <= limit ? 1 : 0) }) / Double(distances.count)
        }
        self.percent = percent
        precision = share(accuracy)
        recall = share(completeness)
        f = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }
}
