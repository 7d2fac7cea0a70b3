// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Slices
import Storage
import TestSupport
import Testing

@Suite struct VolumeWriterTests {
    private func read(_ bytes: [UInt8]) throws -> LabelVolume {
        bytes.starts(with: Array("NRRD".utf8)) ? try NRRDReader.parse(bytes) { _ in [] } : try NIfTIReader.parse(bytes)
    }

    @Test(arguments: VolumeFileFormat.allCases, [1, 300, 70_000])
    func whatIsWrittenIsReadAgain(format: VolumeFileFormat, factor: Int) throws {
        let original = try VolumeFile.read(VolumeFixtures.path("one-layer.seg.nrrd"))
        let layer = original.layers[0]
        let volume = LabelVolume(
            grid: original.grid, layers: [.init(codes: layer.codes, labels: layer.labels.map { $0 * factor })],
            names: [factor: "left\nside", 7 * factor: "größer"])
        let bytes = try VolumeWriter.bytes(of: volume, format: format)
        #expect(bytes == (try VolumeWriter.bytes(of: volume, format: format)))
        let again = try read(bytes)
        #expect(again.layers == volume.layers)
        #expect(again.grid.size == volume.grid.size)
        let isExact = format == .nrrd || format == .segmentation
        if isExact { #expect(again.grid == volume.grid) }
        for index in [SIMD3<Double>(0, 0, 0), SIMD3(13, 11, 8)] {
            #expect((again.grid.point(at: index) - volume.grid.point(at: index)).length < 4e-6)
        }
        #expect(
            again.names
                == (format == .segmentation
                    ? [factor: "leftside", 3 * factor: "label \(3 * factor)", 7 * factor: "größer"] : [:]))
    }

    /// A closed box with corners `lower` and `upper` in index space.
    private func box(_ lower: SIMD3<Double>, _ upper: SIMD3<Double>, in grid: VoxelGrid) -> TriangleMesh {
        let corners = (0..<8).map { corner in
            grid.point(
                at: SIMD3(
                    corner & 1 == 0 ? lower.x : upper.x, corner & 2 == 0 ? lower.y : upper.y,
                    corner & 4 == 0 ? lower.z : upper.z))
        }
        let faces: [SIMD3<UInt32>] = [
            SIMD3(0, 2, 1), SIMD3(1, 2, 3), SIMD3(4, 5, 6), SIMD3(5, 7, 6), SIMD3(0, 1, 4), SIMD3(1, 5, 4),
            SIMD3(2, 6, 3), SIMD3(3, 6, 7), SIMD3(0, 4, 2), SIMD3(2, 4, 6), SIMD3(1, 3, 5), SIMD3(3, 7, 5),
        ]
        return TriangleMesh(positions: corners, triangles: faces)
    }

    @Test func voxelsInsideAMeshAreThoseOfTheIndexBox() throws {
        let grid = try VolumeFile.read(VolumeFixtures.path("mirrored-qform.nii.gz")).grid
        var builder = LabelVolumeBuilder(grid: grid)
        builder.add(box(SIMD3(1.5, 2.5, 0.5), SIMD3(6.5, 4.5, 3.5), in: grid), label: 4, threads: 2)
        // Beyond the grid on three sides, and over a part of the first.
        builder.add(box(SIMD3(5.5, 3.5, 2.5), SIMD3(40, 40, 40), in: grid), label: 2, threads: 1)
        let volume = builder.volume
        #expect(volume.labels == [2, 4])
        for k in 0..<grid.size.z {
            for j in 0..<grid.size.y {
                for i in 0..<grid.size.x {
                    let first = (2...6).contains(i) && (3...4).contains(j) && (1...3).contains(k)
                    let second = i >= 6 && j >= 4 && k >= 3
                    #expect(volume.label(i, j, k) == (first ? 4 : second ? 2 : 0), "\(i) \(j) \(k)")
                }
            }
        }
        #expect(builder.contested == 1)
    }

    /// Corners, edges and faces that pass exactly through voxel centres: every centre is on one side, and the volume is right.
    @Test func facesThroughCentresCountOnce() throws {
        let grid = try VoxelGrid(size: SIMD3(9, 9, 9), origin: .zero, steps: .identity)
        var builder = LabelVolumeBuilder(grid: grid)
        builder.add(box(SIMD3(2, 2, 2), SIMD3(6, 6, 6), in: grid), label: 1, threads: 1)
        #expect(builder.volume.layers[0].codes.count(where: { $0 == 1 }) == 64)
    }

    @Test func namesTellTheFormat() {
        #expect(VolumeFileFormat(path: "a/B.NII.GZ") == .compressedNIfTI)
        #expect(VolumeFileFormat(path: "b.seg.nrrd") == .segmentation)
        #expect(VolumeFileFormat(path: "b.nrrd") == .nrrd)
        #expect(VolumeFileFormat(path: "b.ply") == nil)
        #expect(VolumeFileFormat(path: "b.gz") == nil)
    }
}
