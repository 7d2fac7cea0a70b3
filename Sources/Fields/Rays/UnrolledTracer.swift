// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Follows rays through a signed distance by a bounded number of steps and keeps the places where it asked.
///
/// The hit of a ray is `t = t₀ + Σ f(pₖ)`, so that with the places `pₖ` held fast `dt/dθ = Σ ∂f(pₖ)/∂θ`: the gradient of
/// Level-S²fM (Xiao et al., CVPR 2023). Unlike the exact one, `-(∂f/∂θ) / (∇f·d)` at the hit alone, it moves the field all
/// along the ray, also where the ray misses, and finds surfaces that are still unknown. For rays to a surface that is known,
/// ``SphereTracer`` is faster and more exact.
public struct UnrolledTracer: Sendable {
    /// Evaluations of the field for each ray at most.
    public var maximumSteps = 10
    /// A value this close to 0 is the surface, in units of the field.
    public var tolerance: Float = 1e-3

    /// The default tracer.
    public init() {}

    /// Rays followed together; each ray's result depends on itself alone.
    private static let groupSize = 64

    /// Where one ray went.
    public struct Trace: Hashable, Sendable {
        /// Distance at which the ray ended.
        public var distance: Float
        /// Whether the field is 0 at the last place where it was asked, within the tolerance.
        public var hasConverged = false
        /// Distances at which the field was asked, in order.
        public var visited: [Float] = []
    }

    /// Follows all rays; one that leaves its range stays at the range's end.
    ///
    /// - Parameters:
    ///   - rays: In the frame of the field.
    ///   - field: Negative inside.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Returns: One trace for each ray, distances in units of the field.
    public func trace(_ rays: [FieldRay], through field: some ScalarField, threads: Int) -> [Trace] {
        let size = Self.groupSize
        let groups = Parallel.map(count: (rays.count + size - 1) / size, threads: threads, block: 1) { group in
            traceGroup(Array(rays[group * size..<min((group + 1) * size, rays.count)]), through: field)
        }
        return Array(groups.joined())
    }

    private func traceGroup(_ rays: [FieldRay], through field: some ScalarField) -> [Trace] {
        var traces = rays.map { Trace(distance: $0.range.lowerBound) }
        var active = Array(rays.indices)
        for _ in 0..<maximumSteps where !active.isEmpty {
            let values = field.values(at: active.map { rays[$0].point(at: traces[$0].distance) })
            var remaining: [Int] = []
            for (index, value) in zip(active, values) {
                traces[index].visited.append(traces[index].distance)
                let range = rays[index].range
                let next = traces[index].distance + value
                traces[index].distance = min(max(next, range.lowerBound), range.upperBound)
                if abs(value) <= tolerance {
                    traces[index].hasConverged = true
                } else if next < range.upperBound {
                    remaining.append(index)
                }
            }
            active = remaining
        }
        return traces
    }
}
