// SPDX-License-Identifier: Apache-2.0

import Geometry

/// An alignment that some badly wrong cameras do not spoil: least median of squares over triples of centres, refined on
/// those that fit.
struct RobustCenterAlignment {
    /// Distance of each aligned centre from its true one.
    let errors: [Double]
    /// How many of them are at most three times the median.
    let inliers: Int
    /// The alignment itself.
    let alignment: CenterAlignment

    /// `nil` with fewer than four centres, or when no triple of them decides a rotation.
    init?(estimate: [SIMD3<Double>], truth: [SIMD3<Double>], seed: UInt64) {
        guard estimate.count >= 4 else { return nil }
        var best: (median: Double, alignment: CenterAlignment)?
        for triple in Self.triples(of: estimate.count, seed: seed) {
            guard
                let alignment = CenterAlignment(
                    estimate: triple.map { estimate[$0] }, truth: triple.map { truth[$0] }, orientations: nil)
            else { continue }
            let median = ErrorStatistics.median(of: alignment.errors(estimate: estimate, truth: truth))
            if best == nil || median < best?.median ?? .infinity { best = (median, alignment) }
        }
        guard var alignment = best?.alignment else { return nil }
        for _ in 0..<5 {
            let fitting = Self.fitting(alignment.errors(estimate: estimate, truth: truth))
            let x = fitting.map { estimate[$0] }
            let center = CenterAlignment.mean(x)
            // An absolute bound, as in the reference program.
            guard x.count >= 3, CenterAlignment.singularValues(x.map { $0 - center })[1] >= 1e-6,
                let refined = CenterAlignment(estimate: x, truth: fitting.map { truth[$0] }, orientations: nil)
            else { break }
            alignment = refined
        }
        errors = alignment.errors(estimate: estimate, truth: truth)
        inliers = Self.fitting(errors).count
        self.alignment = alignment
    }

    /// Those that are at most three times the median.
    static func fitting(_ errors: [Double]) -> [Int] {
        let bound = max(3 * ErrorStatistics.median(of: errors), 1e-12)
        return errors.indices.filter { errors[$0] <= bound }
    }

    /// All triples in lexicographic order, or 3,000 random ones when there are more.
    private static func triples(of count: Int, seed: UInt64) -> [[Int]] {
        if count * (count - 1) * (count - 2) / 6 <= 3000 {
            return (0..<count).flatMap { a in
                ((a + 1)..<max(count, a + 1)).flatMap { b in ((b + 1)..<max(count, b + 1)).map { [a, b, $0] } }
            }
        }
        return (0..<3000).map { number in
            var random = RandomStream(seed: seed, label: "centre triples", UInt64(number))
            var triple: [Int] = []
            while triple.count < 3 {
                let index = random.index(below: count)
                if !triple.contains(index) { triple.append(index) }
            }
            return triple
        }
    }
}
