// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry

/// Intrinsics under the names that `transforms.json` uses, at its top level or in a frame.
struct TransformsIntrinsics: Decodable {
    var camera_model: String?
    var is_fisheye: Bool?
    var camera_angle_x: Double?
    var fl_x: Double?
    var fl_y: Double?
    var cx: Double?
    var cy: Double?
    var w: Double?
    var h: Double?
    var k1: Double?
    var k2: Double?
    var k3: Double?
    var k4: Double?
    var p1: Double?
    var p2: Double?

    /// These values, with those of the top level where there is none.
    func filled(from top: TransformsIntrinsics) -> TransformsIntrinsics {
        var result = self
        result.camera_model = camera_model ?? top.camera_model
        result.is_fisheye = is_fisheye ?? top.is_fisheye
        // A frame's own focal length overrides the angle of the top level, and the other way round.
        if fl_x == nil && camera_angle_x == nil {
            (result.fl_x, result.fl_y, result.camera_angle_x) = (top.fl_x, fl_y ?? top.fl_y, top.camera_angle_x)
        }
        result.cx = cx ?? top.cx
        result.cy = cy ?? top.cy
        result.w = w ?? top.w
        result.h = h ?? top.h
        result.k1 = k1 ?? top.k1
        result.k2 = k2 ?? top.k2
        result.k3 = k3 ?? top.k3
        result.k4 = k4 ?? top.k4
        result.p1 = p1 ?? top.p1
        result.p2 = p2 ?? top.p2
        return result
    }

    /// The camera they describe.
    func camera(file: String, place: SceneFileError.Place) throws(SceneFileError) -> Camera {
        guard let w, let h, let width = UInt64(exactly: w), let height = UInt64(exactly: h) else {
            throw .malformed(file: file, place, "w and h must be whole numbers of pixels.")
        }
        guard let fx = fl_x ?? camera_angle_x.map({ 0.5 * w / tan(0.5 * $0) }) else {
            throw .malformed(file: file, place, "fl_x and camera_angle_x are both missing.")
        }
        let fy = fl_y ?? fx
        let center = [cx ?? 0.5 * w, cy ?? 0.5 * h]
        let parameters: [Double]
        let model = try model(hasOneFocalLength: fx == fy, file: file, place: place)
        switch model {
        case .simplePinhole: parameters = [fx] + center
        case .pinhole: parameters = [fx, fy] + center
        case .simpleRadial: parameters = [fx] + center + [k1 ?? 0]
        case .radial: parameters = [fx] + center + [k1 ?? 0, k2 ?? 0]
        case .openCV: parameters = [fx, fy] + center + [k1 ?? 0, k2 ?? 0, p1 ?? 0, p2 ?? 0]
        }
        switch Camera.checked(width: width, height: height, model: model, parameters: parameters) {
        case .success(let camera): return camera
        case .failure(let complaint): throw .malformed(file: file, place, complaint.reason)
        }
    }

    /// The named model, or the smallest one that holds all coefficients when there is no name, or the name promises less.
    private func model(
        hasOneFocalLength: Bool, file: String, place: SceneFileError.Place
    ) throws(SceneFileError) -> CameraModel {
        let isUsed = { (value: Double?) in (value ?? 0) != 0 }
        if is_fisheye == true { throw .unsupportedCameraModel(file: file, place, model: "fisheye") }
        if isUsed(k3) || isUsed(k4) { throw .unsupportedCameraModel(file: file, place, model: "with k3 or k4") }
        let hasTangential = isUsed(p1) || isUsed(p2)
        let hasDistortion = isUsed(k1) || isUsed(k2) || hasTangential
        let smallest: CameraModel = hasDistortion ? .openCV : .pinhole
        guard let camera_model else { return smallest }
        guard let named = CameraModel(rawValue: camera_model) else {
            throw .unsupportedCameraModel(file: file, place, model: camera_model)
        }
        switch named {
        case .simplePinhole: return hasOneFocalLength && !hasDistortion ? named : smallest
        case .pinhole: return hasDistortion ? .openCV : named
        case .simpleRadial: return hasOneFocalLength && !isUsed(k2) && !hasTangential ? named : .openCV
        case .radial: return hasOneFocalLength && !hasTangential ? named : .openCV
        case .openCV: return named
        }
    }
}

