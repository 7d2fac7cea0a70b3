// SPDX-License-Identifier: Apache-2.0

import Storage

/// How large a picture may be; checked against its header, before memory is taken for it.
public struct ImageLimits: Hashable, Sendable, Codable {
    /// Most pixels.
    public var maximumPixelCount = 100_000_000
    /// Longest side in pixels.
    public var maximumSide = 65_535
    /// Most decoded bytes for each byte of the file, above ``freeBytes``. Photos stay below 100; a file of a few bytes that
    /// claims gigabytes is an attack or an accident.
    public var maximumExpansion = 1000
    /// Decoded bytes that a file of any size may have.
    public var freeBytes = 64 << 20
    /// Largest file in bytes.
    public var maximumFileSize = 1 << 30
    /// Lifts all limits but those of the formats and 2³² pixels: for giant pictures from a trusted source.
    public var allowHuge = false

    /// The limits for files from anywhere.
    public init() {}

    /// The largest file to read.
    var fileSize: Int { allowHuge ? InputFile.defaultLimit : maximumFileSize }

    /// Which limit a picture exceeds, or `nil`.
    func violation(width: Int, height: Int, channels: Int, fileSize: Int) -> String? {
        // So many that taking memory for them would end the program.
        let (pixels, isOverflow) = width.multipliedReportingOverflow(by: height)
        guard !isOverflow, pixels <= 1 << 32 else { return "more than can be held in memory" }
        if allowHuge { return nil }
        if max(width, height) > maximumSide { return "at most \(maximumSide) a side are accepted" }
        if pixels > maximumPixelCount { return "at most \(maximumPixelCount / 1_000_000) million are accepted" }
        let excess = max(0, pixels * channels - freeBytes)
        let size = max(1, fileSize)
        return (excess + size - 1) / size > maximumExpansion ? "too many for a file of \(fileSize) bytes" : nil
    }
}
