// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Parses COLMAP's `.bin` files: little-endian numbers, a 64-bit count first.
struct ColmapBinaryReader {
    private var reader: ByteReader
    private let file: String

    private init(_ bytes: UnsafeRawBufferPointer, file: String) {
        reader = ByteReader(bytes)
        self.file = file
    }

    static func cameras(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [CameraID: Camera] {
        var parser = ColmapBinaryReader(bytes, file: file)
        return try parser.all(smallest: 24 + 3 * 8) { parser throws(SceneFileError) in try parser.camera() }
    }

    static func images(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [ImageID: PosedImage] {
        var parser = ColmapBinaryReader(bytes, file: file)
        return try parser.all(smallest: 4 + 7 * 8 + 4 + 2 + 8) { parser throws(SceneFileError) in try parser.image() }
    }

    static func points(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [PointID: ScenePoint] {
        var parser = ColmapBinaryReader(bytes, file: file)
        return try parser.all(smallest: 8 + 3 * 8 + 3 + 8 + 8) { parser throws(SceneFileError) in try parser.point() }
    }

    /// A counted list that fills the file; `smallest` is the least size of an element in bytes.
    private mutating func all<ID: Hashable, Value>(
        smallest: Int, _ next: (inout Self) throws(SceneFileError) -> (ID, Value)
    ) throws(SceneFileError) -> [ID: Value] {
        let count = try count(smallest: smallest)
        var result: [ID: Value] = [:]
        result.reserveCapacity(count)
        for _ in 0..<count {
            let start = reader.offset
            let (id, value) = try next(&self)
            guard result.updateValue(value, forKey: id) == nil else {
                throw .malformed(file: file, .byte(start), "ID \(id) is used twice.")
            }
        }
        guard reader.remaining == 0 else { throw error("\(reader.remaining) bytes follow the last element.") }
        return result
    }

    private mutating func camera() throws(SceneFileError) -> (CameraID, Camera) {
        let start = reader.offset
        let id = try number(CameraID.self)
        let modelNumber = try number(Int32.self)
        guard let model = CameraModel(colmapID: modelNumber) else {
            throw .unsupportedCameraModel(
                file: file, .byte(start), model: CameraModelName.name(ofNumber: Int(modelNumber)))
        }
        let (width, height) = (try number(UInt64.self), try number(UInt64.self))
        var parameters: [Double] = []
        for _ in 0..<model.parameterCount { parameters.append(try finite()) }
        switch Camera.checked(width: width, height: height, model: model, parameters: parameters) {
        case .success(let camera): return (id, camera)
        case .failure(let complaint): throw .malformed(file: file, .byte(start), complaint.reason)
        }
    }

    private mutating func image() throws(SceneFileError) -> (ImageID, PosedImage) {
        let id = try number(ImageID.self)
        let start = reader.offset
        let (w, x, y, z) = (try finite(), try finite(), try finite(), try finite())
        guard let rotation = Quaternion(stored: w, x, y, z) else {
            throw .malformed(file: file, .byte(start), "(\(w), \(x), \(y), \(z)) is no unit quaternion.")
        }
        let translation = try vector()
        let cameraID = try number(CameraID.self)
        let name = try name()
        let count = try count(smallest: 24)
        var keypoints: [SIMD2<Double>] = []
        var pointIDs: [PointID?] = []
        keypoints.reserveCapacity(count)
        pointIDs.reserveCapacity(count)
        for _ in 0..<count {
            keypoints.append(SIMD2(try finite(), try finite()))
            let pointID = try number(PointID.self)
            pointIDs.append(pointID == .max ? nil : pointID)
        }
        var image = PosedImage(
            name: name, cameraID: cameraID,
            cameraFromWorld: RigidTransform(rotation: rotation, translation: translation), keypoints: keypoints)
        image.pointIDs = pointIDs
        return (id, image)
    }

    private mutating func point() throws(SceneFileError) -> (PointID, ScenePoint) {
        let start = reader.offset
        let id = try number(PointID.self)
        guard id != .max else { throw .malformed(file: file, .byte(start), "ID \(id) means no point.") }
        let position = try vector()
        let color = SIMD3(try number(UInt8.self), try number(UInt8.self), try number(UInt8.self))
        let error = try finite()
        let count = try count(smallest: 8)
        var track: [Observation] = []
        track.reserveCapacity(count)
        for _ in 0..<count {
            let imageID = try number(ImageID.self)
            track.append(Observation(imageID: imageID, keypointIndex: Int(try number(UInt32.self))))
        }
        return (id, ScenePoint(position: position, color: color, error: error, track: track))
    }

    /// A number of elements of at least `smallest` bytes each, which the rest of the file can hold.
    private mutating func count(smallest: Int) throws(SceneFileError) -> Int {
        let count = try number(UInt64.self)
        guard count <= UInt64(reader.remaining / smallest) else {
            throw error("\(count) elements are announced, but only \(reader.remaining) bytes follow.")
        }
        return Int(count)
    }

    /// A name that ends with a NUL byte.
    private mutating func name() throws(SceneFileError) -> String {
        let rest = reader.bytes[reader.offset...]
        guard let end = rest.firstIndex(of: 0) else { throw error("a name without end.") }
        guard end > reader.offset else { throw error("an empty name.") }
        guard let name = String(validating: rest[..<end], as: UTF8.self) else {
            throw error("a name that is not UTF-8.")
        }
        reader.skip(end + 1 - reader.offset)
        return name
    }

    private mutating func vector() throws(SceneFileError) -> SIMD3<Double> {
        SIMD3(try finite(), try finite(), try finite())
    }

    private mutating func finite() throws(SceneFileError) -> Double {
        let value = Double(bitPattern: try number(UInt64.self))
        guard value.isFinite else {
            throw .malformed(file: file, .byte(reader.offset - 8), "a number that is not finite.")
        }
        return value
    }

    @inline(__always)
    private mutating func number<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(SceneFileError) -> Value {
        guard let value = reader.integer(type) else { throw error("the file ends in the middle of an element.") }
        return value
    }

    private func error(_ reason: String) -> SceneFileError { .malformed(file: file, .byte(reader.offset), reason) }
}
