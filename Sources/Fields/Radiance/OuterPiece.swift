// SPDX-License-Identifier: Apache-2.0

/// A piece of a ray outside the cube that is cut into layers.
///
/// Places on it are shares in 0...1: of the way, or of the inverse distance when the piece goes on to infinity.
struct OuterPiece: Sendable {
    /// Distance at share 0.
    var start: Float
    /// Distance at share 1; `nil` for infinity.
    var end: Float?
    /// Layers that are rendered.
    var layers: Int

    /// Distance at a share.
    func distance(at share: Float) -> Float {
        guard let end else { return share < 1 ? start / (1 - share) : .infinity }
        return start + share * (end - start)
    }

    /// Intervals of equal share that density is asked of, before layers are placed.
    var probes: Int { 2 * layers }

    /// Shares at which probing intervals end whose matter is to be found; what is left is one layer up to infinity.
    private var reach: Float { end == nil ? 1 - 1 / Float(probes) : 1 }

    /// Part of the layers that are spread evenly, whatever the probes say: they see what the probes have missed.
    private static let evenShare: Float = 0.25

    /// Edges of the layers, in shares: close together where the probes say that light comes from.
    ///
    /// Quantiles of the weights of the probing intervals mixed with an even density (after Mildenhall et al., ECCV 2020,
    /// section 5.2; here the intervals between quantiles are the layers).
    ///
    /// - Parameter weights: Share of the light that each probing interval sends to the eye.
    func edges(weights: [Float]) -> [Float] {
        let last = reach < 1
        let intervals = last ? probes - 1 : probes
        let count = last ? layers - 1 : layers
        guard count > 0 else { return [0, 1] }
        // Matter found at a place is likely in the neighbouring intervals, too.
        let spread = (0..<intervals).map { index in
            max(weights[max(index - 1, 0)], weights[index])
                + max(weights[index], weights[min(index + 1, intervals - 1)])
        }
        let floor = max(spread.reduce(0, +), 1e-3) * Self.evenShare / (1 - Self.evenShare) / Float(intervals)
        var sums: [Float] = [0]
        for weight in spread { sums.append((sums.last ?? 0) + weight + floor) }
        let total = sums[intervals]
        var edges: [Float] = [0]
        var interval = 0
        for index in 1..<max(count, 1) {
            let wanted = total * Float(index) / Float(count)
            while interval + 1 < intervals && sums[interval + 1] < wanted { interval += 1 }
            let share = (wanted - sums[interval]) / (sums[interval + 1] - sums[interval])
            edges.append((Float(interval) + min(max(share, 0), 1)) / Float(probes))
        }
        edges.append(reach)
        if last { edges.append(1) }
        return edges
    }
}
