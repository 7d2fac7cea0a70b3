// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Parses COLMAP's `.txt` files: one object a line (images two), `#` starts a comment line.
struct ColmapTextReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var scanner: TextScanner
    private let file: String

    private init(_ bytes: UnsafeRawBufferPointer, file: String) {
        self.bytes = bytes.bindMemory(to: UInt8.self)
        scanner = TextScanner(self.bytes)
        self.file = file
    }

    static func cameras(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [CameraID: Camera] {
        var parser = ColmapTextReader(bytes, file: file)
        return try parser.all { parser throws(SceneFileError) in try parser.camera() }
    }

    static func images(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [ImageID: PosedImage] {
        var parser = ColmapTextReader(bytes, file: file)
        return try parser.all { parser throws(SceneFileError) in try parser.image() }
    }

    static func points(_ bytes: UnsafeRawBufferPointer, file: String) throws(SceneFileError) -> [PointID: ScenePoint] {
        var parser = ColmapTextReader(bytes, file: file)
        return try parser.all { parser throws(SceneFileError) in try parser.point() }
    }

    private mutating func all<ID: Hashable, Value>(
        _ next: (inout Self) throws(SceneFileError) -> (ID, Value)
    ) throws(SceneFileError) -> [ID: Value] {
        var result: [ID: Value] = [:]
        while scanner.skipSpace() {
            if bytes[scanner.offset] == UInt8(ascii: "#") {
                scanner.skipLine()
                continue
            }
            let line = scanner.line
            let (id, value) = try next(&self)
            guard result.updateValue(value, forKey: id) == nil else {
                throw .malformed(file: file, .line(line), "ID \(id) is used twice.")
            }
        }
        return result
    }

    private mutating func camera() throws(SceneFileError) -> (CameraID, Camera) {
        let id = try integer(CameraID.self, "a camera ID")
        guard let token = scanner.tokenOnLine() else { throw error("expected a camera model.") }
        let name = String(decoding: token.prefix(64), as: UTF8.self)
        guard let model = CameraModel(rawValue: name) else {
            throw .unsupportedCameraModel(file: file, .line(scanner.line), model: name)
        }
        let (width, height) = (try integer(UInt64.self, "a width"), try integer(UInt64.self, "a height"))
        var parameters: [Double] = []
        while let value = try number() { parameters.append(value) }
        switch Camera.checked(width: width, height: height, model: model, parameters: parameters) {
        case .success(let camera): return (id, camera)
        case .failure(let complaint): throw error(complaint.reason)
        }
    }

    private mutating func image() throws(SceneFileError) -> (ImageID, PosedImage) {
        let id = try integer(ImageID.self, "an image ID")
        let (w, x, y, z) = (try needed(), try needed(), try needed(), try needed())
        guard let rotation = Quaternion(stored: w, x, y, z) else {
            throw error("(\(w), \(x), \(y), \(z)) is no unit quaternion.")
        }
        let translation = SIMD3(try needed(), try needed(), try needed())
        let cameraID = try integer(CameraID.self, "a camera ID")
        let name = try restOfLine()
        // The next line belongs to this image even when it is empty.
        scanner.skipLine()
        var keypoints: [SIMD2<Double>] = []
        var pointIDs: [PointID?] = []
        while let x = try number() {
            keypoints.append(SIMD2(x, try needed()))
            pointIDs.append(try pointID())
        }
        scanner.skipLine()
        var image = PosedImage(
            name: name, cameraID: cameraID,
            cameraFromWorld: RigidTransform(rotation: rotation, translation: translation), keypoints: keypoints)
        image.pointIDs = pointIDs
        return (id, image)
    }

    private mutating func point() throws(SceneFileError) -> (PointID, ScenePoint) {
        let id = try integer(PointID.self, "a point ID")
        guard id != .max else { throw error("ID \(id) means no point.") }
        let position = SIMD3(try needed(), try needed(), try needed())
        let color = SIMD3(
            try integer(UInt8.self, "red, 0 to 255"), try integer(UInt8.self, "green, 0 to 255"),
            try integer(UInt8.self, "blue, 0 to 255"))
        let reprojectionError = try needed()
        var track: [Observation] = []
        while let token = scanner.tokenOnLine() {
            guard let imageID = Self.unsigned(token, ImageID.self) else { throw error("expected an image ID.") }
            let index = try integer(UInt32.self, "the index of a keypoint")
            track.append(Observation(imageID: imageID, keypointIndex: Int(index)))
        }
        return (id, ScenePoint(position: position, color: color, error: reprojectionError, track: track))
    }

    /// A point ID; −1 means none.
    private mutating func pointID() throws(SceneFileError) -> PointID? {
        guard let token = scanner.tokenOnLine() else { throw error("expected a point ID.") }
        if token.elementsEqual("-1".utf8) { return nil }
        guard let id = Self.unsigned(token, PointID.self) else { throw error("expected a point ID or -1.") }
        return id == .max ? nil : id
    }

    /// The rest of the line without white space around it; may hold spaces.
    private mutating func restOfLine() throws(SceneFileError) -> String {
        var rest = bytes[scanner.offset...].prefix { $0 != 0x0A }
        while let first = rest.first, first <= 0x20 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        guard !rest.isEmpty else { throw error("expected a name.") }
        guard let name = String(validating: rest, as: UTF8.self), !name.utf8.contains(0) else {
            throw error("a name that is not UTF-8.")
        }
        return name
    }

    private mutating func number() throws(SceneFileError) -> Double? {
        guard let token = scanner.tokenOnLine() else { return nil }
        guard let value = TextScanner.number(token) else { throw error("expected a finite number.") }
        return value
    }

    private mutating func needed() throws(SceneFileError) -> Double {
        guard let value = try number() else { throw error("the line ends where a number should be.") }
        return value
    }

    private mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type, _ what: String
    ) throws(SceneFileError) -> Value {
        guard let token = scanner.tokenOnLine(), let value = Self.unsigned(token, type) else {
            throw error("expected \(what).")
        }
        return value
    }

    /// Digits that fill the whole token, without overflow.
    private static func unsigned<Value: FixedWidthInteger & UnsignedInteger>(
        _ token: UnsafeBufferPointer<UInt8>, _ type: Value.Type
    ) -> Value? {
        guard !token.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in token {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return Value(exactly: value)
    }

    private func error(_ reason: String) -> SceneFileError { .malformed(file: file, .line(scanner.line), reason) }
}
