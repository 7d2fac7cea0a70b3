// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Storage
import Testing

/// Our readers against nibabel and pynrrd.
@Suite struct VolumeReaderTests {
    static let files = [
        "uint8.nii.gz", "int16-big.nii", "int32-qform.nii.gz", "mirrored-qform.nii.gz", "int16-scaled.nii.gz",
        "float32.nii.gz", "float64-spacing.nii.gz", "version2-uint16.nii.gz", "version2-int64-big.nii.gz",
        "lps-raw.nrrd", "las-int16-big.nrrd", "ras-float.nrrd", "detached.nhdr", "spacings.nrrd", "one-layer.seg.nrrd",
    ]

    @Test(arguments: files)
    func labelsAndPlaceAreThoseOfOtherReaders(file: String) throws {
        let volume = try VolumeFile.read(VolumeFixtures.path(file))
        #expect(volume.grid.size == VolumeFixtures.size)
        // Files of more than 8 bits hold 1000 where the others hold 7.
        let expected = try VolumeFixtures.labels()
        let wrong = zip(volume.flat, expected).count { found, label in found != label && !(found == 1000 && label == 7)
        }
        #expect(wrong == 0)
        #expect(volume.labels == [1, 3, volume.labels.last ?? 0])
        let rows = try #require(try VolumeFixtures.expectedMatrices()[file])
        for index in [SIMD3<Double>(0, 0, 0), SIMD3(13, 0, 0), SIMD3(0, 11, 0), SIMD3(0, 0, 8), SIMD3(3.5, 7.25, 1)] {
            let point = volume.grid.point(at: index)
            for row in 0..<3 {
                let expected = rows[row][0] * index.x + rows[row][1] * index.y + rows[row][2] * index.z + rows[row][3]
                #expect(abs(point[row] - expected) < 2e-6, "\(file) \(index)")
            }
        }
    }

    @Test func allFormatsPutTheSameVolumeAtTheSamePlace() throws {
        let reference = try VolumeFile.read(VolumeFixtures.path("uint8.nii.gz"))
        for file in ["lps-raw.nrrd", "las-int16-big.nrrd", "ras-float.nrrd", "version2-uint16.nii.gz"] {
            let grid = try VolumeFile.read(VolumeFixtures.path(file)).grid
            for index in [SIMD3<Double>(0, 0, 0), SIMD3(13, 11, 8)] {
                let distance = (grid.point(at: index) - reference.grid.point(at: index)).length
                // NIfTI-1 holds 24 bits of each number.
                #expect(distance < 2e-6, "\(file)")
            }
        }
    }

    @Test func segmentsHaveNames() throws {
        let volume = try VolumeFile.read(VolumeFixtures.path("one-layer.seg.nrrd"))
        #expect(volume.names == [1: "left part", 3: "right part", 7: "Ball: the other one"])
        #expect(volume.layers.count == 1)
    }

    @Test func layersThatOverlapAreKeptApart() throws {
        let volume = try VolumeFile.read(VolumeFixtures.path("two-layers.seg.nrrd"))
        let expected = try VolumeFixtures.labels()
        #expect(volume.layers.count == 2)
        // Both layers use the number 1 for different segments: these are numbered in their order.
        #expect(volume.names == [1: "body", 2: "left part", 3: "ball"])
        let body = volume.layers[0].codes.map { volume.layers[0].labels[Int($0)] }
        #expect(body == expected.map { $0 == 1 || $0 == 3 ? 1 : 0 })
        let parts = volume.layers[1].codes.map { volume.layers[1].labels[Int($0)] }
        #expect(parts == expected.map { $0 == 1 ? 2 : $0 == 7 ? 3 : 0 })
    }

    @Test func aThresholdMakesMasksOfNumbers() throws {
        let volume = try VolumeFile.read(VolumeFixtures.path("float32.nii.gz"), rule: .threshold(2.5))
        #expect(volume.labels == [1])
        #expect(volume.flat == (try VolumeFixtures.labels()).map { $0 >= 3 ? 1 : 0 })
    }

    @Test func intensitiesAreNoLabels() throws {
        var bytes = Array("NRRD0004\ntype: float\ndimension: 3\nsizes: 2 1 1\nencoding: raw\nendian: little\n\n".utf8)
        bytes += [0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F]
        let error = #expect(throws: VolumeFileError.self) { try NRRDReader.parse(bytes) { _ in [] } }
        #expect(error == .notLabels("a voxel has the value 0.5"))
        #expect(error?.description.contains("--threshold") == true)
    }
}
