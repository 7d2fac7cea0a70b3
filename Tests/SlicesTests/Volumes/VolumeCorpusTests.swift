// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Storage
import TestSupport
import Testing

/// Damaged files of voxels give a typed error or a valid volume; never a trap, never memory that only a header claims.
@Suite struct VolumeCorpusTests {
    static let files = [
        "uint8.nii.gz", "int16-big.nii", "version2-int64-big.nii.gz", "lps-raw.nrrd", "two-layers.seg.nrrd",
    ]

    private func check(_ bytes: [UInt8], _ comment: String) {
        do throws(VolumeFileError) {
            let isNRRD = bytes.starts(with: Array("NRRD".utf8))
            let volume =
                isNRRD
                ? try NRRDReader.parse(bytes) { _ throws(VolumeFileError) in throw .malformed("detached") }
                : try NIfTIReader.parse(bytes)
            #expect(volume.layers.allSatisfy { $0.codes.count == volume.grid.count }, "\(comment)")
            #expect(volume.layers.allSatisfy { layer in layer.codes.allSatisfy { Int($0) < layer.labels.count } })
            let set = try? volume.sections(VolumeSlicing(), threads: 1)
            set?.checkInvariants()
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test(arguments: files)
    func everyTruncationOfTheHeaderIsHandled(file: String) throws {
        let bytes = try InputFile.read(VolumeFixtures.path(file))
        for length in 0..<min(bytes.count, 700) { check(Array(bytes[..<length]), "\(file) \(length)") }
    }

    @Test(arguments: files)
    func mutationsAreSurvived(file: String) throws {
        let bytes = try InputFile.read(VolumeFixtures.path(file))
        let other = try InputFile.read(VolumeFixtures.path("lps-raw.nrrd"))
        let mutator = FileMutator(seed: 3)
        for number in 0..<400 {
            check(mutator.mutant(of: bytes, with: other, number: UInt64(number)), "\(file) \(number)")
        }
    }

    /// A header with sizes that the bytes cannot hold is refused before memory is taken.
    @Test(arguments: ["raw", "gzip"])
    func sizesAreComparedWithTheBytesThatAreThere(encoding: String) throws {
        let header =
            "NRRD0004\ntype: double\ndimension: 3\nsizes: 800 800 800\nencoding: \(encoding)\nendian: little\n\n"
        let bytes = Array(header.utf8) + [UInt8](repeating: 0, count: 1000)
        let error = #expect(throws: VolumeFileError.self) { try NRRDReader.parse(bytes) { _ in [] } }
        guard case .cutOff(_, 4_096_000_000)? = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
    }

    @Test(arguments: ["100000 100000 1", "4294967296 4294967296 1", "9223372036854775807 3 1", "0 3 3", "-1 3 3"])
    func impossibleSizesAreRefused(sizes: String) {
        let text = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: \(sizes)\nencoding: raw\n\n"
        #expect(throws: VolumeFileError.self) { try NRRDReader.parse(Array(text.utf8)) { _ in [] } }
    }

    @Test(arguments: ["../secret.raw", "/etc/passwd", "LIST", "slice%03d.raw 1 9 1", ".."])
    func voxelsAreTakenFromTheSameFolderOnly(name: String) {
        let text = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: \(name)\n\n"
        var asked: [String] = []
        #expect(throws: VolumeFileError.self) {
            try NRRDReader.parse(Array(text.utf8)) { name throws(VolumeFileError) in
                asked.append(name)
                throw .malformed("asked")
            }
        }
        #expect(asked.isEmpty)
    }
}
