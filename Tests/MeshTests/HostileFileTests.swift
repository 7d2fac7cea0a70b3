// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import TestSupport
import Testing

/// Damaged files give an error or a valid mesh: no trap, no long wait, no memory for things that are only claimed.
@Suite struct HostileFileTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let format: MeshFileFormat
        let encoding: MeshFileEncoding
        var testDescription: String { "\(format), \(encoding)" }

        func bytes(_ mesh: TriangleMesh = MeshSamples.decorated) throws -> [UInt8] {
            Array(try MeshFile.encode(mesh, as: format, encoding: encoding).joined())
        }
    }

    static let samples = [
        Sample(format: .ply, encoding: .binary), Sample(format: .ply, encoding: .text),
        Sample(format: .obj, encoding: .text), Sample(format: .stl, encoding: .binary),
        Sample(format: .stl, encoding: .text),
    ]

    /// Whether a mesh came out; fails when it is not a valid one.
    @discardableResult
    private func survives(_ bytes: [UInt8], _ format: MeshFileFormat, _ comment: String) throws -> Bool {
        do throws(MeshFileError) {
            let mesh = try MeshFile.decode(bytes, as: format)
            #expect(throws: Never.self, "\(comment)") { try mesh.checkInvariants() }
            return true
        } catch {
            guard case .malformed(format, let place, let reason) = error else {
                Issue.record("\(comment): \(error)")
                return false
            }
            #expect(!reason.isEmpty)
            switch place {
            case .line(let line): #expect(line >= 1 && line <= bytes.count + 1, "\(comment): \(error)")
            case .byte(let byte): #expect(byte >= 0 && byte <= bytes.count, "\(comment): \(error)")
            }
            return false
        }
    }

    /// OBJ files have no end mark; of all others no start passes for the whole, line ends apart.
    @Test(arguments: samples)
    func everyTruncationIsNoticed(sample: Sample) throws {
        let bytes = try sample.bytes()
        let whole = try MeshFile.decode(bytes, as: sample.format)
        for length in 0..<bytes.count {
            let part = Array(bytes[..<length])
            guard try survives(part, sample.format, "\(length) bytes"), sample.format != .obj else { continue }
            // Of text, the name after endsolid and the last digits of the last number may be missing.
            #expect(sample.encoding == .text && bytes.count - length <= 6, "\(length) of \(bytes.count) bytes")
            #expect(try MeshFile.decode(part, as: sample.format).triangles.count == whole.triangles.count)
        }
    }

    @Test(arguments: samples)
    func twoThousandMutantsAreSurvived(sample: Sample) throws {
        let files = try [
            sample.bytes(), sample.bytes(MeshSamples.faraway), sample.bytes(MeshSamples.tetrahedron),
        ]
        let mutator = FileMutator(seed: 23)
        for number in 0..<2000 {
            let bytes = mutator.mutant(
                of: files[number % 3], with: files[number / 3 % 3], number: UInt64(number))
            try survives(bytes, sample.format, "mutant \(number)")
        }
    }

    @Test(arguments: samples)
    func noiseIsRefused(sample: Sample) throws {
        for length in [0, 1, 3, 83, 84, 85, 134, 5000] {
            var random = RandomStream(seed: 9, label: "noise", UInt64(length))
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let accepted = try survives(bytes, sample.format, "\(length) bytes of noise")
            #expect(!accepted || (sample.format == .obj && length == 0), "\(length)")
        }
    }

    /// Counts that no memory could hold, in files of a few bytes; reserving for one of them would end the test.
    @Test(arguments: ["2147483647", "4294967295", "4294967296", "1000000000000", "9223372036854775807"])
    func claimedCountsAreNotReserved(count: String) throws {
        for encoding in ["ascii", "binary_little_endian", "binary_big_endian"] {
            let start = "ply\nformat \(encoding) 1.0\n"
            let xyz = "property float x\nproperty float y\nproperty float z\n"
            let list = "property list uchar int vertex_indices\n"
            let headers = [
                "element vertex \(count)\n" + xyz, "element vertex 0\n" + xyz + "element face \(count)\n" + list,
                "element vertex 0\n" + xyz + "element other \(count)\nproperty char a\n",
                "element face \(count)\nelement vertex 0\n" + xyz, "element vertex \(count)\n",
                "element other \(count)\nproperty list int double a\nelement vertex 0\n" + xyz,
            ]
            for header in headers {
                let bytes = Array((start + header + "end_header\n1 2 3\n").utf8)
                #expect(try !survives(bytes, .ply, header), "\(header)")
            }
        }
        #expect(try !survives(Array("v 0 0 0\nf 1 1 \(count)\n".utf8), .obj, count))
    }

    @Test func claimedListLengthsAreNotReserved() throws {
        let header = """
            ply
            format binary_little_endian 1.0
            element vertex 1
            property char x
            property char y
            property char z
            element face 1
            property list int int vertex_indices
            end_header

            """
        for length: Int32 in [-1, 0, 2, 3, .max, .min] {
            var bytes = Array(header.utf8) + [0, 0, 0]
            withUnsafeBytes(of: length.littleEndian) { bytes += $0 }
            #expect(try !survives(bytes + [0, 0, 0, 0], .ply, "\(length)"))
        }
    }

    @Test func claimedFacesOfBinarySTLMustBeThere() throws {
        let bytes = try Sample(format: .stl, encoding: .binary).bytes()
        for count: UInt32 in [0, 11, 13, .max, .max / 50] {
            var copy = bytes
            withUnsafeBytes(of: count.littleEndian) { copy.replaceSubrange(80..<84, with: Array($0)) }
            #expect(try !survives(copy, .stl, "\(count)"))
        }
    }
}
