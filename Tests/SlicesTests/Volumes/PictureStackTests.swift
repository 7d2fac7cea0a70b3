// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Slices
import Storage
import TestSupport
import Testing

@Suite struct PictureStackTests {
    private static let spacing = SIMD3(0.75, 0.5, 2.25)

    private func input(_ name: String) throws -> SliceInput {
        var options = SliceInputOptions()
        if !name.contains(".n") { options.spacing = Self.spacing }
        return try SliceInput.read(VolumeFixtures.path(name), options: options, threads: 2)
    }

    /// The same shape from four formats: the very same sections, to the bit, hence the same mesh.
    @Test func everyFormatGivesTheSameSections() throws {
        let nifti = try input("float64-spacing.nii.gz")
        let png = try input("png")
        #expect(png.slices == nifti.slices)
        #expect(png.fingerprint == nifti.fingerprint)
        #expect(png.grid == nifti.grid)
        // These hold 1000 where the others hold 7.
        let nrrd = try input("spacings.nrrd")
        #expect(nrrd.slices.labels == [1, 3, 1000])
        #expect(try input("tiff").slices == nrrd.slices)
    }

    @Test func theNumberOfThreadsDoesNotMatter() throws {
        var options = SliceInputOptions()
        options.spacing = Self.spacing
        let one = try SliceInput.read(VolumeFixtures.path("png"), options: options, threads: 1)
        #expect(try SliceInput.read(VolumeFixtures.path("png"), options: options, threads: 7).slices == one.slices)
    }

    private func write(_ folder: TemporaryFolder, _ name: String, _ rows: [String]) throws {
        let samples = rows.flatMap { row in row.utf8.map { UInt16($0 - 0x30) } }
        try OutputFile.write(
            try ImageFile.pngData(width: rows[0].utf8.count, height: rows.count, gray16: samples),
            to: folder.path(name))
    }

    private func json(_ folder: TemporaryFolder, _ text: String) throws {
        try OutputFile.write(Array(text.utf8), to: folder.path("stack.json"))
    }

    private func stack(_ folder: TemporaryFolder, spacing: SIMD3<Double>? = nil) throws -> PictureStack {
        try PictureStack(folder: folder.root, spacing: spacing, rule: .label, threads: 1)
    }

    @Test func namesAreCountedAsPeopleDo() throws {
        let folder = try TemporaryFolder()
        // Each picture has one pixel more than the one before.
        let names = ["2.png", "9.png", "10.png", "010.png", "a1b2.png", "a1b10.png", "a02b1.png"]
        for (index, name) in names.enumerated() {
            try write(
                folder, name, [String(repeating: "1", count: index + 1) + String(repeating: "0", count: 9 - index)])
        }
        try write(folder, ".hidden.png", ["1111111111"])
        let sections = try stack(folder, spacing: SIMD3(1, 1, 1)).sections
        let widths = sections.map { section in
            let x = section.vertices.map(\.x)
            return Int(((x.max() ?? 0) - (x.min() ?? 0)).rounded())
        }
        // "010" and "10" are the same number: the bytes decide.
        #expect(widths == [1, 2, 4, 3, 5, 6, 7])
    }

