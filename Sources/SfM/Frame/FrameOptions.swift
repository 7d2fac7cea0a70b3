// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Which direction of a model becomes +z of the world.
public enum UpDirection: String, Hashable, Sendable, Codable, CaseIterable {
    /// Against the mean of the cameras' down directions; the normal of the ground where there is one nearby.
    case automatic = "auto"
    /// The model's +x axis.
    case x
    /// The model's +y axis.
    case y
    /// The model's +z axis.
    case z
    /// The model's −x axis.
    case minusX = "-x"
    /// The model's −y axis.
    case minusY = "-y"
    /// The model's −z axis.
    case minusZ = "-z"

    /// The axis in the model's frame, or `nil` when it is to be found.
    var axis: SIMD3<Double>? {
        switch self {
        case .automatic: nil
        case .x: SIMD3(1, 0, 0)
        case .y: SIMD3(0, 1, 0)
        case .z: SIMD3(0, 0, 1)
        case .minusX: SIMD3(-1, 0, 0)
        case .minusY: SIMD3(0, -1, 0)
        case .minusZ: SIMD3(0, 0, -1)
        }
    }
}

/// A known distance between two cameras.
public struct KnownDistance: Hashable, Sendable, Codable {
    /// Name of one image.
    public var first: String
    /// Name of the other.
    public var second: String
    /// Between the two camera centres, in units of the world.
    public var distance: Double

    /// Creates a distance.
    public init(first: String, second: String, distance: Double) {
        self.first = first
        self.second = second
        self.distance = distance
    }
}

/// What is known of the world about a model.
public enum ScaleSource: Hashable, Sendable, Codable {
    /// The model's own unit.
    case model
    /// Distances between cameras: they give the scale alone.
    case distances([KnownDistance])
    /// Positions of cameras, by image name: they give scale, axes and origin.
    case positions([String: SIMD3<Double>])
    /// Positions in the photos' metadata, as metres east, north and up of the first photo that has one.
    case gps
}

/// How a model's frame is brought to the world's.
public struct FrameOptions: Hashable, Sendable, Codable {
    /// Which direction becomes +z; `nil` leaves the axes, or lets positions decide.
    public var up: UpDirection?
    /// Where the scale comes from.
    public var scale: ScaleSource
    /// Names all random numbers.
    public var seed: UInt64 = 1

    /// Creates options.
    public init(up: UpDirection? = nil, scale: ScaleSource = .model) {
        self.up = up
        self.scale = scale
    }

    /// Whether nothing is to be done.
    public var isNothing: Bool { up == nil && scale == .model }
}
