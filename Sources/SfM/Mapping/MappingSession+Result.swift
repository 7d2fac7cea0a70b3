// SPDX-License-Identifier: Apache-2.0

import Geometry

extension MappingSession {
    /// Models and report in terms of IDs.
    func result() -> MappingResult {
        var report = MappingReport()
        report.tracks = tracks.count
        report.dividedComponents = tracks.dividedComponents
        report.rejectedPairs = graph.pairs.lazy.filter(\.isContradicted).count
        report.mergedTracks = models.reduce(0) { $0 + tracks.count - $1.map.tracks.count }
        report.hasRefinedPrincipalPoint = models.contains(where: \.hasRefinedPrincipalPoint)
        report.models = models.map(report(on:))
        report.images = (0..<graph.imageCount).map(report(onImage:))
        report.warnings = warnings(report)
        return MappingResult(models: models.map { $0.map.reconstruction() }, report: report)
    }

    private func report(on model: Model) -> ModelReport {
        let map = model.map
        var result = ModelReport()
        result.images = map.registrationOrder.count
        var (sum, below) = (0.0, 0)
        var cosines: [Double] = []
        for track in 0..<map.tracks.count where map.hasPoint[track] {
            result.points += 1
            cosines.append(map.smallestCosine(of: track))
            for observation in map.tracks.observations(of: track) where map.isObserved[observation] {
                let error = map.squaredError(of: observation, at: map.positions[track]).squareRoot()
                result.observations += 1
                sum += error
                if error < 2 { below += 1 }
            }
        }
        result.meanTrackLength = Double(result.observations) / Double(max(result.points, 1))
        result.meanError = sum / Double(max(result.observations, 1))
        result.shareBelow2Pixels = Double(below) / Double(max(result.observations, 1))
        result.explainedShare = model.consistency.share
        result.pairs = model.consistency.pairs
        result.contradictedPairs = model.consistency.contradictedPairs
        cosines.sort()
        if !cosines.isEmpty {
            result.medianAngle = Angle.degrees(radians: Angle.radians(cosine: cosines[cosines.count / 2]))
        }
        for image in map.registrationOrder {
            let camera = graph.cameraOfImage[image]
            result.cameras[graph.cameraIDs[camera]] = map.cameras[camera]
        }
        return result
    }

    private func report(onImage image: Int) -> ImageReport {
        let pairs = graph.pairs.filter { $0.first == image || $0.second == image }
        var result = ImageReport(imageID: graph.imageIDs[image], name: graph.names[image])
        result.verifiedPairs = pairs.count
        result.bestPairInliers = pairs.map(\.inliers.count).max() ?? 0
        guard let index = models.firstIndex(where: { $0.map.isRegistered[image] }) else {
            result.reason = reason(image, result)
            return result
        }
        let map = models[index].map
        result.modelIndex = index
        result.explainedShare = models[index].consistency.share(of: image)
        var sum = 0.0
        for observation in map.observations(in: image).map({ Int($0) }) where map.isObserved[observation] {
            result.observations += 1
            let position = map.positions[Int(map.trackOfObservation[observation])]
            sum += map.squaredError(of: observation, at: position).squareRoot()
        }
        if result.observations > 0 { result.meanError = sum / Double(result.observations) }
        return result
    }

    private func reason(_ image: Int, _ report: ImageReport) -> String {
        guard report.verifiedPairs > 0 else { return "no other image shares enough matches with it" }
        guard report.bestPairInliers >= options.tracks.minimumPairInliers else {
            return "its best pair has \(report.bestPairInliers) inliers, \(options.tracks.minimumPairInliers) needed"
        }
        switch models.compactMap({ $0.outcomes[image] }).first {
        case nil: return "it sees no point of any model; its best pair has \(report.bestPairInliers) inliers"
        case .tooFewPoints(let visible):
            return "it sees \(visible) points of the model, \(options.minimumPoseInliers) needed"
        case .tooFewInliers(let visible, let inliers):
            return "its best pose agrees with \(inliers) of the \(visible) points it sees"
        case .registered: return "it was placed, then taken back because it lost its points"
        case .contradicted(let share):
            return "only \(Int((100 * share).rounded())) % of its matches agree with the place found for it"
        }
    }

    private func warnings(_ report: MappingReport) -> [String] {
        var result: [String] = []
        let left = report.images.filter { $0.modelIndex == nil }.count
        if left > 0 {
            result.append(
                "\(left) of \(report.images.count) images are in no model: add photos that overlap with them.")
        }
        if report.models.count > 1 {
            result.append("The images fall into \(report.models.count) models: add photos that connect them.")
        }
        for (index, model) in report.models.enumerated() {
            if model.isDoubtful {
                result.append(
                    "Model \(index) may be wrong: \(Int((100 * model.explainedShare).rounded())) % of the verified matches "
                        + "agree with it. Look for repeated structures and moving objects; add photos, or give the "
                        + "intrinsics.")
            }
            if model.medianAngle < 3 {
                result.append(
                    "Points of model \(index) are seen at small angles: take photos from places farther apart.")
            }
        }
        return result
    }
}

extension IncrementalMap {
    /// The map in terms of IDs; points are numbered from 1 in the order of their tracks.
    func reconstruction() -> Reconstruction {
        var world = Reconstruction()
        for image in registrationOrder {
            let camera = graph.cameraOfImage[image]
            world.cameras[graph.cameraIDs[camera]] = cameras[camera]
            world.images[graph.imageIDs[image]] = PosedImage(
                name: graph.names[image], cameraID: graph.cameraIDs[camera], cameraFromWorld: poses[image],
                keypoints: graph.keypoints[image])
        }
        var next: PointID = 1
        for track in 0..<tracks.count where hasPoint[track] {
            let seen = tracks.observations(of: track).filter { isObserved[$0] }
            let errors = seen.map { squaredError(of: $0, at: positions[track]).squareRoot() }
            let observations = seen.map {
                Observation(
                    imageID: graph.imageIDs[Int(tracks.imageIndices[$0])],
                    keypointIndex: Int(tracks.keypointIndices[$0]))
            }
            world.insert(
                ScenePoint(
                    position: positions[track], error: errors.reduce(0, +) / Double(errors.count), track: observations),
                id: next)
            next += 1
        }
        return world
    }
}
