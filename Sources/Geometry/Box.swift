// SPDX-License-Identifier: Apache-2.0

/// An axis-aligned box, `minimum ≤ maximum` on every axis; empty when built from no points.
public struct Box: Hashable, Sendable, Codable {
    /// Corner with the smallest coordinates, in the units of the points.
    public var minimum: SIMD3<Double>
    /// Corner with the largest coordinates.
    public var maximum: SIMD3<Double>

    /// Creates a box from its two extreme corners.
    public init(minimum: SIMD3<Double>, maximum: SIMD3<Double>) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The smallest box that holds all `points`, or `nil` when there are none.
    public init?(enclosing points: some Sequence<SIMD3<Double>>) {
        var lower = SIMD3<Double>(repeating: .infinity)
        var upper = SIMD3<Double>(repeating: -.infinity)
        for point in points {
            lower = pointwiseMin(lower, point)
            upper = pointwiseMax(upper, point)
        }
        guard lower.x <= upper.x else { return nil }
        self.init(minimum: lower, maximum: upper)
    }

    /// Edge lengths along x, y and z.
    public var extent: SIMD3<Double> { maximum - minimum }
    /// Midpoint; finite for all finite corners.
    public var center: SIMD3<Double> { 0.5 * minimum + 0.5 * maximum }
    /// Length of the space diagonal.
    public var diagonal: Double { extent.length }

    /// The box grown by `margin` on each of its six sides.
    public func expanded(by margin: Double) -> Box {
        Box(minimum: minimum - margin, maximum: maximum + margin)
    }

    /// Distances along a ray, in lengths of `direction` and not below 0, at which it enters and leaves the box; `nil` when
    /// it misses the box.
    ///
    /// - Parameter direction: Not zero.
    package func crossing(from origin: SIMD3<Double>, along direction: SIMD3<Double>) -> ClosedRange<Double>? {
        var (entry, exit) = (0.0, Double.infinity)
        for axis in 0..<3 {
            guard direction[axis] != 0 else {
                guard minimum[axis] <= origin[axis], origin[axis] <= maximum[axis] else { return nil }
                continue
            }
            let (a, b) = (
                (minimum[axis] - origin[axis]) / direction[axis], (maximum[axis] - origin[axis]) / direction[axis]
            )
            entry = max(entry, min(a, b))
            exit = min(exit, max(a, b))
        }
        return entry < exit && exit.isFinite ? entry...exit : nil
    }

    /// Whether `point` lies inside or on the surface.
    public func contains(_ point: SIMD3<Double>) -> Bool {
        all(point .>= minimum) && all(point .<= maximum)
    }
}
