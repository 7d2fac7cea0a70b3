// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Storage

/// A folder of pictures, one for each slice, whose pixels are labels or masks.
///
/// Without `stack.json` the pictures are taken in natural order of their names (9 before 10): columns run along x, rows
/// along y, slices along z, and the centre of the first pixel of the first picture is the origin. That frame is
/// right-handed, as x to the right, y down and z away from the viewer are, so that nothing is mirrored.
public struct PictureStack: Sendable {
    /// The regular grid that the pictures lie on, when they do.
    public let grid: VoxelGrid?
    /// All cross-sections, in the order of the stack.
    public let sections: [CrossSection]

    /// Reads the folder.
    ///
    /// One picture for each thread is in memory at a time.
    ///
    /// - Parameters:
    ///   - folder: Path of the folder.
    ///   - spacing: Distances between pixel centres along rows and columns, and between slices; `nil` when `stack.json`
    ///     tells them.
    ///   - rule: What the numbers of pixels mean.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    /// - Throws: ``PictureStackError``; ``VolumeFileError`` when the described volume is too large.
    public init(folder: String, spacing: SIMD3<Double>?, rule: LabelRule, threads: Int) throws {
        let description = try Self.description(folder, spacing: spacing)
        let slices = description.slices ?? Self.pictures(folder)
        guard let first = slices.first else { throw PictureStackError.noPictures }
        let size = try Self.size(of: first, folder, description)
        let results = Parallel.map(count: slices.count, threads: threads, block: 1) { item in
            Result<CrossSection, any Error> {
                try Self.image(slices[item], folder, description, rule: rule, size: size).section(number: item + 1)
            }
        }
        sections = try results.map { try $0.get() }
        grid = try Self.grid(description, slices, size: size)
    }

    private static func description(_ folder: String, spacing: SIMD3<Double>?) throws -> StackDescription {
        let path = "\(folder)/\(StackDescription.fileName)"
        guard Folder.exists(path) else {
            guard let spacing else { throw PictureStackError.noSpacing }
            let description = StackDescription(spacing: spacing)
            try description.validate()
            return description
        }
        guard spacing == nil else { throw PictureStackError.twoSpacings }
        return try StackDescription.parse(try InputFile.read(path, limit: StackDescription.largestLength))
    }

    private static func pictures(_ folder: String) -> [StackDescription.Slice] {
        let names = Folder.contents(of: folder).filter { name in
            let format = ImageFormat(fileName: name)
            return !name.hasPrefix(".") && (format == .png || format == .tiff)
        }
        return names.sorted(by: NaturalOrder.precedes).enumerated().map { index, name in
            StackDescription.Slice(file: name, index: index)
        }
    }
}

// MARK: - Pictures

extension PictureStack {
    /// Size of the first picture, which all must have.
    private static func size(
        of slice: StackDescription.Slice, _ folder: String, _ description: StackDescription
    ) throws(PictureStackError) -> SIMD2<Int> {
        let header: ImageHeader
        do throws(ImageError) {
            header = try ImageFile.header(of: "\(folder)/\(slice.file)", limits: ImageLimits())
        } catch {
            throw .picture(name: slice.file, reason: error.reason)
        }
        let size = SIMD2(header.width, header.height)
        if let shape = description.shape {
            let expected = SIMD2(shape[description.columnsAxis], shape[description.rowsAxis])
            if size != expected { throw Self.wrongSize(slice.file, size, expected) }
        }
        return size
    }

    private static func wrongSize(_ name: String, _ size: SIMD2<Int>, _ expected: SIMD2<Int>) -> PictureStackError {
        .sizes(
            name: name, width: size.x, height: size.y, expectedWidth: expected.x, expectedHeight: expected.y)
    }

    private static func image(
        _ slice: StackDescription.Slice, _ folder: String, _ description: StackDescription, rule: LabelRule,
        size: SIMD2<Int>
    ) throws -> LabelImage {
        let path = "\(folder)/\(slice.file)"
        let raster: LabelRaster
        do throws(ImageError) {
            raster = try ImageFile.labels(try ImageFile.bytes(of: path), name: path)
        } catch {
            throw PictureStackError.picture(name: slice.file, reason: error.reason)
        }
        guard SIMD2(raster.width, raster.height) == size else {
            throw wrongSize(slice.file, SIMD2(raster.width, raster.height), size)
        }
        var encoder = LabelEncoder(rule: rule)
        var codes: [UInt16] = []
        codes.reserveCapacity(raster.samples.count)
        do throws(VolumeFileError) {
            for sample in raster.samples { codes.append(try encoder.code(of: Int(sample))) }
        } catch {
            throw PictureStackError.picture(name: slice.file, reason: error.description)
        }
        let steps = steps(description)
        return LabelImage(
            width: size.x, height: size.y, layers: [LabelVolume.Layer(codes: codes, labels: encoder.labels)],
            origin: description.origin + (try description.place(of: slice)) * steps[description.axis],
            columnStep: steps[description.columnsAxis], rowStep: steps[description.rowsAxis])
    }

    /// World vectors to the next voxel along each index axis.
    private static func steps(_ description: StackDescription) -> [SIMD3<Double>] {
        (0..<3).map { axis in
            var step = SIMD3<Double>()
            step[axis] = description.spacing[axis] * description.direction[axis]
            return step
        }
    }

    /// The grid of the volume, or the one that slices at whole indices span.
    private static func grid(
        _ description: StackDescription, _ slices: [StackDescription.Slice], size: SIMD2<Int>
    ) throws -> VoxelGrid? {
        let steps = steps(description)
        let matrix = Matrix3(columns: steps[0], steps[1], steps[2])
        if let shape = description.shape {
            return try VoxelGrid(size: shape, origin: description.origin, steps: matrix)
        }
        let places = try slices.map { try description.place(of: $0) }
        guard let last = places.max(), places.allSatisfy({ $0 >= 0 && $0 == $0.rounded() }) else { return nil }
        var count = SIMD3<Int>()
        count[description.columnsAxis] = size.x
        count[description.rowsAxis] = size.y
        count[description.axis] = Int(last) + 1
        return try? VoxelGrid(size: count, origin: description.origin, steps: matrix)
    }
}