/// The parts of `transforms.json` that say something about cameras and poses.
struct TransformsDocument: Decodable {
    struct Frame: Decodable {
        let file_path: String
        let transform_matrix: [[Double]]
        let colmap_im_id: Double?
        let intrinsics: TransformsIntrinsics

        private enum Key: String, CodingKey { case file_path, transform_matrix, colmap_im_id }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            file_path = try values.decode(String.self, forKey: .file_path)
            transform_matrix = try values.decode([[Double]].self, forKey: .transform_matrix)
            colmap_im_id = try values.decodeIfPresent(Double.self, forKey: .colmap_im_id)
            intrinsics = try TransformsIntrinsics(from: decoder)
        }
    }

    let frames: [Frame]
    let intrinsics: TransformsIntrinsics

    private enum Key: String, CodingKey { case frames }

    init(from decoder: any Decoder) throws {
        frames = try decoder.container(keyedBy: Key.self).decode([Frame].self, forKey: .frames)
        intrinsics = try TransformsIntrinsics(from: decoder)
    }

    /// The model, with shared cameras where intrinsics are equal.
    func reconstruction(file: String) throws(SceneFileError) -> Reconstruction {
        var model = Reconstruction()
        var cameraIDs: [Camera: CameraID] = [:]
        let stated = frames.compactMap { $0.colmap_im_id.flatMap(ImageID.init(exactly:)) }
        let hasIDs = stated.count == frames.count && Set(stated).count == stated.count
        for (index, frame) in frames.enumerated() {
            let place = SceneFileError.Place.entry("frame \(index)")
            let camera = try frame.intrinsics.filled(from: intrinsics).camera(file: file, place: place)
            let cameraID = cameraIDs[camera] ?? CameraID(cameraIDs.count + 1)
            cameraIDs[camera] = cameraID
            model.cameras[cameraID] = camera
            let name = frame.file_path.hasPrefix("./") ? String(frame.file_path.dropFirst(2)) : frame.file_path
            guard !name.isEmpty, !name.utf8.contains(0) else {
                throw .malformed(file: file, place, "file_path is empty or has a NUL character.")
            }
            model.images[hasIDs ? stated[index] : ImageID(index + 1)] = PosedImage(
                name: name, cameraID: cameraID,
                cameraFromWorld: try Self.pose(frame.transform_matrix, file: file, place: place), keypoints: [])
        }
        return model
    }

    /// `cameraFromWorld` of a `worldFromCamera` matrix with OpenGL's camera axes.
    private static func pose(
        _ rows: [[Double]], file: String, place: SceneFileError.Place
    ) throws(SceneFileError) -> RigidTransform {
        guard rows.count == 3 || rows.count == 4, rows.allSatisfy({ $0.count == 4 && $0.allSatisfy(\.isFinite) }),
            rows.count == 3 || rows[3] == [0, 0, 0, 1]
        else { throw .malformed(file: file, place, "transform_matrix must be 4 × 4 with 0 0 0 1 as its last row.") }
        let column = { (index: Int) in SIMD3(rows[0][index], rows[1][index], rows[2][index]) }
        let matrix = Matrix3(columns: column(0), SIMD3.zero - column(1), SIMD3.zero - column(2))
        let gram = matrix.transpose * matrix
        let error = zip(gram.rowMajor, Matrix3.identity.rowMajor).map { abs($0 - $1) }.max() ?? 0
        // Files with six decimals are good to 1e-6; a scale or a shear would be lost, so it is refused.
        guard error < 1e-3, matrix.determinant > 0 else {
            throw .malformed(file: file, place, "transform_matrix does not hold a rotation.")
        }
        let pose = RigidTransform(rotation: Quaternion(rotationMatrix: matrix), translation: column(3)).inverse
        guard pose.translation.isFinite else {
            throw .malformed(file: file, place, "the camera is too far away for any number.")
        }
        return pose
    }
}
