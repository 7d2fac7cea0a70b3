// SPDX-License-Identifier: Apache-2.0

/// How many points of the scene pairs of images see together.
public struct Covisibility: Hashable, Sendable {
    /// Another image and what it shares with the one asked about.
    public struct Neighbour: Hashable, Sendable {
        /// The other image.
        public var imageID: ImageID
        /// Points that both observe.
        public var sharedPoints: Int
    }

    private var shared: [ImagePair: Int] = [:]
    private var neighboursOf: [ImageID: [Neighbour]] = [:]

    /// Counts the points of a reconstruction.
    ///
    /// - Complexity: O(sum of squared track lengths).
    public init(of reconstruction: Reconstruction) {
        for point in reconstruction.points.values {
            let images = Set(point.track.map(\.imageID)).sorted()
            for (index, first) in images.enumerated() {
                for second in images[(index + 1)...] { shared[ImagePair(first, second), default: 0] += 1 }
            }
        }
        for (pair, count) in shared {
            neighboursOf[pair.first, default: []].append(Neighbour(imageID: pair.second, sharedPoints: count))
            neighboursOf[pair.second, default: []].append(Neighbour(imageID: pair.first, sharedPoints: count))
        }
        for image in neighboursOf.keys {
            neighboursOf[image]?.sort { ($1.sharedPoints, $0.imageID) < ($0.sharedPoints, $1.imageID) }
        }
    }

    /// Points that both images observe.
    public func sharedPoints(_ first: ImageID, _ second: ImageID) -> Int {
        first == second ? 0 : shared[ImagePair(first, second)] ?? 0
    }

    /// Images that see at least one point that `image` sees: most shared points first, then by ID.
    public func neighbours(of image: ImageID) -> [Neighbour] { neighboursOf[image] ?? [] }
}
