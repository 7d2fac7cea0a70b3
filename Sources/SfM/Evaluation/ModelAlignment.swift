// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Two models could not be brought into one frame.
public enum ModelAlignmentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Fewer photos are in both models than a similarity needs.
    case tooFewImages(common: Int, needed: Int)
    /// The centres of the common photos decide no scale, or are not finite.
    case degenerate(common: Int)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .tooFewImages(let common, let needed):
            "\(common) image(s) have the same name in both models; \(needed) are needed. Check that both were made from "
                + "the same photos."
        case .degenerate(let common):
            "The cameras of the \(common) common images lie in one place or too far apart, so no scale can be found."
        }
    }
}

/// The similarity between two models of the same photos.
public enum ModelAlignment {
    /// Images that both models must have.
    private static let neededImages = 3

    /// Brings the frame of `estimate` onto that of `truth` by least squares on camera centres (Umeyama 1991); centres on a
    /// line leave the rotation to the orientations.
    ///
    /// - Throws: ``ModelAlignmentError``.
    public static func truthFromEstimate(
        estimate: Reconstruction, truth: Reconstruction
    ) throws(ModelAlignmentError) -> Similarity {
        let posed = ImagePairing.pairs(estimate: estimate, truth: truth).compactMap { pair -> PosedPair? in
            guard let id = pair.estimate, let e = estimate.images[id], let g = truth.images[pair.truth] else {
                return nil
            }
            return PosedPair(estimate: e, truth: g)
        }
        guard posed.count >= neededImages else { throw .tooFewImages(common: posed.count, needed: neededImages) }
        let orientations = (
            estimate: posed.map(\.estimate.cameraFromWorld.rotation), truth: posed.map(\.truth.cameraFromWorld.rotation)
        )
        let centers = posed.map(\.center)
        guard centers.allSatisfy(\.isFinite), centers.contains(where: { $0 != centers[0] }),
            let fit = CenterAlignment(estimate: centers, truth: posed.map(\.trueCenter), orientations: orientations),
            fit.scale > 0, fit.scale.isFinite, fit.translation.isFinite
        else { throw .degenerate(common: posed.count) }
        return fit.similarity
    }
}
