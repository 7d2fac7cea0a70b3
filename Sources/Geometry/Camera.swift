// SPDX-License-Identifier: Apache-2.0

/// A camera's intrinsics: size of its pictures, model and parameters, all in pixels.
///
/// Pixel coordinates have (0, 0) at the top left corner of the picture; the centre of the top left pixel is (0.5, 0.5).
public struct Camera: Hashable, Sendable, Codable {
    /// Width of the pictures in pixels.
    public var width: Int
    /// Height of the pictures in pixels.
    public var height: Int
    /// The mapping from directions to pixels.
    public var model: CameraModel
    /// `model.parameterCount` numbers in the order the model documents.
    public var parameters: [Double]

    /// Creates a camera.
    ///
    /// - Precondition: `parameters` has as many elements as the model needs.
    public init(width: Int, height: Int, model: CameraModel, parameters: [Double]) {
        precondition(
            parameters.count == model.parameterCount,
            "\(model.rawValue) has \(model.parameterCount) parameters, not \(parameters.count)")
        self.width = width
        self.height = height
        self.model = model
        self.parameters = parameters
    }

    /// An undistorted camera with its principal point at the centre.
    public init(width: Int, height: Int, focalLength: Double) {
        self.init(
            width: width, height: height, model: .simplePinhole,
            parameters: [focalLength, 0.5 * Double(width), 0.5 * Double(height)])
    }

    /// Focal lengths along x and y in pixels.
    public var focalLengths: SIMD2<Double> {
        model.focalLengthCount == 2
            ? SIMD2(parameters[0], parameters[1]) : SIMD2(repeating: parameters[0])
    }

    /// Mean of the two focal lengths in pixels.
    public var meanFocalLength: Double { 0.5 * focalLengths.sum() }

    /// Where the optical axis meets the picture, in pixels.
    public var principalPoint: SIMD2<Double> {
        let first = model.focalLengthCount
        return SIMD2(parameters[first], parameters[first + 1])
    }

    /// Distortion coefficients of the model; empty for pinhole models.
    public var distortion: ArraySlice<Double> { parameters[(model.focalLengthCount + 2)...] }

    /// Whether the point with these pixel coordinates lies on the picture.
    public func contains(_ pixel: SIMD2<Double>) -> Bool {
        pixel.x >= 0 && pixel.y >= 0 && pixel.x < Double(width) && pixel.y < Double(height)
    }

    /// The camera of the same pictures scaled to `width` × `height`; distortion does not change.
    public func resized(width newWidth: Int, height newHeight: Int) -> Camera {
        let factor = SIMD2(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
        var result = self
        result.width = newWidth
        result.height = newHeight
        let first = model.focalLengthCount
        if first == 2 {
            result.parameters[0] *= factor.x
            result.parameters[1] *= factor.y
        } else {
            result.parameters[0] *= 0.5 * (factor.x + factor.y)
        }
        result.parameters[first] *= factor.x
        result.parameters[first + 1] *= factor.y
        return result
    }
}
