// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// Small fields whose values are known, and rays through them.
enum RadianceSamples {
    /// A signed distance network that is `normal · x - offset` exactly: a ramp up minus a ramp down is a straight line.
    static func plane(normal: SIMD3<Float>, offset: Float, levels: Int = 4) throws -> SDFNetwork {
        var architecture = SDFArchitecture()
        architecture.grid.levels = levels
        architecture.grid.coarsestResolution = 4
        architecture.grid.finestResolution = 32
        architecture.grid.log2TableSize = 12
        architecture.width = 16
        let network = try SDFNetwork(architecture, seed: 3)
        let inputs = architecture.inputWidth
        var hidden = [Float](repeating: 0, count: 16 * inputs)
        var bias = [Float](repeating: 0, count: 16)
        var output = [Float](repeating: 0, count: 16)
        for (unit, sign) in [(0, Float(1)), (1, -1)] {
            for axis in 0..<3 { hidden[unit * inputs + axis] = sign * normal[axis] }
            bias[unit] = -sign * offset
            output[unit] = sign
        }
        for (name, values) in [
            ("mlp.layers.0.weight", hidden), ("mlp.layers.0.bias", bias), ("mlp.layers.1.weight", output),
            ("mlp.layers.1.bias", [0]),
        ] {
            guard let tensor = network.parameters.tensor(name) else { preconditionFailure("no tensor \(name)") }
            network.parameters.set(tensor, to: values)
        }
        network.refresh()
        return network
    }

    /// Networks of colour of a few thousand numbers.
    static func architecture(surroundings: Bool) -> RadianceArchitecture {
        var result = RadianceArchitecture()
        result.grid.levels = 3
        result.grid.coarsestResolution = 4
        result.grid.finestResolution = 24
        result.grid.log2TableSize = 9
        result.hiddenWidths = [16, 16]
        result.surroundings = nil
        if surroundings {
            var around = RadianceArchitecture.Surroundings()
            around.grid.levels = 2
            around.grid.coarsestResolution = 4
            around.grid.finestResolution = 12
            around.grid.log2TableSize = 9
            around.hiddenWidths = [16]
            around.samplesBefore = 2
            around.samplesBehind = 4
            result.surroundings = around
        }
        return result
    }

    static func direction(_ random: inout RandomStream) -> SIMD3<Float> {
        while true {
            let point = SIMD3<Float>(
                random.uniform(in: -1..<1), random.uniform(in: -1..<1), random.uniform(in: -1..<1))
            if point.length > 0.1 && point.length < 1 { return point.normalized }
        }
    }

    /// Rays from places 2 to 3 away towards places about the cube's centre, with random colours of three pictures.
    static func rays(_ count: Int, spread: Float, seed: UInt64 = 1) -> [RadianceRay] {
        var random = RandomStream(seed: seed, label: "radiance rays")
        return (0..<count).map { index in
            let origin = direction(&random) * random.uniform(in: 2..<3)
            let target = direction(&random) * random.uniform(in: 0..<spread)
            return RadianceRay(
                origin: origin, direction: (target - origin).normalized,
                color: SIMD3(random.uniform(), random.uniform(), random.uniform()), pictureIndex: index % 3,
                // Some in the layers before the cube, some behind it, some where nothing is rendered.
                sighting: index % 4 == 0 ? random.uniform(in: 0.8..<6) : nil)
        }
    }
}
