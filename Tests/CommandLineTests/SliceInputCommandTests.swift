// SPDX-License-Identifier: Apache-2.0

import Foundation
import Slices
import Storage
import TestSupport
import Testing

/// `reconstruct slices` on volumes, folders of pictures and drawings.
@Suite struct SliceInputCommandTests {
    private static let volumes = "\(SharedData.packageRoot)/datasets/slices/volumes"

    private func run(_ input: String, _ output: String, _ more: [String] = []) throws -> Program.Result {
        let folder = try TemporaryFolder()
        let options = try QuickOptions.write(to: folder)
        return try Program.run(["slices", input, "-o", output, "--options", options, "--quiet"] + more)
    }

    /// The acceptance of all readers: one shape, three formats, the same bytes.
    @Test func formatsOfOneShapeGiveTheSameMesh() throws {
        let folder = try TemporaryFolder()
        let inputs = [
            ("\(Self.volumes)/float64-spacing.nii.gz", []), ("\(Self.volumes)/spacings.nrrd", []),
            ("\(Self.volumes)/png", ["--spacing", "0.75,0.5,2.25"]),
            ("\(Self.volumes)/tiff", ["--spacing", "0.75,0.5", "--thickness", "2.25"]),
        ]
        var meshes: [[UInt8]] = []
        for (index, (input, more)) in inputs.enumerated() {
            let mesh = folder.path("\(index).ply")
            let result = try run(input, mesh, more)
            #expect(result.status == 0, "\(input): \(result.errors)")
            meshes.append(try InputFile.read(mesh))
        }
        for index in 1..<meshes.count { #expect(meshes[index] == meshes[0], "\(inputs[index].0)") }
    }

    @Test func volumesAreWrittenOnTheGridOfTheInput() throws {
        let folder = try TemporaryFolder()
        let output = folder.path("filled.seg.nrrd")
        let input = "\(Self.volumes)/one-layer.seg.nrrd"
        let result = try run(input, output, ["--all-labels", "--axis", "k"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.contents() == ["filled.seg.nrrd"])
        let (before, after) = (try VolumeFile.read(input), try VolumeFile.read(output))
        #expect(after.grid == before.grid && after.names == before.names)
        for label in before.labels {
            let (a, b) = (Self.voxels(before, label), Self.voxels(after, label))
            // A second of training: the labels are where they were, not to the voxel.
            let iou = Double(a.intersection(b).count) / Double(a.union(b).count)
            #expect(iou > 0.5, "label \(label): \(iou)")
        }
    }

    private static func voxels(_ volume: LabelVolume, _ label: Int) -> Set<Int> {
        let layer = volume.layers[0]
        return Set(layer.codes.indices.filter { layer.labels[Int(layer.codes[$0])] == label })
    }

    @Test(arguments: [
        (["x.csl", "--spacing", "1,2"], 64, "--thickness"), (["x.csl", "--thickness", "2"], 64, "--spacing"),
        (["x.csl", "--spacing", "1,-2,3"], 64, "positive"), (["x.csl", "--every", "0"], 64, "--every"),
    ])
    func flagsThatMakeNoSenseAreRefused(arguments: [String], status: Int32, word: String) throws {
        let result = try Program.run(["slices"] + arguments)
        #expect(result.status == status)
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test func inputsWithoutAGridGiveNoVolume() throws {
        let folder = try TemporaryFolder()
        let csl = "\(SharedData.packageRoot)/datasets/slices/shell-and-core.csl"
        let result = try run(csl, folder.path("x.nii.gz"))
        #expect(result.status == 1)
        #expect(result.errors.contains("no voxels"), "\(result.errors)")
    }
}
