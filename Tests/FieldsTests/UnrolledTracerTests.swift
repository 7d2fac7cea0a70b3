// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

@Suite struct UnrolledTracerTests {
    static let sphere = AnalyticShape.sphere(center: .zero, radius: 0.5)

    /// Rays from a distance of 2 to places in the plane through the origin.
    static let rays: [FieldRay] = {
        var random = RandomStream(seed: 1, label: "unrolled tracer")
        return (0..<500).map { _ in
            let target = SIMD3<Float>(random.uniform(in: -0.8..<0.8), random.uniform(in: -0.8..<0.8), 0)
            let origin = SIMD3<Float>(0, 0, 2)
            return FieldRay(origin: origin, direction: (target - origin).normalized, range: 0.9...3.2)
        }
    }()

    @Test func hitsAreTheSumOfTheValuesOnTheWay() {
        var tracer = UnrolledTracer()
        tracer.maximumSteps = 12
        let traces = tracer.trace(Self.rays, through: Self.sphere.field, threads: 2)
        var converged = 0
        for (ray, trace) in zip(Self.rays, traces) {
            #expect(trace.visited.first == 0.9 && trace.visited.count <= 12)
            var distance: Float = 0.9
            for visited in trace.visited {
                #expect(visited == distance)
                distance = min(distance + Self.sphere.signedDistance(ray.point(at: visited)), 3.2)
            }
            #expect(trace.distance == distance)
            // Along the ray p = o + t d the sphere is met where t² + 2 t o·d + o·o = r².
            let half = ray.origin.dot(ray.direction)
            let root = half * half - ray.origin.dot(ray.origin) + 0.25
            if trace.hasConverged {
                converged += 1
                #expect(abs(Self.sphere.signedDistance(ray.point(at: trace.distance))) <= 1e-3)
                if root > 0.05 { #expect(abs(trace.distance - (-half - root.squareRoot())) < 4e-3) }
            } else {
                // Only rays that miss, or pass so close that steps run out.
                #expect(root < 0.05, "\(root)")
            }
        }
        #expect(converged > 100 && converged < 400)
    }

    @Test func resultsDoNotDependOnThreads() {
        let one = UnrolledTracer().trace(Self.rays, through: Self.sphere.field, threads: 1)
        #expect(UnrolledTracer().trace(Self.rays, through: Self.sphere.field, threads: 4) == one)
        #expect(UnrolledTracer().trace([], through: Self.sphere.field, threads: 4).isEmpty)
    }

    @Test func raysStayWithinTheirRange() {
        let far = ClosureField { _ in 10 }
        let behind = ClosureField { _ in -10 }
        for trace in UnrolledTracer().trace(Self.rays, through: far, threads: 1) {
            #expect(trace.distance == 3.2 && !trace.hasConverged && trace.visited == [0.9])
        }
        for trace in UnrolledTracer().trace(Self.rays, through: behind, threads: 1) {
            #expect(trace.distance == 0.9 && !trace.hasConverged && trace.visited.count == 10)
        }
    }
}
