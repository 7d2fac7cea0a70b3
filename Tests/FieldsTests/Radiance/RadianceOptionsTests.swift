// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

@Suite struct RadianceOptionsTests {
    @Test func trainingOptionsAreChecked() throws {
        try RadianceTrainingOptions().validate()
        let wrong: [(inout RadianceTrainingOptions) -> Void] = [
            { $0.firstBeta = 2 }, { $0.lastBeta = 0 }, { $0.lastBeta = $0.firstBeta * 2 }, { $0.firstBeta = .nan },
            { $0.gridRate = 0 }, { $0.perceptronRate = 1 }, { $0.exposureRate = -1 }, { $0.finalRateFraction = 0 },
            { $0.colorWeight = -1 }, { $0.depthWeight = .infinity }, { $0.eikonalWeight = .nan },
            { $0.sightingWeight = -1 }, { $0.veilWeight = .nan }, { $0.colorRounding = 0 }, { $0.leastWeight = 0.2 },
            { $0.distance.steps = 0 },
            { $0.sampling.surfaceLayers = 0 },
        ]
        for (index, change) in wrong.enumerated() {
            var options = RadianceTrainingOptions()
            change(&options)
            #expect(throws: OptionsError.self, "case \(index)") { try options.validate() }
        }
    }

    @Test func architecturesAreChecked() throws {
        try RadianceArchitecture().validate()
        let wrong: [(inout RadianceArchitecture) -> Void] = [
            { $0.hiddenWidths = [] }, { $0.hiddenWidths = [24] }, { $0.hiddenWidths = [512] },
            { $0.grid.levels = 0 }, { $0.grid.log2TableSize = 40 }, { $0.surroundings?.samplesBehind = 0 },
            { $0.surroundings?.samplesBefore = 1000 }, { $0.surroundings?.hiddenWidths = [1] },
        ]
        for (index, change) in wrong.enumerated() {
            var architecture = RadianceArchitecture()
            change(&architecture)
            #expect(throws: OptionsError.self, "case \(index)") { try architecture.validate() }
        }
    }

    /// From the first to the last scale, and it never grows.
    @Test func densityGrowsSharperStepByStep() {
        var options = RadianceTrainingOptions()
        options.distance.steps = 100
        let betas = (0...120).map { options.beta(step: $0) }
        #expect(betas[0] == options.firstBeta && abs(betas[100] - options.lastBeta) < 1e-7)
        #expect(betas[120] == betas[100])
        #expect(zip(betas, betas.dropFirst()).allSatisfy { $0 >= $1 })
    }
}
