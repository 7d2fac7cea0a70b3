// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Geometry
import Storage

/// One row of a COLMAP table; each accessor checks type, size and range before it allocates.
struct ColmapDatabaseRow {
    let row: Row
    let file: String
    let place: SceneFileError.Place

    func error(_ reason: String) -> SceneFileError { .malformed(file: file, place, reason) }

    func integer(_ column: Int) throws -> Int64 {
        let value: DatabaseValue = row[column]
        guard case .int64(let integer) = value.storage else { throw error("column \(column + 1) is no integer.") }
        return integer
    }

    func double(_ column: Int) throws -> Double {
        let value: DatabaseValue = row[column]
        guard case .double(let number) = value.storage, number.isFinite else {
            throw error("column \(column + 1) is no finite number.")
        }
        return number
    }

    func text(_ column: Int) throws -> String {
        let value: DatabaseValue = row[column]
        guard case .string(let text) = value.storage else { throw error("column \(column + 1) is no text.") }
        return text
    }

    /// An ID that is positive and fits into 32 bits.
    func id(_ column: Int) throws -> UInt32 {
        guard let id = UInt32(exactly: try integer(column)) else { throw error("an impossible ID.") }
        return id
    }

    /// Two image IDs out of COLMAP's pair ID.
    func pair(_ column: Int) throws -> ImagePair {
        let (first, second) = try integer(column).quotientAndRemainder(dividingBy: ColmapDatabase.pairIDBase)
        guard let first = ImageID(exactly: first), let second = ImageID(exactly: second), first < second else {
            throw error("an impossible pair of images.")
        }
        return ImagePair(first, second)
    }

    /// Positions, scales and orientations out of rows of 2, 4 or 6 floats.
    func keypoints(rowsAt column: Int) throws -> [Keypoint] {
        guard let (columns, reader) = try block(rowsAt: column, elementSize: 4, columns: [2, 4, 6]) else { return [] }
        let numbers = try reader.floats { error("a keypoint is not finite.") }
        return stride(from: 0, to: numbers.count, by: columns).map { start in
            let position = SIMD2(numbers[start], numbers[start + 1])
            switch columns {
            case 2: return Keypoint(position: position, scale: 1, orientation: 0)
            case 4: return Keypoint(position: position, scale: numbers[start + 2], orientation: numbers[start + 3])
            default: return Keypoint(position: position, affineShape: numbers[(start + 2)..<(start + 6)])
            }
        }
    }

    /// Rows of 128 bytes, or `nil` when they are of another kind.
    func descriptors(rowsAt column: Int) throws -> [UInt8]? {
        guard try integer(column + 1) == Int64(FeatureSet.descriptorLength) else { return nil }
        let block = try block(rowsAt: column, elementSize: 1, columns: [FeatureSet.descriptorLength])
        return block.map { Array($0.reader.data) } ?? []
    }

    /// Matches in ascending order out of rows of two 32-bit integers.
    func matches(rowsAt column: Int) throws -> [FeatureMatch] {
        guard let (_, reader) = try block(rowsAt: column, elementSize: 4, columns: [2]) else { return [] }
        let integers = reader.integers()
        let matches = stride(from: 0, to: integers.count, by: 2).map { FeatureMatch(integers[$0], integers[$0 + 1]) }
        return matches.sorted()
    }

    /// `count` finite numbers, or `nil` for an empty column.
    func doubles(_ column: Int, count: Int) throws -> [Double]? {
        guard let data = try data(column), !data.isEmpty else { return nil }
        guard data.count == 8 * count else {
            throw error("column \(column + 1) has \(data.count) bytes instead of \(8 * count).")
        }
        return try BlobReader(data: data).doubles { error("column \(column + 1) is not finite.") }
    }

    /// A matrix stored row by row; COLMAP 3 stores zeros for one that is not there.
    func matrix(_ column: Int) throws -> Matrix3? {
        guard let numbers = try doubles(column, count: 9), numbers.contains(where: { $0 != 0 }) else { return nil }
        return Matrix3(rowMajor: numbers)
    }

