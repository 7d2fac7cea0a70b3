// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

@Suite struct SphereTracerTests {
    static func rays(_ count: Int, seed: UInt64) -> [FieldRay] {
        var random = RandomStream(seed: seed, label: "rays")
        func vector() -> SIMD3<Float> {
            SIMD3(random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
        }
        return (0..<count).map { _ in
            let origin = vector().normalized * 2
            return FieldRay(origin: origin, direction: (vector() * 0.8 - origin).normalized, range: 0.2...4)
        }
    }

    /// Hits within 2e-3, no false hit, misses flagged.
    @Test(arguments: [Float(1), 1.7]) func hitsASphereWhereAlgebraSays(exaggeration: Float) {
        let center = SIMD3<Float>(0.1, -0.2, 0.05)
        let radius: Float = 0.5
        // A field that overestimates distances makes rays overshoot.
        let field = ClosureField { exaggeration * (($0 - center).length - radius) }
        let rays = Self.rays(10_000, seed: 1)
        let hits = SphereTracer().trace(rays, through: field, threads: 2)
        var counts = (surface: 0, nothing: 0, undecided: 0)
        for (ray, hit) in zip(rays, hits) {
            let offset = SIMD3<Double>(center - ray.origin)
            let along = offset.dot(SIMD3<Double>(ray.direction))
            let missSquared = offset.dot(offset) - along * along
            let half = Double(radius * radius) - missSquared
            switch hit {
            case .surface(let distance):
                counts.surface += 1
                #expect(abs((ray.point(at: distance) - center).length - radius) < 1e-3)
                #expect(half > -1e-3)
                // Along the ray the tolerance of 5e-4 grows with the slant, whose cosine is √half / radius.
                let slant = max(half, 1e-9).squareRoot() / Double(radius)
                if slant > 0.1 { #expect(abs(Double(distance) - (along - half.squareRoot())) < 6e-4 / slant + 1e-4) }
                if slant > 0.5 { #expect(abs(Double(distance) - (along - half.squareRoot())) < 2e-3) }
            case .nothing:
                counts.nothing += 1
                // An overshooting ray may jump over an edge shorter than a step.
                #expect(half < (exaggeration > 1 ? 0.01 : 1e-3))
            case .undecided:
                counts.undecided += 1
                // Only rays that touch the sphere need so many steps.
                #expect(abs(missSquared.squareRoot() - Double(radius)) < 0.01)
            case .startsInside: Issue.record("\(ray) starts outside")
            }
        }
        #expect(counts.surface > 2000 && counts.nothing > 2000 && counts.undecided < 100)
    }

    @Test func aRayThatStartsInsideSaysSo() {
        let ray = FieldRay(origin: .zero, direction: SIMD3(1, 0, 0), range: 0...2)
        #expect(
            SphereTracer().trace([ray], through: AnalyticShape.sphere(center: .zero, radius: 0.5).field)
                == [.startsInside])
    }

    @Test func resultsDoNotDependOnThreadsOrNeighbours() throws {
        let field = SDFField(try SDFSamplesForTests.twins(.quadraticReLU(halfWidth: 0.02)).network)
        let rays = Self.rays(1300, seed: 2)
        let together = SphereTracer().trace(rays, through: field, threads: 1)
        #expect(SphereTracer().trace(rays, through: field, threads: 4) == together)
        for index in stride(from: 0, to: rays.count, by: 97) {
            #expect(SphereTracer().trace([rays[index]], through: field)[0] == together[index])
        }
    }

    @Test func fieldsThatAreNoNumbersEnd() {
        let ray = FieldRay(origin: .zero, direction: SIMD3(1, 0, 0), range: 0...2)
        let hits = SphereTracer().trace([ray], through: ClosureField { _ in .nan })
        #expect(hits == [.undecided(distance: 0)])
    }
}
