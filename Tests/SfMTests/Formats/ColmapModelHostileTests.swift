// SPDX-License-Identifier: Apache-2.0

import SfM
import TestSupport
import Testing

/// Damaged model files give a typed error or a sound model: no trap, no memory for things that are only claimed.
@Suite struct ColmapModelHostileTests {
    private func files(_ seed: UInt64, _ encoding: ColmapModel.Encoding) throws -> [[UInt8]] {
        try ColmapModel.encode(SceneSamples.reconstruction(seed: seed), as: encoding).map { Array($0.chunks.joined()) }
    }

    /// Whether a model came out; fails when it is not a sound one.
    @discardableResult
    private func survives(_ files: [[UInt8]], _ encoding: ColmapModel.Encoding, _ comment: String) -> Bool {
        do throws(SceneFileError) {
            let contents = try ColmapModel.decode(
                cameras: files[0], images: files[1], points: files[2], as: encoding)
            #expect(contents.reconstruction.violatedInvariants().isEmpty, "\(comment)")
            return true
        } catch {
            switch error {
            case .malformed(_, _, let reason): #expect(!reason.isEmpty)
            case .unsupportedCameraModel: break
            default: Issue.record("\(comment): \(error)")
            }
            return false
        }
    }

    @Test func everyTruncationOfBinaryFilesIsNoticed() throws {
        let whole = try files(5, .binary)
        #expect(survives(whole, .binary, "whole"))
        for file in 0..<3 {
            for length in 0..<whole[file].count {
                var part = whole
                part[file] = Array(part[file][..<length])
                #expect(!survives(part, .binary, "\(length) bytes of file \(file)"))
            }
            var longer = whole
            longer[file].append(0)
            #expect(!survives(longer, .binary, "a byte too many in file \(file)"))
        }
    }

    @Test func everyTruncationOfTextFilesIsSurvived() throws {
        let whole = try files(5, .text)
        for file in 0..<3 {
            for length in stride(from: 0, to: whole[file].count, by: 3) {
                var part = whole
                part[file] = Array(part[file][..<length])
                survives(part, .text, "\(length) bytes of file \(file)")
            }
        }
    }

    /// Counts at the start of each file; only the right one may pass.
    @Test func claimedCountsAreNotReserved() throws {
        let whole = try files(5, .binary)
        for file in 0..<3 {
            let right = whole[file][..<8].enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) }
            for count in [0, right &- 1, right + 1, .max, 1 << 31, 1 << 32, 1 << 62, 1 << 63] where count != right {
                var lie = whole
                withUnsafeBytes(of: count.littleEndian) { lie[file].replaceSubrange(..<8, with: $0) }
                #expect(!survives(lie, .binary, "\(count) in file \(file)"))
            }
        }
    }

    @Test(arguments: ColmapModel.Encoding.allCases)
    func threeThousandMutantsAreSurvived(encoding: ColmapModel.Encoding) throws {
        let (first, second) = (try files(5, encoding), try files(6, encoding))
        let mutator = FileMutator(seed: 31)
        for number in 0..<3000 {
            var mutant = first
            mutant[number % 3] = mutator.mutant(of: first[number % 3], with: second[number % 3], number: UInt64(number))
            survives(mutant, encoding, "mutant \(number)")
        }
    }

    @Test(arguments: [
        ("1 PINHOLE 8 6 5 5 4", "3 parameters"), ("1 PINHOLE 8 6 5 5 nan 3", "a NaN"),
        ("1 PINHOLE 8 6 5 5 inf 3", "infinity"),
        ("1 PINHOLE 8 6 -5 5 4 3", "a negative focal length"), ("1 PINHOLE 0 6 5 5 4 3", "no width"),
        ("1 PINHOLE 99999999999999999999 6 5 5 4 3", "an overflow"), ("4294967296 PINHOLE 8 6 5 5 4 3", "a large ID"),
        ("-1 PINHOLE 8 6 5 5 4 3", "a negative ID"), ("1 PINHOLE 8 6 5 5 1e309 3", "an overflow"),
        ("1 PINHOLE 8 6 5 5 4 3\n1 PINHOLE 8 6 5 5 4 3", "an ID twice"),
    ])
    func badCamerasAreRefused(line: String, what: String) throws {
        #expect(!survives([Array(line.utf8), [], []], .text, what), "\(what)")
    }

    @Test(arguments: [
        ("1 0 0 0 0 0 0 0 1 a\n\n", "a zero quaternion"), ("1 nan 0 0 0 0 0 0 1 a\n\n", "a NaN"),
        ("1 1e200 0 0 0 0 0 0 1 a\n\n", "an overflow"), ("1 1 0 0 0 0 0 0 2 a\n\n", "a missing camera"),
        ("1 1 0 0 0 0 0 0 1\n\n", "no name"), ("1 1 0 0 0 0 0 0 1 a\n1 2\n", "half a keypoint"),
        ("1 1 0 0 0 0 0 0 1 a\n1 2 -2\n", "a negative point"), ("1 1 0 0 0 0 0 0 1 a\n1 inf -1\n", "infinity"),
        ("1 1 0 0 0 0 0 0 1 a\n1 2 18446744073709551616\n", "an overflow"),
    ])
    func badImagesAreRefused(lines: String, what: String) throws {
        let camera = Array("1 PINHOLE 8 6 5 5 4 3".utf8)
        #expect(!survives([camera, Array(lines.utf8), []], .text, what), "\(what)")
    }

    @Test(arguments: [
        ("9 0 0 1 0 0 0 0 2 0", "a missing image"), ("9 0 0 1 0 0 0 0 1 7", "a missing keypoint"),
        ("9 0 0 nan 0 0 0 0", "a NaN"), ("9 0 0 1 256 0 0 0", "a colour over 255"), ("9 0 0 1 0 0 0", "no error"),
        ("9 0 0 1 0 0 0 0 1", "half an observation"), ("18446744073709551615 0 0 1 0 0 0 0", "the ID for none"),
        ("9 0 0 1 0 0 0 0 1 4294967296", "an overflow"),
    ])
    func badPointsAreRefused(line: String, what: String) throws {
        let camera = Array("1 PINHOLE 8 6 5 5 4 3".utf8)
        let image = Array("1 1 0 0 0 0 0 0 1 a\n1 2 -1\n".utf8)
        #expect(!survives([camera, image, Array(line.utf8)], .text, what), "\(what)")
    }
}
