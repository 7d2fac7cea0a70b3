// SPDX-License-Identifier: Apache-2.0

import COpenCV
import Geometry
import Images

/// Features could not be extracted.
public enum FeatureExtractionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The mask has another size than the picture; both as width and height.
    case maskSize(mask: SIMD2<Int>, picture: SIMD2<Int>)
    /// The library failed.
    case library(OpenCVError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .maskSize(let mask, let picture):
            "The mask has \(mask.x) × \(mask.y) pixels but its picture \(picture.x) × \(picture.y). "
                + "Make one mask for each picture, of the same size."
        case .library(let error): error.description
        }
    }
}

/// Finds SIFT keypoints (Lowe 2004) and describes them by RootSIFT (Arandjelović and Zisserman 2012).
///
/// One call runs on the calling thread alone; pictures are processed in parallel by the caller.
public struct FeatureExtractor: Sendable {
    /// How features are sought.
    public let options: FeatureExtractionOptions

    /// Creates an extractor.
    ///
    /// - Throws: `OptionsError` when the options make no sense.
    public init(options: FeatureExtractionOptions = FeatureExtractionOptions()) throws(OptionsError) {
        try options.validate()
        self.options = options
    }

    /// Width and height at which a picture is worked on.
    public func workingSize(width: Int, height: Int) -> (width: Int, height: Int) {
        let longer = max(width, height)
        guard longer > options.maximumImageSize else { return (width, height) }
        let scaled = { (side: Int) in max(1, (side * options.maximumImageSize + longer / 2) / longer) }
        return (scaled(width), scaled(height))
    }

    /// The features of one picture, in descending order of scale.
    ///
    /// - Parameters:
    ///   - picture: Grey or colour.
    ///   - mask: Of the picture's size; features whose centre is 0 there (in the first channel) are left out.
    /// - Throws: ``FeatureExtractionError``.
    public func extract(_ picture: Raster, mask: Raster? = nil) throws(FeatureExtractionError) -> FeatureSet {
        if let mask, mask.width != picture.width || mask.height != picture.height {
            throw .maskSize(
                mask: SIMD2(mask.width, mask.height), picture: SIMD2(picture.width, picture.height))
        }
        let working = workingSize(width: picture.width, height: picture.height)
        var sift = zs_sift_options(
            working_width: Int32(working.width), working_height: Int32(working.height),
            octave_layers: Int32(options.octaveLayers), contrast_threshold: options.contrastThreshold,
            edge_threshold: options.edgeThreshold)
        let area = Double(working.width * working.height)
        let capacity = min(options.maximumFeatures, max(1, Int(options.maximumDensity * area)))
        let gray = picture.gray.samples
        let maskSamples = mask?.gray.samples
        var points = [zs_keypoint](repeating: zs_keypoint(), count: capacity)
        var descriptors = [UInt8](repeating: 0, count: capacity * FeatureSet.descriptorLength)
        let count = Int(
            zs_sift(
                gray, maskSamples, Int32(picture.width), Int32(picture.height), &sift, Int32(capacity), &points,
                &descriptors))
        guard count >= 0 else { throw .library(OpenCVError(lastFailureOf: "finding features")) }
        let keypoints = points.prefix(count).map {
            Keypoint(position: SIMD2($0.x, $0.y), scale: $0.scale, orientation: $0.orientation)
        }
        return FeatureSet(
            keypoints: keypoints, descriptors: Array(descriptors.prefix(count * FeatureSet.descriptorLength)))
    }
}
