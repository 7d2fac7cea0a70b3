// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Finds further matches of a verified pair among the features that agree with its geometry.
///
/// A feature competes only with those within the error of its epipolar line (or of where a homography takes it), so that
/// alike features elsewhere do not spoil the ratio test. Verified matches stay; new ones join where both features are free.
public struct GuidedMatcher: Sendable {
    private let matcher: DescriptorMatcher
    /// Largest distance from the epipolar line in either picture, or from the place that a homography gives, in pixels of
    /// the working size.
    public let maximumError: Double
    /// Pictures count as scaled down to this longer side when errors are measured.
    public let workingSize: Int

    /// Creates a matcher that searches within the error of verification.
    ///
    /// - Throws: ``OptionsError`` when the options make no sense.
    public init(
        options: MatchingOptions = MatchingOptions(), verification: TwoViewOptions = TwoViewOptions()
    ) throws(OptionsError) {
        try verification.validate()
        matcher = try DescriptorMatcher(options: options)
        maximumError = verification.maximumError
        workingSize = verification.workingSize
    }

    /// The inliers of `geometry` and further matches, ascending; just the inliers when it relates no pixels.
    ///
    /// - Throws: ``MatchingError``.
    public func matches(
        _ geometry: TwoViewGeometry, first: FeatureSet, firstCamera: Camera, second: FeatureSet, secondCamera: Camera
    ) throws(MatchingError) -> [FeatureMatch] {
        for set in [first, second] { try DescriptorMatcher.check(set) }
        guard let gate = Gate(geometry), !geometry.inliers.isEmpty else { return geometry.inliers }
        let (a, b) = (scaled(first, firstCamera), scaled(second, secondCamera))
        guard a.places.allSatisfy({ $0.x.isFinite && $0.y.isFinite }),
            b.places.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
        else { return geometry.inliers }
        let found = nearest(first, a.places, second, b.places, gate.scaled(first: a.scale, second: b.scale))
        var firstTaken = [Bool](repeating: false, count: first.count)
        var secondTaken = [Bool](repeating: false, count: second.count)
        for match in geometry.inliers {
            firstTaken[Int(match.first)] = true
            secondTaken[Int(match.second)] = true
        }
        let new = found.filter { !firstTaken[Int($0.first)] && !secondTaken[Int($0.second)] }
        return (geometry.inliers + new).sorted()
    }

    /// Positions at working size, free of distortion, and original pixels in one of them.
    private func scaled(_ set: FeatureSet, _ camera: Camera) -> (places: [SIMD2<Double>], scale: Double) {
        let scale = max(1, Double(max(camera.width, camera.height)) / Double(workingSize))
        let isDistorted = camera.distortion.contains { $0 != 0 }
        let places = set.keypoints.map { keypoint in
            let pixel = SIMD2(Double(keypoint.position.x), Double(keypoint.position.y))
            guard isDistorted else { return pixel / scale }
            return (camera.focalLengths * camera.normalized(ofPixel: pixel) + camera.principalPoint) / scale
        }
        return (places, scale)
    }

    /// Mutual nearest neighbours among pairs that pass the gate.
    private func nearest(
        _ first: FeatureSet, _ firstPlaces: [SIMD2<Double>], _ second: FeatureSet, _ secondPlaces: [SIMD2<Double>],
        _ gate: Gate
    ) -> [FeatureMatch] {
        let nothing = zk_nearest(index: -1, best: -1, second: -1)
        var byFirst = [zk_nearest](repeating: nothing, count: first.count)
        var bySecond = [zk_nearest](repeating: nothing, count: second.count)
        let grid = KeypointGrid(secondPlaces)
        var candidates: [Int32] = []
        var products: [Int32] = []
        first.descriptors.withUnsafeBufferPointer { firstDescriptors in
            second.descriptors.withUnsafeBufferPointer { secondDescriptors in
                guard let queries = firstDescriptors.baseAddress, let others = secondDescriptors.baseAddress else {
                    return
                }
                for index in 0..<first.count {
                    candidates.removeAll(keepingCapacity: true)
                    gate.visit(firstPlaces[index], grid, secondPlaces, maximumError) { candidates.append(Int32($0)) }
                    if products.count < candidates.count {
                        products = [Int32](repeating: 0, count: 2 * candidates.count)
                    }
                    zk_descriptor_products(
                        queries + index * FeatureSet.descriptorLength, others, candidates.count, candidates, &products)
                    // Cells come in any order: the lowest number must win among equals.
                    for (place, candidate) in candidates.enumerated() {
                        byFirst[index].meet(candidate, product: products[place])
                        bySecond[Int(candidate)].meet(Int32(index), product: products[place])
                    }
                }
            }
        }
        return byFirst.enumerated().compactMap { index, nearest in
            guard nearest.index >= 0 else { return nil }
            let back = bySecond[Int(nearest.index)]
            guard Int(back.index) == index, matcher.isDistinct(nearest, ratio: matcher.options.guidedRatio),
                matcher.isDistinct(back, ratio: matcher.options.guidedRatio)
            else { return nil }
            return FeatureMatch(UInt32(index), UInt32(nearest.index))
        }
    }
}

extension zk_nearest {
    /// Counts one more candidate.
    fileprivate mutating func meet(_ candidate: Int32, product: Int32) {
        if product > best || (product == best && candidate < index) {
            second = best
            best = product
            index = candidate
        } else if product > second {
            second = product
        }
    }
}

/// What a geometry says about where a feature of the first picture lies in the second.
private enum Gate {
    case epipolar(Matrix3, transposed: Matrix3)
    case homography(Matrix3)

    /// The strictest relation that is sure, or `nil` when there is none.
    init?(_ geometry: TwoViewGeometry) {
        switch geometry.configuration {
        case .calibrated, .uncalibrated:
            guard let f = geometry.fundamental else { return nil }
            self = .epipolar(f, transposed: f.transpose)
        case .planar, .panoramic, .planarOrPanoramic:
            guard let h = geometry.homography else { return nil }
            self = .homography(h)
        case .undefined, .degenerate: return nil
        }
    }

    /// The same for pixels that are `first` and `second` times as large.
    func scaled(first: Double, second: Double) -> Gate {
        let right = Matrix3.diagonal(first, first, 1)
        switch self {
        case .epipolar(let f, _):
            let scaled = Matrix3.diagonal(second, second, 1) * f * right
            return .epipolar(scaled, transposed: scaled.transpose)
        case .homography(let h): return .homography(Matrix3.diagonal(1 / second, 1 / second, 1) * h * right)
        }
    }

    /// Calls `body` with the points of the second picture that agree with `place` in the first.
    @inline(__always) func visit(
        _ place: SIMD2<Double>, _ grid: KeypointGrid, _ places: [SIMD2<Double>], _ distance: Double,
        _ body: (Int) -> Void
    ) {
        switch self {
        case .epipolar(let f, let transposed):
            let line = f * place.homogeneous
            let bound = distance * distance
            let slope = (line.x * line.x + line.y * line.y) * bound
            grid.visit(near: line, distance: distance) { index in
                let other = places[index]
                let product = line.x * other.x + line.y * other.y + line.z
                guard product * product <= slope else { return }
                let back = transposed * other.homogeneous
                if product * product <= (back.x * back.x + back.y * back.y) * bound { body(index) }
            }
        case .homography(let h):
            let image = h * place.homogeneous
            guard image.z != 0, image.isFinite else { return }
            let target = SIMD2(image.x, image.y) / image.z
            grid.visit(near: target, distance: distance) { index in
                let difference = places[index] - target
                if difference.dot(difference) <= distance * distance { body(index) }
            }
        }
    }
}
