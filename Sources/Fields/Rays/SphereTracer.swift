// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A part of a straight line in the frame of a field.
public struct FieldRay: Hashable, Sendable {
    /// Start of the line.
    public var origin: SIMD3<Float>
    /// Unit vector.
    public var direction: SIMD3<Float>
    /// Distances from the origin between which the surface is looked for.
    public var range: ClosedRange<Float>

    /// Creates a ray.
    public init(origin: SIMD3<Float>, direction: SIMD3<Float>, range: ClosedRange<Float>) {
        self.origin = origin
        self.direction = direction
        self.range = range
    }

    /// The point at `distance`.
    public func point(at distance: Float) -> SIMD3<Float> { origin + distance * direction }
}

/// What a ray met.
public enum RayHit: Hashable, Sendable {
    /// The surface at this distance, coming from outside.
    case surface(distance: Float)
    /// Nothing up to the end of its range.
    case nothing
    /// The ray starts inside.
    case startsInside
    /// Steps ran out near this distance, without a surface.
    case undecided(distance: Float)
}

/// What a ray met, and how close it came to the surface before.
public struct RayApproach: Hashable, Sendable {
    /// What the ray met.
    public var hit: RayHit
    /// Where the field was smallest among the places outside the surface that were asked.
    public var nearestDistance: Float
    /// The field there; not finite when the ray was nowhere outside.
    public var nearestValue: Float
    /// How steeply the field fell along the ray at its last two places outside: about the cosine between ray and surface at
    /// a hit. 1 when there were no two.
    public var descent: Float

    package init(hit: RayHit, nearestDistance: Float, nearestValue: Float, descent: Float) {
        self.hit = hit
        self.nearestDistance = nearestDistance
        self.nearestValue = nearestValue
        self.descent = descent
    }
}

/// Follows rays through a signed distance by steps of its value (Hart 1996), many rays at a time.
public struct SphereTracer: Sendable {
    /// Evaluations of the field per ray at most.
    public var maximumSteps = 48
    /// A value this close to 0 is the surface, in units of the field.
    public var tolerance: Float = 5e-4
    /// Longest step; trained fields overestimate far from what they were trained on.
    public var longestStep: Float = 0.2

    /// The default tracer.
    public init() {}

    /// Rays followed together; each ray's result depends on itself alone.
    private static let groupSize = 128

    /// Follows all rays.
    public func trace(_ rays: [FieldRay], through field: some ScalarField, threads: Int = 1) -> [RayHit] {
        approaches(of: rays, through: field, threads: threads).map(\.hit)
    }

    /// Follows all rays and also tells how close they came.
    public func approaches(of rays: [FieldRay], through field: some ScalarField, threads: Int = 1) -> [RayApproach] {
        let size = Self.groupSize
        let groups = Parallel.map(count: (rays.count + size - 1) / size, threads: threads, block: 1) { group in
            traceGroup(rays[group * size..<min((group + 1) * size, rays.count)], through: field)
        }
        return Array(groups.joined())
    }

    /// Where one ray is on its way.
    private struct Progress {
        var distance: Float
        /// Last distance with a positive value, and that value.
        var outside: (distance: Float, value: Float)?
        /// First distance with a negative value, and that value: the surface lies before it.
        var inside: (distance: Float, value: Float)?
        /// The place with the smallest positive value.
        var nearest: (distance: Float, value: Float) = (0, .infinity)
        /// Fall of the value per length between the last two places outside.
        var descent: Float = 1

        mutating func noteOutside(value: Float) {
            if let outside, distance > outside.distance {
                descent = (outside.value - value) / (distance - outside.distance)
            }
            outside = (distance, value)
            if value < nearest.value { nearest = (distance, value) }
        }

        /// Where the line through the last positive value and this small one has its zero: takes most of the tolerance
        /// off the hit without another evaluation.
        func lastStep(value: Float) -> Float {
            guard let outside, outside.value > value, outside.value > 0 else { return distance }
            let slope = (outside.value - value) / (distance - outside.distance)
            // A slope under a tenth would be a guess.
            return slope > 0.1 ? distance + value / slope : distance
        }
    }

    private func traceGroup(_ rays: ArraySlice<FieldRay>, through field: some ScalarField) -> [RayApproach] {
        var hits = [RayHit](repeating: .nothing, count: rays.count)
        var states = rays.map { Progress(distance: $0.range.lowerBound) }
        var active = Array(rays.indices).map { $0 - rays.startIndex }
        for _ in 0..<maximumSteps where !active.isEmpty {
            let values = field.values(at: active.map { rays[rays.startIndex + $0].point(at: states[$0].distance) })
            var remaining: [Int] = []
            for (index, value) in zip(active, values) {
                if let hit = advance(&states[index], value: value, ray: rays[rays.startIndex + index]) {
                    hits[index] = hit
                } else {
                    remaining.append(index)
                }
            }
            active = remaining
        }
        for index in active { hits[index] = .undecided(distance: states[index].distance) }
        return zip(hits, states).map { hit, state in
            RayApproach(
                hit: hit, nearestDistance: state.nearest.distance, nearestValue: state.nearest.value,
                descent: state.descent)
        }
    }

    /// Takes in the value at the present distance; returns the result when the ray is done.
    private func advance(_ state: inout Progress, value: Float, ray: FieldRay) -> RayHit? {
        if value < 0 && state.outside == nil { return .startsInside }
        if abs(value) <= tolerance {
            return .surface(distance: min(state.lastStep(value: value), ray.range.upperBound))
        }
        if value < 0 { state.inside = (state.distance, value) } else { state.noteOutside(value: value) }
        if let outside = state.outside, let inside = state.inside {
            // Overshot: the surface is bracketed. Regula falsi, kept off the ends so that both of them move.
            let share = min(max(outside.value / (outside.value - inside.value), 0.1), 0.9)
            state.distance = outside.distance + share * (inside.distance - outside.distance)
            let gap = inside.distance - outside.distance
            return gap <= tolerance ? .surface(distance: state.distance) : nil
        }
        guard value.isFinite else { return .undecided(distance: state.distance) }
        state.distance += min(value, longestStep)
        return state.distance > ray.range.upperBound ? .nothing : nil
    }
}
