// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A pair could not be matched and verified.
public enum PairVerificationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Features could not be compared.
    case matching(ImagePair, MatchingError)
    /// The geometry could not be computed.
    case geometry(TwoViewError)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .matching(let pair, let error): "Images \(pair.first) and \(pair.second): \(error)"
        case .geometry(let error): error.description
        }
    }
}

/// All steps from two sets of features to a verified pair: match, verify, match again guided by the geometry, verify again.
public struct PairVerifier: Sendable {
    /// One of the two images.
    public struct View: Sendable {
        /// Intrinsics and how far they can be trusted.
        public var camera: CameraPrior
        /// Features with descriptors.
        public var features: FeatureSet

        /// Creates a view.
        public init(camera: CameraPrior, features: FeatureSet) {
            self.camera = camera
            self.features = features
        }

        var geometric: TwoViewEstimator.View {
            TwoViewEstimator.View(
                camera: camera,
                keypoints: features.keypoints.map { SIMD2(Double($0.position.x), Double($0.position.y)) })
        }
    }

    /// What a pair gave.
    public struct Result: Sendable {
        /// Matches by look alone, ascending.
        public var matches: [FeatureMatch]
        /// The geometry they, and the guided ones, agree on.
        public var geometry: TwoViewGeometry
    }

    private let matcher: DescriptorMatcher
    private let estimator: TwoViewEstimator
    private let guided: GuidedMatcher

    /// Creates a verifier.
    ///
    /// - Throws: `OptionsError` when options make no sense.
    public init(
        matching: MatchingOptions = MatchingOptions(), verification: TwoViewOptions = TwoViewOptions(), seed: UInt64 = 0
    ) throws(OptionsError) {
        matcher = try DescriptorMatcher(options: matching)
        estimator = try TwoViewEstimator(options: verification, seed: seed)
        guided = try GuidedMatcher(options: matching, verification: verification)
    }

    /// Matches and verifies one pair; `first` belongs to `pair.first`.
    ///
    /// - Throws: ``PairVerificationError``.
    public func verify(_ pair: ImagePair, first: View, second: View) throws(PairVerificationError) -> Result {
        let (firstView, secondView) = (first.geometric, second.geometric)
        let estimate = { (matches: [FeatureMatch]) throws(PairVerificationError) -> TwoViewGeometry in
            do throws(TwoViewError) {
                return try estimator.estimate(pair, first: firstView, second: secondView, matches: matches)
            } catch {
                throw .geometry(error)
            }
        }
        let matches: [FeatureMatch]
        do throws(MatchingError) {
            matches = try matcher.match(first.features, second.features)
        } catch {
            throw .matching(pair, error)
        }
        let verified = try estimate(matches)
        guard !verified.inliers.isEmpty else { return Result(matches: matches, geometry: verified) }
        let more: [FeatureMatch]
        do throws(MatchingError) {
            more = try guided.matches(
                verified, first: first.features, firstCamera: first.camera.camera, second: second.features,
                secondCamera: second.camera.camera)
        } catch {
            throw .matching(pair, error)
        }
        guard more.count > verified.inliers.count else { return Result(matches: matches, geometry: verified) }
        let again = try estimate(more)
        // More matches must not lose what fewer had shown.
        return Result(matches: matches, geometry: again.inliers.count >= verified.inliers.count ? again : verified)
    }
}