    @Test func theDescriptionPlacesThePictures() throws {
        let folder = try TemporaryFolder()
        for name in ["x.png", "y.png", "z.png"] { try write(folder, name, ["00", "01"]) }
        try json(
            folder,
            """
            {"axis": 1, "image_columns_axis": 2, "image_rows_axis": 0, "voxel_spacing": [2, 3, 4],
             "volume_origin": [100, 200, 300], "axis_direction": [1, -1, 1], "volume_shape": [2, 9, 2],
             "slices": [{"file": "z.png", "index": 1}, {"file": "x.png", "position": 188},
                        {"file": "y.png", "index": 6, "position": 182.0}]}
            """)
        let stack = try stack(folder)
        #expect(
            stack.sections.map(\.plane.origin) == [SIMD3(100, 197, 300), SIMD3(100, 188, 300), SIMD3(100, 182, 300)])
        // The pixel in the second column and second row: one step along z, one along x.
        let box = Box(enclosing: stack.sections[0].vertices)
        #expect(box?.center == SIMD3(102, 197, 304) && box?.extent == SIMD3(2, 0, 4))
        #expect(stack.grid?.size == SIMD3(2, 9, 2))
        #expect(stack.grid?.point(at: SIMD3(1, 1, 1)) == SIMD3(102, 197, 304))
    }

    @Test(arguments: [
        ("{}", "voxel_spacing"), ("[", "JSON"), (#"{"voxel_spacing": [1, 2]}"#, "voxel_spacing"),
        (#"{"voxel_spacing": [1, 2, -3]}"#, "positive"), (#"{"voxel_spacing": [1, 1, 1], "axis": 5}"#, "axis"),
        (#"{"voxel_spacing": [1, 1, 1], "axis_direction": [1, 0, 1]}"#, "axis_direction"),
        (#"{"voxel_spacing": [1, 1, 1], "slices": [{"file": "../a.png", "index": 0}]}"#, "same folder"),
        (#"{"voxel_spacing": [1, 1, 1], "slices": [{"file": "a.png"}]}"#, "neither"),
        (#"{"voxel_spacing": [1, 1, 1], "slices": [{"file": "a.png", "index": 2, "position": 3}]}"#, "contradict"),
        (#"{"voxel_spacing": [1, 1, 1], "volume_shape": [5, 5, 5]}"#, "5 × 5"),
        (#"{"voxel_spacing": [1, 1, 1], "slices": [{"file": "b.png", "index": 0}]}"#, "b.png"),
        (#"{"voxel_spacing": [1, 1, 1], "slices": []}"#, "no .png"),
    ])
    func faultsOfTheDescriptionAreNamed(text: String, word: String) throws {
        let folder = try TemporaryFolder()
        try write(folder, "a.png", ["01"])
        try json(folder, text)
        let error = #expect(throws: PictureStackError.self) { try stack(folder) }
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test func spacingIsToldOnce() throws {
        let folder = try TemporaryFolder()
        #expect(throws: PictureStackError.noSpacing) { try stack(folder) }
        #expect(throws: PictureStackError.noPictures) { try stack(folder, spacing: SIMD3(1, 1, 1)) }
        try json(folder, #"{"voxel_spacing": [1, 1, 1]}"#)
        #expect(throws: PictureStackError.twoSpacings) { try stack(folder, spacing: SIMD3(1, 1, 1)) }
    }

    @Test func emptySlicesMaySayNothing() throws {
        let folder = try TemporaryFolder()
        for (index, row) in ["000", "010", "000", "000", "011", "000"].enumerated() {
            try write(folder, "\(index).png", [row])
        }
        var options = SliceInputOptions()
        options.spacing = SIMD3(1, 1, 1)
        let all = try SliceInput.read(folder.root, options: options, threads: 1)
        #expect(all.slices.sections.count == 6)
        #expect(all.notes.contains { $0.hasPrefix("4 of 6 slices are empty") })
        options.skipsEmpty = true
        let painted = try SliceInput.read(folder.root, options: options, threads: 1)
        #expect(painted.slices.sections.map(\.number) == [2, 5])
        #expect(painted.slices.sections == all.slices.sections.filter { !$0.isEmpty })
    }

    @Test func picturesOfDifferentSizesAreRefused() throws {
        let folder = try TemporaryFolder()
        try write(folder, "1.png", ["010"])
        try write(folder, "2.png", ["01"])
        #expect(
            throws: PictureStackError.sizes(name: "2.png", width: 2, height: 1, expectedWidth: 3, expectedHeight: 1)
        ) { try stack(folder, spacing: SIMD3(1, 1, 1)) }
    }
}
