// SPDX-License-Identifier: Apache-2.0

import Images
import Storage
import TestSupport
import Testing

/// Sizes are checked before memory is taken for them.
@Suite struct LimitTests {
    private func reason(_ bytes: [UInt8], _ change: (inout ImageLimits) -> Void = { _ in }) throws -> String? {
        var options = ImageReadingOptions()
        change(&options.limits)
        do throws(ImageError) {
            _ = try ImageFile.decode(bytes, name: "big", options: options)
            return nil
        } catch {
            guard case .tooLarge("big", _, _, let reason) = error else { throw error }
            #expect(error.description.contains("--allow-huge"))
            return reason
        }
    }

    @Test func bombsAreRefusedByTheirHeader() throws {
        #expect(try reason(Fixture.bombPNG.bytes) == "at most 100 million are accepted")
        #expect(
            try reason(Fixture.bombPNG.bytes) { $0.maximumPixelCount = 1 << 40 } == "too many for a file of 69 bytes")
        #expect(try ImageFile.header(of: Fixture.bombPNG.bytes, name: "").width == 30_000)
    }

    @Test func hugePicturesAreReadOnDemand() throws {
        let long = Raster(width: 66_000, height: 1, channels: 1, samples: [UInt8](repeating: 9, count: 66_000))
        let bytes = try ImageFile.pngData(long)
        #expect(try reason(bytes) == "at most 65535 a side are accepted")
        #expect(try reason(bytes) { $0.allowHuge = true } == nil)
    }

    @Test func everyLimitCounts() throws {
        let bytes = try ImageFile.pngData(Samples.noise(width: 50, height: 40, channels: 3))
        #expect(try reason(bytes) == nil)
        #expect(try reason(bytes) { $0.maximumSide = 49 } != nil)
        #expect(try reason(bytes) { $0.maximumSide = 50 } == nil)
        #expect(try reason(bytes) { $0.maximumPixelCount = 1999 } != nil)
        #expect(try reason(bytes) { $0.maximumPixelCount = 2000 } == nil)
        let flat = try ImageFile.pngData(
            Raster(width: 500, height: 400, channels: 3, samples: [UInt8](repeating: 0, count: 600_000)))
        let needed = 600_000 / flat.count
        #expect(
            try reason(flat) {
                $0.freeBytes = 0
                $0.maximumExpansion = needed
            } != nil)
        #expect(
            try reason(flat) {
                $0.freeBytes = 0
                $0.maximumExpansion = needed + 1
            } == nil)
    }

    @Test func largeFilesAreNotRead() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.png")
        try ImageFile.write(Samples.noise(width: 50, height: 40, channels: 3), to: path)
        var options = ImageReadingOptions()
        options.limits.maximumFileSize = 1000
        let error = #expect(throws: ImageError.self) { try ImageFile.read(path, options: options) }
        guard case .file(.tooLarge(path, _, limit: 1000))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        options.limits.allowHuge = true
        #expect(try ImageFile.read(path, options: options).width == 50)
    }
}
