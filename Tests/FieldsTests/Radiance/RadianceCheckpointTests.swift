// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import TestSupport
import Testing

/// Checkpoints and weights that do not fit, or are damaged.
@Suite struct RadianceCheckpointTests {
    /// Each of them is refused with a typed error, whichever network it concerns.
    @Test func damagedCheckpointsAreRefused() throws {
        let trainer = try RadianceTrainingTests.trainer(steps: 10, threads: 1)
        RadianceTrainingTests.train(trainer, until: 2)
        let whole = trainer.checkpoint()
        #expect(throws: CheckpointError.self) { try trainer.restore(from: SafetensorsFile()) }
        for step in ["11", "-1", "two", ""] {
            var file = whole
            file.metadata["step"] = step
            #expect(throws: CheckpointError.self) { try trainer.restore(from: file) }
        }
        for name in whole.tensors.keys.sorted() {
            var file = whole
            file.tensors[name] = nil
            #expect(throws: CheckpointError.self, "without \(name)") { try trainer.restore(from: file) }
            file.tensors[name] = .init(shape: [1, 2], values: [0, 0])
            #expect(throws: CheckpointError.self, "\(name) of another size") { try trainer.restore(from: file) }
            guard var tensor = whole.tensors[name] else { continue }
            tensor.values[0] = .nan
            file.tensors[name] = tensor
            #expect(throws: CheckpointError.self, "\(name) is not a number") { try trainer.restore(from: file) }
        }
        try trainer.restore(from: whole)
        #expect(try trainer.checkpoint().encoded() == whole.encoded())
    }

    /// A refused checkpoint leaves the trainer as it was.
    @Test func refusalChangesNothing() throws {
        let trainer = try RadianceTrainingTests.trainer(steps: 10, threads: 1)
        RadianceTrainingTests.train(trainer, until: 3)
        var file = trainer.checkpoint()
        let before = try file.encoded()
        file.metadata["step"] = "7"
        for name in file.tensors.keys {
            guard let tensor = file.tensors[name] else { continue }
            file.tensors[name] = .init(shape: tensor.shape, values: tensor.values.map { _ in 0.5 })
        }
        file.tensors["pictures.exposures"] = nil
        #expect(throws: CheckpointError.self) { try trainer.restore(from: file) }
        #expect(try trainer.checkpoint().encoded() == before)
    }

    @Test func weightsOfOtherNetworksAreRefused() throws {
        let trainer = try RadianceTrainingTests.trainer(steps: 10, threads: 1)
        let file = trainer.networks.weights()
        for part in ["distance.", "color.", "surroundings."] {
            var damaged = file
            damaged.tensors = file.tensors.filter { !$0.key.hasPrefix(part) }
            #expect(throws: CheckpointError.self) { try trainer.networks.restoreWeights(from: damaged) }
        }
    }

    @Test func damagedBytesNeverCrash() throws {
        let trainer = try RadianceTrainingTests.trainer(steps: 10, threads: 1)
        let bytes = try trainer.checkpoint().encoded()
        for length in [0, 1, 7, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
            #expect(throws: CheckpointError.self) {
                try trainer.restore(from: SafetensorsFile(parsing: Array(bytes.prefix(length))))
            }
        }
        var flipped = bytes
        flipped[bytes.count - 9] ^= 0x40
        #expect(throws: CheckpointError.self) { try trainer.restore(from: SafetensorsFile(parsing: flipped)) }
    }
}
