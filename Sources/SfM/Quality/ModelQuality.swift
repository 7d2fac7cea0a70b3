// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How well one photo was understood.
public struct PhotoQuality: Hashable, Sendable, Codable {
    /// Its image ID.
    public var imageID: ImageID
    /// Path relative to the photo folder.
    public var name: String
    /// Whether the model holds it.
    public var isRegistered: Bool
    /// Keypoints found.
    public var keypoints: Int
    /// Points of the model that it observes.
    public var observations = 0
    /// Mean reprojection error of these, in pixels; `nil` when there are none.
    public var meanResidual: Double?
    /// Median of the same.
    public var medianResidual: Double?
    /// Pairs with other photos that were verified.
    public var verifiedPairs = 0
    /// Why the model does not hold it, if that is known.
    public var reason: String?
}

/// What two photos have in common.
public struct PairQuality: Hashable, Sendable, Codable {
    /// The photos.
    public var pair: ImagePair
    /// Matches by look alone.
    public var matches: Int
    /// Those that agree with the pair's geometry.
    public var inliers: Int
}

/// Photo by photo and pair by pair, how good a model is; for reports.
public struct ModelQuality: Hashable, Sendable, Codable {
    /// In ascending order of IDs: all photos that the database or the model knows.
    public var photos: [PhotoQuality]
    /// Matched pairs in ascending order; empty without a database.
    public var pairs: [PairQuality]
    /// Reprojection errors of all observations, in pixels.
    public var residuals = Histogram(start: 0, width: 0.25, bins: 17)
    /// Observations of each point.
    public var trackLengths = Histogram(start: 2, width: 1, bins: 15)

    /// Measures a model.
    ///
    /// - Parameters:
    ///   - summary: What was found before mapping; empty when that is not known.
    ///   - mapping: Knows why photos were left out.
    /// - Complexity: O(observations · log(observations of one photo)).
    public init(of model: Reconstruction, summary: MatchSummary, mapping: MappingReport?) {
        let reasons = Dictionary(
            (mapping?.images ?? []).map { ($0.imageID, Self.reason($0)) }, uniquingKeysWith: { first, _ in first })
        let names = summary.names.merging(model.images.mapValues(\.name)) { $1 }
        photos = names.sorted { $0.key < $1.key }.map { id, name in
            PhotoQuality(
                imageID: id, name: name, isRegistered: model.images[id] != nil,
                keypoints: summary.keypoints[id] ?? model.images[id]?.keypoints.count ?? 0,
                reason: model.images[id] == nil ? reasons[id] ?? nil : nil)
        }
        pairs = summary.pairs.sorted { $0.key < $1.key }.map { pair, counts in
            PairQuality(pair: pair, matches: counts.matches, inliers: counts.inliers)
        }
        var verified: [ImageID: Int] = [:]
        for entry in pairs where entry.inliers > 0 {
            for id in [entry.pair.first, entry.pair.second] { verified[id, default: 0] += 1 }
        }
        for index in photos.indices {
            photos[index].verifiedPairs = verified[photos[index].imageID] ?? 0
            measure(index, in: model)
        }
        for id in model.pointIDs { trackLengths.add(Double(model.points[id]?.track.count ?? 0)) }
    }

    private mutating func measure(_ place: Int, in model: Reconstruction) {
        let photoID = photos[place].imageID
        guard let image = model.images[photoID] else { return }
        var errors: [Double] = []
        for (index, id) in image.pointIDs.enumerated() {
            guard let id, let point = model.points[id] else { continue }
            let observation = Observation(imageID: photoID, keypointIndex: index)
            // A point behind the camera has no error that could be drawn.
            guard let error = model.reprojectionError(of: point.position, at: observation) else { continue }
            errors.append(error)
            residuals.add(error)
        }
        photos[place].observations = errors.count
        guard !errors.isEmpty else { return }
        photos[place].meanResidual = errors.reduce(0, +) / Double(errors.count)
        errors.sort()
        photos[place].medianResidual = errors[errors.count / 2]
    }

    private static func reason(_ image: ImageReport) -> String? {
        image.reason ?? image.modelIndex.flatMap { $0 > 0 ? "it is in sparse/\($0), a model of its own" : nil }
    }
}
