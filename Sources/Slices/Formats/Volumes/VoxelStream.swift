// SPDX-License-Identifier: Apache-2.0

import Storage

/// The bytes of the voxels in a file, compressed or not.
enum VoxelStream {
    /// No gzip stream grows by more than this factor: 258 bytes for about two bits.
    private static let largestExpansion = 1032

    /// Decodes the voxels that follow the first `skipped` bytes of `source`, once decompressed when `isCompressed`.
    ///
    /// - Throws: ``VolumeFileError`` when there are fewer voxels than `count`; before anything is allocated, when so many
    ///   cannot be in so few bytes.
    static func decode(
        _ source: ArraySlice<UInt8>, isCompressed: Bool, skipping skipped: Int, count: Int,
        format: VoxelDecoder.Format
    ) throws(VolumeFileError) -> [LabelVolume.Layer] {
        let declared = count * format.layers * format.type.size
        let available = isCompressed ? source.count * largestExpansion : max(0, source.count - skipped)
        guard declared <= available else {
            throw VolumeFileError.cutOff(found: available, declared: declared)
        }
        var decoder = VoxelDecoder(format, count: count)
        guard isCompressed else {
            try source.withBytes { bytes throws(VolumeFileError) in
                try decoder.append(UnsafeRawBufferPointer(rebasing: bytes[skipped..<(skipped + declared)]))
            }
            return try decoder.layers()
        }
        var toSkip = skipped
        do {
            try Gzip.decompress(source, limit: skipped + declared) { piece in
                let passed = min(toSkip, piece.count)
                toSkip -= passed
                try decoder.append(UnsafeRawBufferPointer(rebasing: piece[passed...]))
            }
        } catch let error as VolumeFileError {
            throw error
        } catch {
            throw .malformed("\(error)")
        }
        return try decoder.layers()
    }
}

extension ArraySlice where Element == UInt8 {
    /// As `withUnsafeBytes`, but keeps the type of the error.
    func withBytes<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let result = withUnsafeBytes { bytes in
            Result<Void, Failure> { () throws(Failure) in try body(bytes) }
        }
        try result.get()
    }
}
