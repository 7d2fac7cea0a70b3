// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc
import Images
import SfM
import Testing

@Suite struct FeatureExtractorTests {
    /// Bright round blobs on grey at `centers`, in pixels with the first centre at (0.5, 0.5).
    private static func blobs(
        width: Int, height: Int, centers: [(place: SIMD2<Double>, sigma: Double)]
    ) -> Raster {
        var level = [Double](repeating: 60, count: width * height)
        for (place, sigma) in centers {
            for y in 0..<height {
                for x in 0..<width {
                    let offset = SIMD2(Double(x) + 0.5, Double(y) + 0.5) - place
                    level[y * width + x] += 150 * exp(-offset.dot(offset) / (2 * sigma * sigma))
                }
            }
        }
        return Raster(width: width, height: height, channels: 1, samples: level.map { UInt8(min(255, $0.rounded())) })
    }

    private static let centers: [(place: SIMD2<Double>, sigma: Double)] = (0..<20).map { index in
        let (column, row) = (Double(index % 5), Double(index / 5))
        let place = SIMD2<Double>(40.3 + 60.17 * column, 35.4 + 55.23 * row)
        return (place, 2 + 0.7 * Double(index % 4))
    }
    private static let picture = blobs(width: 330, height: 250, centers: centers)

    private static func noise(width: Int, height: Int, seed: UInt64) -> Raster {
        var random = RandomStream(seed: seed, label: "picture")
        return Raster(
            width: width, height: height, channels: 1,
            samples: (0..<width * height).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    @Test func keypointsLieWhereBlobsAreWithoutBias() throws {
        let features = try FeatureExtractor().extract(Self.picture)
        var (sum, count, found) = (SIMD2<Double>.zero, 0, 0)
        for (place, sigma) in Self.centers {
            let near = features.keypoints.filter {
                (SIMD2(Double($0.position.x), Double($0.position.y)) - place).length < 1.5
            }
            // Layers are a third of an octave apart.
            if near.contains(where: { abs(log2(Double($0.scale) / sigma)) < 0.5 }) { found += 1 }
            for point in near {
                sum += SIMD2(Double(point.position.x), Double(point.position.y)) - place
                count += 1
            }
        }
        // A blob whose size falls between two octaves may be missed.
        #expect(found >= Self.centers.count - 2)
        let bias = sum / Double(max(count, 1))
        #expect(abs(bias.x) < 0.02 && abs(bias.y) < 0.02, "bias \(bias)")
    }

    @Test func reducedPicturesGivePositionsOfTheOriginal() throws {
        var options = FeatureExtractionOptions()
        options.maximumImageSize = 165
        let large = Self.centers.filter { $0.sigma > 3.5 }
        let features = try FeatureExtractor(options: options).extract(Self.picture)
        #expect(try FeatureExtractor(options: options).workingSize(width: 330, height: 250) == (165, 125))
        for (place, _) in large {
            let distances = features.keypoints.map {
                (SIMD2(Double($0.position.x), Double($0.position.y)) - place).length
            }
            #expect(distances.min() ?? .infinity < 0.3, "\(place)")
        }
    }

    @Test func descriptorsHaveTheirLength() throws {
        let features = try FeatureExtractor().extract(Self.noise(width: 200, height: 150, seed: 1))
        #expect(features.count > 100)
        for index in 0..<features.count {
            let row = features.descriptors[128 * index..<128 * (index + 1)]
            let length = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(row.contains(255) ? length <= 516 : abs(length - 512) < 5)
        }
    }

    @Test func maskedFeaturesAreLeftOut() throws {
        var mask = Raster(width: 330, height: 250, channels: 1, samples: Array(repeating: 0, count: 330 * 250))
        for y in 0..<250 { for x in 0..<160 { mask.samples[330 * y + x] = 200 } }
        let all = try FeatureExtractor().extract(Self.picture)
        let left = try FeatureExtractor().extract(Self.picture, mask: mask)
        #expect(!left.keypoints.isEmpty)
        #expect(left.keypoints.allSatisfy { $0.position.x < 161 })
        #expect(left.count == all.keypoints.count { $0.position.x < 160.25 })
        #expect(throws: FeatureExtractionError.maskSize(mask: SIMD2(330, 249), picture: SIMD2(330, 250))) {
            _ = try FeatureExtractor().extract(
                Self.picture,
                mask: Raster(width: 330, height: 249, channels: 1, samples: Array(mask.samples.dropLast(330))))
        }
    }

    @Test func theLimitKeepsLargeScalesEverywhere() throws {
        let picture = Self.noise(width: 400, height: 300, seed: 2)
        let all = try FeatureExtractor().extract(picture)
        var options = FeatureExtractionOptions()
        options.maximumFeatures = 120
        let few = try FeatureExtractor(options: options).extract(picture)
        #expect(all.count > 300)
        #expect(few.count == 120)
        #expect(Set(few.keypoints).isSubset(of: Set(all.keypoints)))
        #expect(zip(few.keypoints, few.keypoints.dropFirst()).allSatisfy { $0.scale >= $1.scale })
        let mean = { (set: FeatureSet) in set.keypoints.reduce(0) { $0 + $1.scale } / Float(set.count) }
        #expect(mean(few) > mean(all))
        for quarter in 0..<4 {
            let count = few.keypoints.count {
                ($0.position.x < 200) == (quarter & 1 == 0) && ($0.position.y < 150) == (quarter & 2 == 0)
            }
            #expect(count > 15, "quarter \(quarter)")
        }
        #expect(try FeatureExtractor(options: options).extract(picture) == few)
    }

    @Test(arguments: [(1, 1), (1, 40), (3, 2), (12, 9), (600, 1)])
    func tinyPicturesGiveFewFeaturesOrNone(size: (width: Int, height: Int)) throws {
        let features = try FeatureExtractor().extract(Self.noise(width: size.width, height: size.height, seed: 3))
        #expect(features.count < 100)
        #expect(features.keypoints.allSatisfy { $0.position.x.isFinite && $0.position.y.isFinite })
    }

    @Test func flatPicturesHaveNoFeatures() throws {
        let flat = Raster(width: 64, height: 64, channels: 3, samples: Array(repeating: 90, count: 64 * 64 * 3))
        #expect(try FeatureExtractor().extract(flat).count == 0)
    }

    @Test func senselessOptionsAreRefused() {
        var options = FeatureExtractionOptions()
        options.maximumFeatures = 0
        #expect(throws: OptionsError.self) { try FeatureExtractor(options: options) }
        options = FeatureExtractionOptions()
        options.contrastThreshold = .nan
        #expect(throws: OptionsError.self) { try FeatureExtractor(options: options) }
    }
}
