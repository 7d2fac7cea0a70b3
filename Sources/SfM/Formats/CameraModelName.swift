// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Names of COLMAP's camera models, for those we know and for telling which one we do not.
enum CameraModelName {
    /// COLMAP 4.2's models by number.
    private static let all = [
        "SIMPLE_PINHOLE", "PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV", "OPENCV_FISHEYE", "FULL_OPENCV", "FOV",
        "SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE", "THIN_PRISM_FISHEYE", "RAD_TAN_THIN_PRISM_FISHEYE",
        "SIMPLE_DIVISION", "DIVISION", "SIMPLE_FISHEYE", "FISHEYE", "EUCM", "EQUIRECTANGULAR",
    ]

    /// The models that can be read, in a sentence.
    static var supported: String {
        let names = CameraModel.allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    /// The name behind COLMAP's number.
    static func name(ofNumber number: Int) -> String {
        all.indices.contains(number) ? all[number] : "number \(number)"
    }
}

extension Camera {
    /// A camera with numbers from a file, or what is wrong with them.
    static func checked(
        width: UInt64, height: UInt64, model: CameraModel, parameters: [Double]
    ) -> Result<Camera, CameraComplaint> {
        let sizes: ClosedRange<UInt64> = 1...1_000_000
        guard sizes.contains(width), sizes.contains(height) else {
            return .failure(CameraComplaint("a picture of \(width) × \(height) pixels; 1 to 1,000,000 are possible."))
        }
        guard parameters.count == model.parameterCount else {
            return .failure(
                CameraComplaint(
                    "\(model.rawValue) has \(model.parameterCount) parameters, not \(parameters.count)."))
        }
        guard parameters.allSatisfy(\.isFinite), parameters.prefix(model.focalLengthCount).allSatisfy({ $0 > 0 }) else {
            return .failure(CameraComplaint("parameters must be finite and focal lengths positive."))
        }
        return .success(Camera(width: Int(width), height: Int(height), model: model, parameters: parameters))
    }
}

/// Why numbers make no camera.
struct CameraComplaint: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
