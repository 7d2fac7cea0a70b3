// SPDX-License-Identifier: Apache-2.0

/// How a camera maps directions to pixels; names, numbers and parameter order are those of COLMAP.
public enum CameraModel: String, Hashable, Sendable, Codable, CaseIterable {
    /// `f, cx, cy`
    case simplePinhole = "SIMPLE_PINHOLE"
    /// `fx, fy, cx, cy`
    case pinhole = "PINHOLE"
    /// `f, cx, cy, k`: `x · (1 + k r²)`
    case simpleRadial = "SIMPLE_RADIAL"
    /// `f, cx, cy, k1, k2`: `x · (1 + k1 r² + k2 r⁴)`
    case radial = "RADIAL"
    /// `fx, fy, cx, cy, k1, k2, p1, p2`: radial and tangential distortion as in OpenCV
    case openCV = "OPENCV"

    /// The number in COLMAP's binary files and databases.
    public var colmapID: Int32 {
        switch self {
        case .simplePinhole: 0
        case .pinhole: 1
        case .simpleRadial: 2
        case .radial: 3
        case .openCV: 4
        }
    }

    /// The model with COLMAP's number, or `nil` for one we do not know.
    public init?(colmapID: Int32) {
        guard let model = Self.allCases.first(where: { $0.colmapID == colmapID }) else { return nil }
        self = model
    }

    /// Numbers that describe one camera.
    public var parameterCount: Int {
        switch self {
        case .simplePinhole: 3
        case .pinhole, .simpleRadial: 4
        case .radial: 5
        case .openCV: 8
        }
    }

    /// Leading parameters that are focal lengths: one or two.
    public var focalLengthCount: Int {
        switch self {
        case .pinhole, .openCV: 2
        default: 1
        }
    }
}
