// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// How an unknown focal length is sought.
public struct FocalLengthSearchOptions: Hashable, Sendable, Codable {
    /// Shortest focal length considered, in longer sides of the picture.
    public var minimumFactor = 0.4
    /// Longest focal length considered, in longer sides of the picture.
    public var maximumFactor = 8.0
    /// Focal lengths tried in a geometric row from the shortest to the longest.
    public var steps = 41
    /// Pairs asked at most: those with the most matches and the widest angles.
    public var maximumPairs = 60
    /// Matches used of a pair at most, evenly spread over its list.
    public var maximumMatches = 120
    /// Standard deviation of a keypoint in pixels at working size.
    public var noise = 1.0
    /// Pictures count as scaled down to this longer side when errors are measured.
    public var workingSize = 1600

    /// The defaults.
    public init() {}

    /// Throws when a value makes no sense.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            minimumFactor > 0 && minimumFactor < maximumFactor && maximumFactor.isFinite, "minimumFactor",
            minimumFactor,
            allowed: "above 0 and below maximumFactor, which is finite")
        try OptionsError.require((3...1000).contains(steps), "steps", steps, allowed: "3 up to 1000")
        try OptionsError.require(maximumPairs >= 1, "maximumPairs", maximumPairs, allowed: "at least 1")
        try OptionsError.require(maximumMatches >= 8, "maximumMatches", maximumMatches, allowed: "at least 8")
        try OptionsError.require(noise > 0 && noise.isFinite, "noise", noise, allowed: "greater than 0")
        try OptionsError.require(workingSize >= 16, "workingSize", workingSize, allowed: "at least 16")
    }

    /// The factors tried, ascending.
    var factors: [Double] {
        let ratio = maximumFactor / minimumFactor
        return (0..<steps).map { minimumFactor * pow(ratio, Double($0) / Double(steps - 1)) }
    }
}
