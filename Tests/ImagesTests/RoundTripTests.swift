// SPDX-License-Identifier: Apache-2.0

import Images
import TestSupport
import Testing

/// What is written is read again.
@Suite struct RoundTripTests {
    static let shapes = [(1, 1), (1, 37), (41, 1), (64, 48), (123, 77)]

    @Test(arguments: shapes, [1, 3])
    func pngKeepsEverySample(shape: (Int, Int), channels: Int) throws {
        for raster in [
            Samples.noise(width: shape.0, height: shape.1, channels: channels),
            Samples.smooth(width: shape.0, height: shape.1, channels: channels),
        ] {
            let bytes = try ImageFile.pngData(raster)
            #expect(try ImageFile.decode(bytes, name: "png", options: .asStored) == raster)
            let header = try ImageFile.header(of: bytes, name: "png")
            #expect(header.format == .png && header.width == shape.0 && header.height == shape.1)
            #expect(header.channels == channels && header.bitsPerSample == 8 && header.decodedChannels == channels)
            #expect(header.exif == ExifMetadata())
        }
    }

    /// At quality 100 without subsampling only rounding remains: of the transform, and of YCbCr.
    @Test(arguments: shapes, [1, 3])
    func jpegKeepsSamplesUpToRounding(shape: (Int, Int), channels: Int) throws {
        let raster = Samples.noise(width: shape.0, height: shape.1, channels: channels)
        let bytes = try ImageFile.jpegData(raster, quality: 100)
        let decoded = try ImageFile.decode(bytes, name: "jpeg", options: .asStored)
        #expect(try #require(decoded.largestDifference(to: raster)) <= (channels == 1 ? 2 : 5))
        let header = try ImageFile.header(of: bytes, name: "jpeg")
        #expect(header.format == .jpeg && header.width == shape.0 && header.height == shape.1)
        #expect(header.channels == channels && header.bitsPerSample == 8)
    }

    @Test func lowerQualityIsSmallerAndEveryQualityIsAccepted() throws {
        let raster = Samples.noise(width: 64, height: 64, channels: 3)
        let sizes = try [-3, 1, 50, 95, 100, 1000].map { try ImageFile.jpegData(raster, quality: $0).count }
        #expect(sizes[0] == sizes[1] && sizes[4] == sizes[5])
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 <= $1 })
    }

    /// The nearest of `value · 255 / 65535`.
    @Test func depthKeepsSixteenBitsAndReadsAsEightRounded() throws {
        let depth = (0..<(300 * 219)).map { UInt16(truncatingIfNeeded: $0) }
        let bytes = try ImageFile.pngData(width: 300, height: 219, gray16: depth)
        #expect(try ImageFile.header(of: bytes, name: "depth").bitsPerSample == 16)
        let raster = try ImageFile.decode(bytes, name: "depth", options: .asStored)
        #expect(raster.channels == 1)
        #expect(raster.samples == depth.map { UInt8((Double($0) / 257).rounded()) })
    }

    @Test func colorOfTheResultIsChosen() throws {
        let gray = Samples.smooth(width: 30, height: 20, channels: 1)
        let color = Samples.smooth(width: 30, height: 20, channels: 3)
        var options = ImageReadingOptions()
        options.color = .gray
        #expect(try ImageFile.decode(ImageFile.pngData(color), name: "", options: options) == color.gray)
        #expect(try ImageFile.decode(ImageFile.pngData(gray), name: "", options: options) == gray)
        options.color = .rgb
        #expect(try ImageFile.decode(ImageFile.pngData(color), name: "", options: options) == color)
        #expect(try ImageFile.decode(ImageFile.pngData(gray), name: "", options: options).gray == gray)
    }

    @Test(arguments: ["a.png", "ü 🗿.PNG", "x.jpg", "y.JPEG"])
    func extensionChoosesTheFormat(name: String) throws {
        let folder = try TemporaryFolder()
        let raster = Samples.smooth(width: 40, height: 30, channels: 3)
        try ImageFile.write(raster, to: folder.path(name), quality: 100)
        let difference = try ImageFile.read(folder.path(name)).largestDifference(to: raster)
        #expect(try #require(difference) <= (name.lowercased().hasSuffix("png") ? 0 : 5))
        #expect(try folder.contents() == [name])
    }

    @Test(arguments: ["a.tif", "a", "png", "a.webp"])
    func otherExtensionsAreRefused(name: String) throws {
        let folder = try TemporaryFolder()
        #expect(throws: ImageError.self) {
            try ImageFile.write(Samples.smooth(width: 4, height: 4, channels: 1), to: folder.path(name))
        }
        #expect(try folder.contents().isEmpty)
    }

    @Test func tooLargeForJPEGIsAnError() throws {
        let long = Raster(width: 70_000, height: 1, channels: 1, samples: [UInt8](repeating: 9, count: 70_000))
        #expect(throws: ImageError.self) { try ImageFile.jpegData(long) }
        #expect(try ImageFile.header(of: ImageFile.pngData(long), name: "").width == 70_000)
    }

    @Test func missingFilesAndFoldersAreNamed() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path("none.jpg"), folder.path("")] {
            let error = #expect(throws: ImageError.self) { try ImageFile.read(path) }
            #expect(try #require(error).description.contains(path))
        }
    }
}
