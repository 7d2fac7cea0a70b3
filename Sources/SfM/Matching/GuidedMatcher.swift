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
    /// - Throws: `OptionsError` when the options make no sense.
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
        var free = [Bool](repeating: true, count: first.count)
        var secondTaken = [Bool](repeating: false, count: second.count)
        for match in geometry.inliers {
            free[Int(match.first)] = false
            secondTaken[Int(match.second)] = true
        }
        let found = nearest(
            first.descriptors, a.places, free, second.descriptors, b.places,
            gate.scaled(first: a.scale, second: b.scale),
            maximumAngle: angleOfVerified(geometry.inliers, first, second))
        return (geometry.inliers + found.filter { !secondTaken[Int($0.second)] }).sorted()
    }

    /// The angle that the required share of the verified matches does not exceed.
    private func angleOfVerified(_ matches: [FeatureMatch], _ first: FeatureSet, _ second: FeatureSet) -> Double {
        let angles = matches.map { match in
            var product: Int32 = 0
            first.descriptors.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                zk_descriptor_products(
                    base + Int(match.first) * FeatureSet.descriptorLength, second.descriptors, 1, [Int32(match.second)],
                    &product)
            }
            return DescriptorMatcher.angle(product: product)
        }.sorted()
        let rank = min(angles.count - 1, Int(matcher.options.guidedQuantile * Double(angles.count)))
        return min(matcher.options.maximumAngle, angles[rank])
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

    /// Mutual nearest neighbours among pairs that pass the gate; only `free` features of the first picture take part.
    private func nearest(
        _ first: [UInt8], _ firstPlaces: [SIMD2<Double>], _ free: [Bool], _ second: [UInt8],
        _ secondPlaces: [SIMD2<Double>], _ gate: Gate, maximumAngle: Double
    ) -> [FeatureMatch] {
        let nothing = zk_nearest(index: -1, best: -1, second: -1)
        var byFirst = [zk_nearest](repeating: nothing, count: firstPlaces.count)
        var bySecond = [zk_nearest](repeating: nothing, count: secondPlaces.count)
        let grid = KeypointGrid(secondPlaces)
        var candidates: [Int32] = []
        var products: [Int32] = []
        first.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            for index in firstPlaces.indices where free[index] {
                candidates.removeAll(keepingCapacity: true)
                gate.collect(&candidates, firstPlaces[index], grid, maximumError)
                if products.count < candidates.count { products = [Int32](repeating: 0, count: 2 * candidates.count) }
                zk_descriptor_products(
                    rows + index * FeatureSet.descriptorLength, second, candidates.count, candidates, &products)
                for (place, candidate) in candidates.enumerated() {
                    byFirst[index].meet(candidate, product: products[place])
                    bySecond[Int(candidate)].meet(Int32(index), product: products[place])
                }
            }
        }
        let ratio = matcher.options.guidedRatio
        return byFirst.enumerated().compactMap { index, nearest in
            guard nearest.index >= 0 else { return nil }
            let back = bySecond[Int(nearest.index)]
            guard Int(back.index) == index, matcher.isDistinct(nearest, ratio: ratio, maximumAngle: maximumAngle),
                matcher.isDistinct(back, ratio: ratio, maximumAngle: maximumAngle)
            else { return nil }
            return FeatureMatch(UInt32(index), UInt32(nearest.index))
        }
    }
}

extension zk_nearest {
    /// Counts one more candidate; they come in any order, and the lowest number wins among equals.
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

    /// Appends the points of the second picture that agree with `place` in the first.
    func collect(_ candidates: inout [Int32], _ place: SIMD2<Double>, _ grid: KeypointGrid, _ distance: Double) {
        let bound = distance * distance
        switch self {
        case .epipolar(let f, let transposed):
            let line = f * place.homogeneous
            let slope = (line.x * line.x + line.y * line.y) * bound
            grid.visit(near: line, distance: distance) { places in
                for index in places {
                    let other = grid.points[index]
                    let product = line.x * other.x + line.y * other.y + line.z
                    guard product * product <= slope else { continue }
                    let back = transposed * other.homogeneous
                    guard product * product <= (back.x * back.x + back.y * back.y) * bound else { continue }
                    candidates.append(grid.order[index])
                }
            }
        case .homography(let h):
            let image = h * place.homogeneous
            let target = SIMD2(image.x, image.y) / image.z
            guard target.x.isFinite, target.y.isFinite else { return }
            grid.visit(near: target, distance: distance) { places in
                for index in places {
                    let difference = grid.points[index] - target
                    if difference.dot(difference) <= bound { candidates.append(grid.order[index]) }
                }
            }
        }
    }
}
