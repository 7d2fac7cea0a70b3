// SPDX-License-Identifier: Apache-2.0

/// The geometry of a pair could not be computed.
public enum TwoViewError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A match names a keypoint that does not exist.
    case missingKeypoint(pair: ImagePair, match: FeatureMatch)
    /// A matched keypoint is not at a finite place.
    case notFinite(pair: ImagePair, match: FeatureMatch)
    /// A camera's focal lengths are not positive, or its parameters not finite.
    case badCamera(pair: ImagePair)
    /// The library failed.
    case library(OpenCVError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .missingKeypoint(let pair, let match):
            "Images \(pair.first) and \(pair.second): match \(match.first)-\(match.second) names a keypoint that does "
                + "not exist. Match them again."
        case .notFinite(let pair, let match):
            "Images \(pair.first) and \(pair.second): a keypoint of match \(match.first)-\(match.second) has no finite "
                + "position. Extract features again."
        case .badCamera(let pair):
            "Images \(pair.first) and \(pair.second): a camera has a focal length that is not positive, or parameters "
                + "that are not finite. Correct the intrinsics."
        case .library(let error): error.description
        }
    }
}
