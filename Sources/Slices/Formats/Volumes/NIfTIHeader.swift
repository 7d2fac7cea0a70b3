// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// The fields of a NIfTI-1 or NIfTI-2 header that matter for labels (nifti.nimh.nih.gov, nifti1.h and nifti2.h).
struct NIfTIHeader {
    /// Bytes that both headers fit into.
    static let length = 540

    let isBigEndian: Bool
    let grid: VoxelGrid
    let type: VoxelType
    /// Value = slope · stored + intercept, unless `nil`.
    let scaling: (slope: Double, intercept: Double)?
    /// Place of the first voxel in the (decompressed) file.
    let voxelOffset: Int

    /// Whether the bytes start like a header of either version and byte order.
    static func isNIfTI(_ bytes: some Collection<UInt8>) -> Bool {
        [[0x5C, 1, 0, 0], [0, 0, 1, 0x5C], [0x1C, 2, 0, 0], [0, 0, 2, 0x1C]].contains { bytes.starts(with: $0) }
    }

    /// Reads the header at the start of `bytes`, the decompressed file or at least ``length`` bytes of it.
    init(_ bytes: [UInt8]) throws(VolumeFileError) {
        guard Self.isNIfTI(bytes) else { throw .malformed("it does not start with a NIfTI header") }
        isBigEndian = bytes[0] == 0
        let isVersion2 = (isBigEndian ? bytes[3] : bytes[0]) == 0x1C
        let fields = Fields(bytes: bytes, isBigEndian: isBigEndian, isVersion2: isVersion2)
        guard bytes.count >= fields.length else {
            throw .malformed("the header of \(fields.length) bytes is cut off after \(bytes.count)")
        }
        try Self.checkMagic(bytes, isVersion2: isVersion2)
        let type = try Self.voxelType(code: fields.integer(\.datatype))
        let size = try Self.size(fields)
        let (origin, steps) = try Self.placement(fields)
        grid = try VoxelGrid(size: size, origin: origin, steps: steps)
        self.type = type
        scaling = Self.scaling(fields)
        // Some writers leave 0 for "right after the header".
        let stated = isVersion2 ? Double(fields.integer(\.voxelOffset)) : fields.number(\.voxelOffset)
        guard stated >= 0, stated <= 1e9, stated == stated.rounded() else {
            throw .malformed("the voxels start at byte \(stated)")
        }
        voxelOffset = max(Int(stated), fields.length + 4)
    }

    private static func checkMagic(_ bytes: [UInt8], isVersion2: Bool) throws(VolumeFileError) {
        let magic = Array(isVersion2 ? bytes[4..<8] : bytes[344..<348])
        let digit = UInt8(ascii: isVersion2 ? "2" : "1")
        if magic == [UInt8(ascii: "n"), UInt8(ascii: "i"), digit, 0] {
            throw .unsupported("header and voxels are in two files (.hdr and .img); save it as one .nii file")
        }
        guard magic == [UInt8(ascii: "n"), UInt8(ascii: "+"), digit, 0] else {
            throw .unsupported("an ANALYZE header without the mark of NIfTI; save it as .nii")
        }
    }

    private static func voxelType(code: Int) throws(VolumeFileError) -> VoxelType {
        switch code {
        case 2: return .uint8
        case 4: return .int16
        case 8: return .int32
        case 16: return .float32
        case 64: return .float64
        case 256: return .int8
        case 512: return .uint16
        case 768: return .uint32
        case 1024: return .int64
        case 1280: return .uint64
        default: throw .unsupported("voxels of NIfTI type \(code); save labels as whole numbers")
        }
    }

    private static func size(_ fields: Fields) throws(VolumeFileError) -> SIMD3<Int> {
        let rank = fields.integer(\.dimensions)
        guard (1...7).contains(rank) else { throw .malformed("\(rank) dimensions") }
        let lengths = (1...7).map { $0 <= rank ? fields.integer(\.dimensions, at: $0) : 1 }
        guard lengths[3...].allSatisfy({ $0 == 1 }) else {
            throw .unsupported("\(rank) dimensions; take one volume out of the series")
        }
        return SIMD3(lengths[0], lengths[1], lengths[2])
    }

    /// A slope of 0 or a number that is none means: not scaled.
    private static func scaling(_ fields: Fields) -> (slope: Double, intercept: Double)? {
        let (slope, intercept) = (fields.number(\.slope), fields.number(\.intercept))
        guard slope.isFinite, slope != 0, intercept.isFinite, (slope, intercept) != (1, 0) else { return nil }
        return (slope, intercept)
    }
}

// MARK: - Place in the world

extension NIfTIHeader {
    /// The sform when there is one, else the qform, else the spacing alone. A form that does not span space is none.
    private static func placement(
        _ fields: Fields
    ) throws(VolumeFileError) -> (origin: SIMD3<Double>, steps: Matrix3) {
        if fields.integer(\.sformCode) > 0 {
            let rows = (0..<3).map { row in (0..<4).map { fields.number(\.sform, at: 4 * row + $0) } }
            let steps = Matrix3(rowMajor: rows.flatMap { $0[..<3] })
            if VoxelGrid.isInvertible(steps) { return (SIMD3(rows[0][3], rows[1][3], rows[2][3]), steps) }
        }
        let spacing = SIMD3(
            abs(fields.number(\.spacing, at: 1)), abs(fields.number(\.spacing, at: 2)),
            abs(fields.number(\.spacing, at: 3)))
        if fields.integer(\.qformCode) > 0 {
            let steps = rotation(fields, spacing)
            let offset = SIMD3(
                fields.number(\.offset), fields.number(\.offset, at: 1), fields.number(\.offset, at: 2))
            if VoxelGrid.isInvertible(steps) { return (offset, steps) }
        }
        let steps = Matrix3(
            columns: SIMD3(spacing.x, 0, 0), SIMD3(0, spacing.y, 0), SIMD3(0, 0, spacing.z))
        guard VoxelGrid.isInvertible(steps) else { throw .malformed("the voxel spacing is \(spacing)") }
        return (.zero, steps)
    }

    /// The qform: a unit quaternion whose first part is not stored, and a third axis that may be turned round.
    private static func rotation(_ fields: Fields, _ spacing: SIMD3<Double>) -> Matrix3 {
        var (b, c, d) = (
            fields.number(\.quaternion), fields.number(\.quaternion, at: 1), fields.number(\.quaternion, at: 2)
        )
        let square = b * b + c * c + d * d
        var a = max(0, 1 - square).squareRoot()
        // As nifti1_io does it: (b, c, d) of a half turn, rounded to 32 bits, may be a little longer than 1.
        if square > 1 - 1e-7 {
            let length = square.squareRoot()
            (a, b, c, d) = (0, b / length, c / length, d / length)
        }
        let third = fields.number(\.spacing) < 0 ? -spacing.z : spacing.z
        return Matrix3(
            columns: spacing.x * SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)),
            spacing.y * SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)),
            third * SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b))
    }
}
