// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What a growing map does with the neural level set that it lives on; all of it does nothing for a geometric map.
extension IncrementalGrowth {
    /// Weight of the surface while the map grows.
    var surfaceWeight: Double { map.options.levelSet?.adjusts == true ? 1 : 0 }

    /// Fits the surface to the first two images and makes their points anew on it.
    mutating func startLevelSet() throws(MappingError) {
        guard map.options.levelSet != nil else { return }
        try map.startLevelSet(isCancelled: isCancelled)
        remakePoints()
    }

    /// Makes all points anew on the surface; where that leaves too few to go on with, the old ones stay, free.
    private mutating func remakePoints() {
        guard map.makesPointsOnSurface else { return map.updateDeviation(threads: map.threads) }
        let before = map
        for track in 0..<map.tracks.count where map.hasPoint[track] { map.removePoint(track) }
        map.addPointsOnSurface()
        // Now that the deviation is known, the surface draws points, too.
        for track in 0..<map.tracks.count where map.hasPoint[track] { map.removePoint(track) }
        map.addPointsOnSurface()
        if 4 * map.pointCount < before.pointCount { map = before }
    }

    /// Trains the surface with a new image, and makes the points that it sees.
    mutating func growLevelSet(with image: Int) throws(MappingError) {
        guard let options = map.options.levelSet, map.levelSet != nil else { return }
        try map.trainLevelSet(with: image, steps: options.stepsPerPhoto, isCancelled: isCancelled)
        map.addPointsOnSurface(seenBy: image)
    }

    /// Lets the surface follow points after an adjustment; fits another one when the map has outgrown its cube.
    mutating func followPoints() throws(MappingError) {
        guard let options = map.options.levelSet, let levelSet = map.levelSet else { return }
        let points = (0..<map.tracks.count).filter { map.hasPoint[$0] }.map { map.positions[$0] }
        if SceneNormalization.isOutgrown(levelSet.cubeFromWorld, by: points) {
            try map.startLevelSet(isCancelled: isCancelled)
            remakePoints()
        } else if options.adjusts {
            try map.trainLevelSet(with: nil, steps: options.stepsPerRound, isCancelled: isCancelled)
        }
    }

    /// Shows the surface to whoever wants to watch.
    func showLevelSet() {
        guard let growthHandler, let levelSet = map.levelSet else { return }
        let points = (0..<map.tracks.count).filter { map.hasPoint[$0] }.map { map.positions[$0] }
        growthHandler(map.registrationOrder.count, LevelSetPicture.slice(of: levelSet, points: points))
    }

    /// Ties the points to the surface once more, now that the poses are final.
    mutating func finishLevelSet() throws(MappingError) {
        guard let options = map.options.levelSet, map.levelSet != nil else { return }
        if options.adjusts {
            try map.trainLevelSet(with: nil, steps: 2 * options.stepsPerPhoto, isCancelled: isCancelled)
            map.settleOnLevelSet()
            map.filter()
        }
    }
}
