// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Why no map could be built.
public enum MappingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The view graph contradicts itself.
    case malformed(reason: String)
    /// An option has a value that cannot work.
    case options(OptionsError)
    /// No pair of images is fit to start from.
    case noInitialPair(tried: Int, bestInliers: Int, needed: Int)
    /// Cameras were found, but they contradict the matches: no model is better than a wrong one.
    ///
    /// `explained` is the share of verified matches that agree with the best model, in `0 ... 1`.
    case inconsistent(registered: Int, images: Int, explained: Double, reason: String)
    /// Of the images whose poses are given, fewer than two are among the photos.
    case tooFewKnownPoses(found: Int, given: Int)
    /// The solver refused a problem.
    case solver(reason: String)
    /// The caller asked to stop.
    case cancelled

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .malformed(let reason): "The view graph is malformed: \(reason)."
        case .options(let error): error.description
        case .noInitialPair(let tried, let best, let needed):
            "No starting pair among \(tried) verified pairs: the best has \(best) points seen at a useful angle, "
                + "\(needed) needed. Add photos that overlap by two thirds and are taken from different places."
        case .inconsistent(let registered, let images, let explained, let reason):
            "No trustworthy model: \(registered) of \(images) images could be placed, but \(reason) "
                + "(\(Int((100 * explained).rounded())) % of the verified matches agree with it). "
                + "Add photos between the existing ones (15° apart or less), or give the intrinsics."
        case .tooFewKnownPoses(let found, let given):
            "Only \(found) of the \(given) images with known poses have the name of a photo; 2 are needed. Names are paths "
                + "relative to the photo folder, as in database.db."
        case .solver(let reason): "The solver refused the problem: \(reason)."
        case .cancelled: "Mapping was cancelled."
        }
    }
}
