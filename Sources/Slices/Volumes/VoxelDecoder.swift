// SPDX-License-Identifier: Apache-2.0

/// Turns stored voxels into codes, piece by piece, so that a compressed file is never held decompressed.
struct VoxelDecoder {
    /// How voxels are stored and what they mean.
    struct Format {
        var type: VoxelType
        var isBigEndian: Bool
        /// Value = slope · stored + intercept; `nil` when the stored number is the value.
        var scaling: (slope: Double, intercept: Double)?
        /// Layers whose voxels take turns in the file.
        var layers = 1
        var rule: LabelRule
    }

    private let format: Format
    /// Voxels in each layer.
    private let count: Int
    private var encoders: [LabelEncoder]
    private var codes: [[UInt16]]
    /// Voxels seen so far, of all layers.
    private var decoded = 0
    /// Bytes of a voxel that the last piece has cut through.
    private var carry: [UInt8] = []

    init(_ format: Format, count: Int) {
        self.format = format
        self.count = count
        encoders = Array(repeating: LabelEncoder(rule: format.rule), count: format.layers)
        codes = (0..<format.layers).map { _ in [UInt16](repeating: 0, count: count) }
    }

    /// Bytes of all voxels.
    var byteCount: Int { count * format.layers * format.type.size }

    /// Takes the next bytes; those beyond the last voxel are ignored.
    mutating func append(_ piece: UnsafeRawBufferPointer) throws(VolumeFileError) {
        let size = format.type.size
        var start = 0
        if !carry.isEmpty {
            start = min(size - carry.count, piece.count)
            carry.append(contentsOf: piece[..<start])
            guard carry.count == size else { return }
            let whole = carry
            carry = []
            try whole[...].withBytes { bytes throws(VolumeFileError) in try decode(bytes) }
        }
        let rest = UnsafeRawBufferPointer(rebasing: piece[start...])
        let wholeBytes = rest.count / size * size
        try decode(UnsafeRawBufferPointer(rebasing: rest[..<wholeBytes]))
        carry = Array(rest[wholeBytes...])
    }

    /// The layers, once all bytes were given.
    func layers() throws(VolumeFileError) -> [LabelVolume.Layer] {
        guard decoded == count * format.layers else {
            throw .cutOff(found: decoded * format.type.size + carry.count, declared: byteCount)
        }
        return zip(codes, encoders).map { LabelVolume.Layer(codes: $0, labels: $1.labels) }
    }

    private mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(VolumeFileError) {
        switch format.type {
        case .int8: try decode(bytes, as: Int8.self)
        case .uint8: try decode(bytes, as: UInt8.self)
        case .int16: try decode(bytes, as: Int16.self)
        case .uint16: try decode(bytes, as: UInt16.self)
        case .int32: try decode(bytes, as: Int32.self)
        case .uint32: try decode(bytes, as: UInt32.self)
        case .int64: try decode(bytes, as: Int64.self)
        case .uint64: try decode(bytes, as: UInt64.self)
        case .float32: try decode(bytes, bits: UInt32.self) { Double(Float(bitPattern: $0)) }
        case .float64: try decode(bytes, bits: UInt64.self) { Double(bitPattern: $0) }
        }
    }

    private mutating func decode<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, as type: Stored.Type
    ) throws(VolumeFileError) {
        guard format.scaling == nil else { return try decode(bytes, bits: type) { Double($0) } }
        try forEach(bytes, type) { stored, encoder throws(VolumeFileError) in
            guard let value = Int(exactly: stored) else { throw .notLabels("a voxel has the value \(stored)") }
            return try encoder.code(of: value)
        }
    }

    private mutating func decode<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, bits: Bits.Type, _ number: (Bits) -> Double
    ) throws(VolumeFileError) {
        let scaling = format.scaling ?? (1, 0)
        try forEach(bytes, bits) { stored, encoder throws(VolumeFileError) in
            try encoder.code(of: scaling.slope * number(stored) + scaling.intercept)
        }
    }

    private mutating func forEach<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ type: Stored.Type,
        _ code: (Stored, inout LabelEncoder) throws(VolumeFileError) -> UInt16
    ) throws(VolumeFileError) {
        let size = MemoryLayout<Stored>.size
        let available = min(bytes.count / size, count * format.layers - decoded)
        var (voxel, layer) = (decoded / format.layers, decoded % format.layers)
        for index in 0..<available {
            let raw = bytes.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
            let stored = format.isBigEndian ? Stored(bigEndian: raw) : Stored(littleEndian: raw)
            codes[layer][voxel] = try code(stored, &encoders[layer])
            layer += 1
            if layer == format.layers { (voxel, layer) = (voxel + 1, 0) }
        }
        decoded += available
    }
}
