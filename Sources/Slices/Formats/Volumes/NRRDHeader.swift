// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The text before the voxels of a NRRD file (teem.sourceforge.net/nrrd/format.html), checked.
struct NRRDHeader {
    /// Longest header read.
    static let largestLength = 1 << 20

    let type: VoxelType
    let isBigEndian: Bool
    let isCompressed: Bool
    let grid: VoxelGrid
    /// Volumes whose voxels take turns in the file: the layers of a segmentation of 3D Slicer.
    let layers: Int
    /// Name of a file of voxels in the same folder, or `nil` when they follow the header.
    let dataFile: String?
    /// Bytes to skip before the voxels; −1 when the voxels are the last bytes.
    let byteSkip: Int
    /// Keys and values after `:=`, which applications define.
    let annotations: [String: String]

    static func isNRRD(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: Array("NRRD000".utf8)) }

    init(_ text: NRRDText) throws(VolumeFileError) {
        type = try Self.voxelType(try text.required("type"))
        let encoding = try text.required("encoding").lowercased()
        switch encoding {
        case "raw": isCompressed = false
        case "gzip", "gz": isCompressed = true
        default: throw .unsupported("NRRD encoding \"\(encoding)\"; save it raw or with gzip")
        }
        switch (type.size, text.fields["endian"]?.lowercased()) {
        case (1, _), (_, "little"): isBigEndian = false
        case (_, "big"): isBigEndian = true
        default: throw .malformed("the field \"endian\" must be little or big for voxels of \(type.size) bytes")
        }
        let sizes = try text.integers(try text.required("sizes"), field: "sizes")
        guard try text.integers(try text.required("dimension"), field: "dimension") == [sizes.count],
            sizes.count == 3 || sizes.count == 4
        else { throw .unsupported("a volume has 3 dimensions (4 for layers of segments), this one \(sizes.count)") }
        let axes = try NRRDAxes(text, rank: sizes.count)
        layers = sizes.count == 4 ? sizes[0] : 1
        guard (1...256).contains(layers) else { throw .unsupported("\(layers) layers; at most 256 are read") }
        grid = try VoxelGrid(
            size: SIMD3(sizes[sizes.count - 3], sizes[sizes.count - 2], sizes[sizes.count - 1]),
            origin: axes.origin, steps: axes.steps)
        if let lines = text.fields["line skip"] ?? text.fields["lineskip"], lines != "0" {
            throw .unsupported("line skip \(lines); only bytes can be skipped")
        }
        let skip = try (text.fields["byte skip"] ?? text.fields["byteskip"]).map { value throws(VolumeFileError) in
            try text.integers(value, field: "byte skip")
        }
        byteSkip = skip?.first ?? 0
        guard byteSkip >= (isCompressed ? 0 : -1), byteSkip <= 1 << 40 else {
            throw .malformed("byte skip \(byteSkip)")
        }
        dataFile = try Self.dataFile(text.fields["data file"] ?? text.fields["datafile"])
        annotations = text.annotations
    }

    private static func voxelType(_ name: String) throws(VolumeFileError) -> VoxelType {
        switch name.lowercased() {
        case "signed char", "int8", "int8_t": return .int8
        case "uchar", "unsigned char", "uint8", "uint8_t": return .uint8
        case "short", "short int", "signed short", "signed short int", "int16", "int16_t": return .int16
        case "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t": return .uint16
        case "int", "signed int", "int32", "int32_t": return .int32
        case "uint", "unsigned int", "uint32", "uint32_t": return .uint32
        case "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t":
            return .int64
        case "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t": return .uint64
        case "float": return .float32
        case "double": return .float64
        default: throw .unsupported("voxels of NRRD type \"\(name)\"")
        }
    }

    /// Only a plain name: a header must not point out of its folder.
    private static func dataFile(_ name: String?) throws(VolumeFileError) -> String? {
        guard let name else { return nil }
        if name.hasPrefix("LIST") || name.contains("%") || name.contains(" ") && !name.contains(".") {
            throw .unsupported("voxels in several files (data file: \(name)); save them as one file")
        }
        guard !name.isEmpty, !name.contains("/"), !name.contains("\0"), name != ".." else {
            throw .unsupported(
                "the voxels are in \"\(name)\"; put that file beside the header and name it without a path")
        }
        return name
    }
}
