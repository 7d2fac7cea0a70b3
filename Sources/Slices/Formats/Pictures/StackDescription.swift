// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What `stack.json`, beside the pictures of a stack, says of them.
///
/// Index axis n of the volume runs along world axis n. Only `voxel_spacing` must be there.
struct StackDescription: Decodable {
    /// One picture: its place along the axis as an index of the volume, as a world coordinate, or both.
    struct Slice: Decodable {
        var file: String
        var index: Int?
        var position: Double?
    }

    /// The file's name.
    static let fileName = "stack.json"
    /// Longest description read, and most slices.
    static let (largestLength, mostSlices) = (16 << 20, 100_000)

    /// World axes across the slices, along the rows of a picture, and down its columns.
    var axis = 2
    var columnsAxis = 0
    var rowsAxis = 1
    /// Distances between voxels along the world axes.
    var spacing: SIMD3<Double>
    /// World position of the first voxel of the volume.
    var origin = SIMD3<Double>()
    /// Whether indices run with (1) or against (−1) each world axis.
    var direction = SIMD3<Double>(1, 1, 1)
    /// Voxels of the volume that the pictures were taken from.
    var shape: SIMD3<Int>?
    /// Pictures in the order of the volume; `nil` for all in the folder, in natural order.
    var slices: [Slice]?

    private enum CodingKeys: String, CodingKey {
        case axis, slices
        case columnsAxis = "image_columns_axis"
        case rowsAxis = "image_rows_axis"
        case spacing = "voxel_spacing"
        case origin = "volume_origin"
        case direction = "axis_direction"
        case shape = "volume_shape"
    }

    /// A stack without description: columns along x, rows along y, slices along z.
    init(spacing: SIMD3<Double>) { self.spacing = spacing }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        axis = try values.decodeIfPresent(Int.self, forKey: .axis) ?? 2
        columnsAxis = try values.decodeIfPresent(Int.self, forKey: .columnsAxis) ?? (axis == 0 ? 1 : 0)
        rowsAxis = try values.decodeIfPresent(Int.self, forKey: .rowsAxis) ?? (axis == 2 ? 1 : 2)
        spacing = try values.decode(SIMD3<Double>.self, forKey: .spacing)
        origin = try values.decodeIfPresent(SIMD3<Double>.self, forKey: .origin) ?? .zero
        direction = try values.decodeIfPresent(SIMD3<Double>.self, forKey: .direction) ?? SIMD3(1, 1, 1)
        shape = try values.decodeIfPresent(SIMD3<Int>.self, forKey: .shape)
        slices = try values.decodeIfPresent([Slice].self, forKey: .slices)
    }

    /// Reads a description.
    ///
    /// - Throws: ``PictureStackError/description(_:)`` naming the field at fault.
    static func parse(_ bytes: [UInt8]) throws(PictureStackError) -> StackDescription {
        let result: StackDescription
        do {
            result = try JSONDecoder().decode(StackDescription.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .description(Self.reason(error))
        } catch {
            throw .description("it is not JSON")
        }
        try result.validate()
        return result
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "the field \"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the field \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type or length"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "the field \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type or length"
        default: "it is not JSON"
        }
    }

    /// Throws when fields contradict each other or make no sense.
    func validate() throws(PictureStackError) {
        guard Set([axis, columnsAxis, rowsAxis]) == [0, 1, 2] else {
            throw .description("axis, image_columns_axis and image_rows_axis must be 0, 1 and 2 in some order")
        }
        guard (0..<3).allSatisfy({ spacing[$0] >= 1e-30 && spacing[$0] <= 1e30 && abs(origin[$0]) <= 1e30 }) else {
            throw .description("voxel_spacing must be positive, and volume_origin finite")
        }
        guard (0..<3).allSatisfy({ abs(direction[$0]) == 1 }) else {
            throw .description("axis_direction must be made of 1 and -1")
        }
        guard let slices else { return }
        guard slices.count <= Self.mostSlices else { throw .description("more than \(Self.mostSlices) slices") }
        for slice in slices {
            guard !slice.file.isEmpty, !slice.file.contains("/"), !slice.file.contains("\0"), slice.file != ".." else {
                throw .description("\"\(slice.file)\" is not the name of a file in the same folder")
            }
            _ = try place(of: slice)
        }
    }

    /// The (fractional) index of a slice along the axis.
    func place(of slice: Slice) throws(PictureStackError) -> Double {
        let byPosition = slice.position.map { ($0 - origin[axis]) / (spacing[axis] * direction[axis]) }
        guard let place = slice.index.map(Double.init) ?? byPosition else {
            throw .description("\"\(slice.file)\" has neither index nor position")
        }
        guard abs(place) <= 1e9 else { throw .description("\"\(slice.file)\" is at \(place)") }
        if let byPosition, abs(byPosition - place) > 1e-3 {
            throw .description("index and position of \"\(slice.file)\" contradict each other")
        }
        return place
    }
}
