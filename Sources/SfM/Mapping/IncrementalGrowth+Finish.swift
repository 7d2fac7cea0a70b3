// SPDX-License-Identifier: Apache-2.0

import Geometry

extension IncrementalGrowth {
    /// Takes back images most of whose matches contradict the map, worst first; returns how well the rest agrees.
    mutating func dropContradictedImages() throws(MappingError) -> ModelConsistency {
        var consistency = ModelConsistency(of: map)
        var hasDropped = false
        while map.registrationOrder.count > 2 {
            let worst = map.registrationOrder.map { (image: $0, share: consistency.share(of: $0)) }
                .min { ($0.share, $0.image) < ($1.share, $1.image) }
            guard let worst, worst.share < map.options.minimumExplainedShare else { break }
            reject(worst.image, share: worst.share)
            hasDropped = true
            consistency = ModelConsistency(of: map)
        }
        if hasDropped {
            try finish()
            consistency = ModelConsistency(of: map)
        }
        return consistency
    }

    /// Lets principal points move where the views determine them; returns whether any did.
    ///
    /// A moved principal point is nearly a small turn of all cameras (Hartley and Zisserman 2004, section 19.3), so that a
    /// free one soaks up other errors. It is kept only when the observations speak for it: the fall of the cost, in units
    /// of the noise, must exceed ``significance``. On photos whose true principal point lies 9 pixels off the centre the
    /// fall was above 1200; where it lies at the centre, below 10.
    mutating func refinePrincipalPoints() throws(MappingError) -> Bool {
        let mode = map.options.principalPoint
        let free = freeParameters(withPrincipalPoint: true)
        guard mode != .never, free != freeParameters() else { return false }
        let loss = map.options.bundle.loss
        let reference = try adjustFully(freeParameters(), loss: loss)
        let before = self
        let summary = try adjustFully(free, loss: loss)
        let observations = map.isObserved.lazy.filter { $0 }.count
        // Half a squared error in two coordinates has the noise's variance as its mean.
        let variance = summary.finalCost / Double(max(observations, 1))
        let gain = 2 * (reference.finalCost - summary.finalCost)
        guard mode == .always || (gain > Self.significance * variance && principalPointsArePlausible) else {
            self = before
            return false
        }
        movesPrincipalPoints = true
        try finish()
        if mode == .automatic && !principalPointsArePlausible {
            self = before
            return false
        }
        return true
    }

    /// Whether no principal point is farther from its prior than lenses are mounted off their sensor's centre. Long lenses
    /// hardly show the difference between a moved point and a turned camera, and may run away.
    private var principalPointsArePlausible: Bool {
        zip(map.cameras, map.graph.priors).allSatisfy { camera, prior in
            let size = Double(max(camera.width, camera.height))
            return (camera.principalPoint - prior.camera.principalPoint).length < Self.largestShift * size
        }
    }

    /// Largest shift of a principal point, as a share of the longer side.
    private static let largestShift = 0.04

    /// Squared standard deviations of evidence for a moved principal point. Far above the 9 of a textbook test: the errors of
    /// one track, and of one lens, are not independent.
    private static let significance = 100.0
}
