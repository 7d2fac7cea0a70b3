// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What rays see of fields with a closed form.
@Suite struct VolumeRenderingTests {
    static func networks(_ distance: SDFNetwork) throws -> RadianceNetworks {
        try RadianceNetworks(RadianceSamples.architecture(surroundings: false), about: distance, seed: 4)
    }

    /// The same distance everywhere is matter of the same density: what is seen within the cube is `1 - exp(-σ L)`. Far
    /// above the surface, near it, and just outside it rays are cut in different ways.
    @Test(arguments: [Float(1), 3, 5]) func slabOfConstantDensityHidesTheClosedForm(scales: Float) throws {
        let beta: Float = 0.05
        let networks = try Self.networks(RadianceSamples.plane(normal: .zero, offset: -scales * beta))
        let rays = RadianceSamples.rays(300, spread: 1)
        let density = 0.5 * exp(-Double(scales)) / Double(beta)
        for (ray, sight) in zip(rays, try RadianceRenderer(networks, beta: beta).render(rays, threads: 2)) {
            let range = try #require(ray.inside).range
            let expected = 1 - exp(-density * Double(range.upperBound - range.lowerBound))
            #expect(abs(Double(sight.opacity) - expected) <= 1e-4)
        }
    }

    /// Rendered depth is within 2β of an opaque plane, however small β is.
    @Test(arguments: [Float(0.02), 0.005, 0.001]) func depthOfAPlaneConverges(beta: Float) throws {
        let normal = SIMD3<Float>(0.6, 0, 0.8)
        let networks = try Self.networks(RadianceSamples.plane(normal: normal, offset: 0.1))
        // From above, down to 30 degrees above the plane.
        let rays = RadianceSamples.rays(600, spread: 0.3).filter {
            $0.origin.dot(normal) > 0.1 && $0.direction.dot(normal) < -0.5
        }
        #expect(rays.count > 50)
        for (ray, sight) in zip(rays, try RadianceRenderer(networks, beta: beta).render(rays, threads: 2)) {
            let point = ray.origin + sight.distance * ray.direction
            #expect(abs(point.dot(normal) - 0.1) <= 2 * beta, "off by \((point.dot(normal) - 0.1) / beta) β")
            #expect(sight.opacity > 0.9999)
            #expect((sight.normal - normal).length < 1e-3)
        }
    }

    /// Rays that miss the cube, and those without matter, show what lies behind everything.
    @Test func backdropIsSeenWhereNothingIs() throws {
        var architecture = RadianceSamples.architecture(surroundings: false)
        architecture.backdrop = SIMD3(0.2, 0.5, 0.9)
        let networks = try RadianceNetworks(
            architecture, about: RadianceSamples.plane(normal: .zero, offset: -1), seed: 4)
        let rays =
            RadianceSamples.rays(20, spread: 1) + [RadianceRay(origin: SIMD3(0, 0, 3), direction: SIMD3(1, 0, 0))]
        for sight in try RadianceRenderer(networks, beta: 0.01).render(rays, threads: 1) {
            #expect((sight.color - architecture.backdrop).length < 1e-6 && sight.opacity < 1e-6)
            #expect(sight.distance == .infinity)
        }
    }

    @Test func picturesDoNotDependOnThreads() throws {
        let networks = try RadianceNetworks(
            RadianceSamples.architecture(surroundings: true),
            about: RadianceSamples.plane(normal: SIMD3(0, 0, 1), offset: 0), seed: 4)
        let renderer = try RadianceRenderer(networks, beta: 0.01)
        let rays = RadianceSamples.rays(5000, spread: 1.5)
        let one = renderer.render(rays, threads: 1)
        #expect(renderer.render(rays, threads: 4) == one)
        // Neighbours leave no trace either.
        #expect(renderer.render(Array(rays[100..<110]), threads: 1) == Array(one[100..<110]))
    }

    @Test func scaleMustBePositive() throws {
        let networks = try Self.networks(RadianceSamples.plane(normal: SIMD3(0, 0, 1), offset: 0))
        for beta: Float in [0, -1, .nan, .infinity] {
            #expect(throws: OptionsError.self) { try RadianceRenderer(networks, beta: beta) }
        }
    }
}
