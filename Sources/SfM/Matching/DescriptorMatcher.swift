// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry
import Glibc

/// Features could not be compared.
public enum MatchingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A set has keypoints but no descriptors.
    case missingDescriptors(keypoints: Int)
    /// A set is larger than the kernel can count.
    case tooManyFeatures(Int)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .missingDescriptors(let count):
            "A picture has \(count) keypoints without descriptors; extract its features again."
        case .tooManyFeatures(let count):
            "A picture has \(count) features; at most \(DescriptorMatcher.maximumFeatures) can be matched. "
                + "Extract fewer."
        }
    }
}

/// Pairs features of two pictures that are each other's nearest and clearly nearer than the second.
///
/// Exact: all products of descriptors are computed. Distances are angles, as in COLMAP: `acos(a · b / 512²)`.
public struct DescriptorMatcher: Sendable {
    /// The largest set that can be matched.
    public static let maximumFeatures = 1 << 20

    /// When two features count as alike.
    public let options: MatchingOptions

    /// Creates a matcher.
    ///
    /// - Throws: `OptionsError` when the options make no sense.
    public init(options: MatchingOptions = MatchingOptions()) throws(OptionsError) {
        try options.validate()
        self.options = options
    }

    /// Mutual nearest neighbours that pass the ratio test in both directions, ascending; among equally near features the
    /// one with the lowest number is the nearest, but it then fails the test.
    ///
    /// - Throws: ``MatchingError``.
    /// - Complexity: O(first.count · second.count).
    public func match(_ first: FeatureSet, _ second: FeatureSet) throws(MatchingError) -> [FeatureMatch] {
        for set in [first, second] { try Self.check(set) }
        guard first.count > 0, second.count > 0 else { return [] }
        var byFirst = [zk_nearest](repeating: zk_nearest(), count: first.count)
        var bySecond = [zk_nearest](repeating: zk_nearest(), count: second.count)
        let scratch = UnsafeMutableRawPointer.allocate(
            byteCount: zk_match_scratch(first.count, second.count), alignment: 64)
        defer { scratch.deallocate() }
        zk_match_descriptors(
            first.count, first.descriptors, second.count, second.descriptors, &byFirst, &bySecond, scratch)

        let matches = byFirst.enumerated().compactMap { index, nearest -> FeatureMatch? in
            let back = bySecond[Int(nearest.index)]
            guard Int(back.index) == index,
                isDistinct(nearest, ratio: options.maximumRatio, maximumAngle: options.maximumAngle),
                isDistinct(back, ratio: options.maximumRatio, maximumAngle: options.maximumAngle)
            else { return nil }
            return FeatureMatch(UInt32(index), UInt32(nearest.index))
        }
        return matches
    }

    static func check(_ set: FeatureSet) throws(MatchingError) {
        guard set.count <= maximumFeatures else { throw .tooManyFeatures(set.count) }
        guard set.descriptors.count == set.count * FeatureSet.descriptorLength else {
            throw .missingDescriptors(keypoints: set.count)
        }
    }

    /// Whether the nearest is near enough, and clearly nearer than the second nearest.
    func isDistinct(_ nearest: zk_nearest, ratio: Double, maximumAngle: Double) -> Bool {
        let angle = Self.angle(product: nearest.best)
        return angle <= maximumAngle && angle < ratio * Self.angle(product: nearest.second)
    }

    /// Angle between two descriptors of length 512; a missing one is at a right angle to all.
    static func angle(product: Int32) -> Double { acos(min(1, Double(max(product, 0)) / (512 * 512))) }
}