    /// The second camera's pose relative to the first with a translation of length 1 or 0.
    func pose(_ column: Int, for configuration: TwoViewConfiguration) throws -> RigidTransform? {
        guard let q = try doubles(column, count: 4), let t = try doubles(column + 1, count: 3) else { return nil }
        guard let rotation = Quaternion(stored: q[0], q[1], q[2], q[3]) else {
            throw error("qvec is no unit quaternion.")
        }
        let translation = SIMD3(t[0], t[1], t[2])
        let length = translation.length
        guard length.isFinite else { throw error("tvec is too long.") }
        if length == 0 && configuration != .panoramic {
            // COLMAP 3 stores the identity for a pose that was not estimated.
            return nil
        }
        // Longer than 1 only when COLMAP's synthetic data or another program wrote it.
        let isUnit = length == 0 || abs(length - 1) < 1e-12
        return RigidTransform(rotation: rotation, translation: isUnit ? translation : translation / length)
    }

    func configuration(_ column: Int) throws -> TwoViewConfiguration {
        switch try integer(column) {
        case 7: return .degenerate
        case 8: return .uncalibrated
        case let number:
            guard let configuration = Int32(exactly: number).flatMap(TwoViewConfiguration.init(rawValue:)) else {
                throw error("an unknown configuration \(number).")
            }
            return configuration
        }
    }

    private func data(_ column: Int) throws -> Data? {
        let value: DatabaseValue = row[column]
        switch value.storage {
        case .null: return nil
        case .blob(let data): return data
        default: throw error("column \(column + 1) is no blob.")
        }
    }

    /// Rows, columns and bytes that agree; `nil` when there are none.
    private func block(
        rowsAt column: Int, elementSize: Int, columns allowed: Set<Int>
    ) throws -> (columns: Int, reader: BlobReader)? {
        let (rows, columns) = (try integer(column), try integer(column + 1))
        let data = try data(column + 2) ?? Data()
        if rows == 0 && data.isEmpty { return nil }
        guard let columns = Int(exactly: columns), allowed.contains(columns) else {
            throw error("\(columns) columns are not possible.")
        }
        let (size, overflow) = rows.multipliedReportingOverflow(by: Int64(columns * elementSize))
        guard !overflow, rows > 0, size == Int64(data.count) else {
            throw error("\(rows) × \(columns) numbers are announced, but there are \(data.count) bytes.")
        }
        return (columns, BlobReader(data: data))
    }
}

/// Little-endian numbers of a blob whose size has been checked.
struct BlobReader {
    let data: Data

    func integers() -> [UInt32] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
            }
        }
    }

    func floats(orThrow failure: () -> SceneFileError) throws -> [Float] {
        let numbers = integers().map(Float.init(bitPattern:))
        guard numbers.allSatisfy(\.isFinite) else { throw failure() }
        return numbers
    }

    func doubles(orThrow failure: () -> SceneFileError) throws -> [Double] {
        let numbers = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { index in
                let bits = bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
                return Double(bitPattern: UInt64(littleEndian: bits))
            }
        }
        guard numbers.allSatisfy(\.isFinite) else { throw failure() }
        return numbers
    }
}

extension Keypoint {
    /// Scale and orientation of a feature with the affine shape `a11, a12, a21, a22`: the mean length of its columns, and
    /// the direction of the first, as COLMAP derives them.
    fileprivate init(position: SIMD2<Float>, affineShape a: ArraySlice<Float>) {
        let (a11, a12, a21, a22) = (a[a.startIndex], a[a.startIndex + 1], a[a.startIndex + 2], a[a.startIndex + 3])
        let first = SIMD2(a11, a21).length
        let second = SIMD2(a12, a22).length
        self.init(position: position, scale: 0.5 * (first + second), orientation: atan2(a21, a11))
    }
}
