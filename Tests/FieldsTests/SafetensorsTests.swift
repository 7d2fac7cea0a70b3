// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Testing

@Suite struct SafetensorsTests {
    static let sample = SafetensorsFile(
        metadata: ["step": "3", "note": "größe"],
        tensors: [
            "b": .init(shape: [2, 3], values: [1, 2, 3, 4, 5, -6.5]), "a": .init(shape: [1], values: [.pi]),
            "empty": .init(shape: [0, 4], values: []),
        ])

    @Test func readsWhatItWrote() throws {
        let bytes = try Self.sample.encoded()
        let back = try SafetensorsFile(parsing: bytes)
        #expect(back.tensors == Self.sample.tensors)
        #expect(back.metadata["note"] == "größe")
        #expect(try back.encoded() == bytes)
    }

    /// A file laid out by hand from the format's description, independent of the writer.
    @Test func readsAFileMadeByHand() throws {
        var header = Array(
            #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"fnv1a64":"HASH"}}"#.utf8)
        let numbers: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 192]
        let hash = String(Fingerprint.fnv1a64(numbers), radix: 16)
        header = Array(String(decoding: header, as: UTF8.self).replacing("HASH", with: hash).utf8)
        let bytes = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + numbers
        #expect(try SafetensorsFile(parsing: bytes).tensors["x"]?.values == [1, -2])
    }

    @Test func everyTruncationIsAnError() throws {
        let bytes = try Self.sample.encoded()
        for count in 0..<bytes.count {
            #expect(throws: CheckpointError.self) { try SafetensorsFile(parsing: Array(bytes[..<count])) }
        }
    }

    @Test func everyFlippedNumberIsNoticed() throws {
        let bytes = try Self.sample.encoded()
        let numbers = 4 * 7
        for index in (bytes.count - numbers)..<bytes.count {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(throws: CheckpointError.self) { try SafetensorsFile(parsing: damaged) }
        }
    }

    @Test(arguments: [
        #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
        #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
        #"{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "[]", "", "{",
    ])
    func lyingHeadersAreErrors(_ header: String) {
        let text = Array(header.utf8)
        let bytes = [UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text + [UInt8](repeating: 0, count: 8)
        #expect(throws: CheckpointError.self) { try SafetensorsFile(parsing: bytes) }
        #expect(throws: CheckpointError.self) {
            try SafetensorsFile(parsing: [255, 255, 255, 255, 255, 255, 255, 255])
        }
    }

    @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
        var architecture = OccupancyArchitecture()
        architecture.width = 32
        let small = try OccupancyTrainer(OccupancyNetwork(architecture, seed: 1), options: .init(), threads: 1)
        let large = try OccupancyTrainer(
            OccupancyNetwork(OccupancyArchitecture(), seed: 1), options: .init(), threads: 1)
        let before = try large.checkpoint().encoded()
        #expect(throws: CheckpointError.self) { try large.restore(from: small.checkpoint()) }
        #expect(try large.checkpoint().encoded() == before)
    }
}
