// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// What the stages from photos to a surface will take, by what is known before the start.
///
/// The constants are processor seconds and bytes of runs of each stage by itself on 2026-11-25 (two cores with AVX-512, 2.1 GHz
/// class, with two threads): `datasets/owl` (16 photos of 640 × 480), a jug (24 of 640 × 480), fountain_p11 (11 of 1024 × 683) and the same with
/// 3072 × 2048. On these sums are within 25 % of what was measured; seconds scale with the processor. How fine a mesh becomes
/// depends on how much of the photos the scene fills, which nobody knows before: small things in large photos take a third of
/// the memory. Above 24 photos the growth of the map is extrapolated.
public struct PhotoEstimate: Sendable {
    /// Processor seconds of each stage in order.
    public let stages: [(stage: PhotoStage, seconds: Double)]
    /// Pairs that will be matched.
    public let pairs: Int
    private let features: (fixed: Double, perThread: Double)
    private let later: Double

    /// Estimates a run.
    ///
    /// - Parameter wanted: Stages that will be run; all from the features on when `nil`.
    public init(_ survey: PhotoSurvey, options: PhotoOptions, stages wanted: Set<PhotoStage>? = nil) {
        let all: Set<PhotoStage> = [.features, .matches, .map, .refine, .surface]
        let wanted = wanted ?? (options.refinesPoses ? all : all.subtracting([.refine]))
        let count = Double(survey.photos)
        pairs = Self.pairs(of: survey.photos, options.pairs)
        func pixels(_ limit: Int) -> Double { survey.mean { Self.megapixels($0, longerSideAtMost: limit) } }
        let (file, feature) = (pixels(.max), pixels(options.features.maximumImageSize))
        let density = options.features.maximumDensity
        // In thousands.
        let keypoints = min(Double(options.features.maximumFeatures), density * 1e6 * feature) / 1000
        let surfacePixels = pixels(options.surface.longerSide)
        let stereoPixels = options.surface.stereo == .never ? 0 : 0.25 * count * surfacePixels
        let resolution = Self.resolution(survey, options.surface)
        let steps = Double(options.surface.training.steps)
        let seconds: [PhotoStage: Double] = [
            .features: count * (0.02 * file + 0.38 * feature),
            .matches: 6.2e-4 * Double(pairs) * keypoints * keypoints,
            .map: 0.021 * count * keypoints * pow(max(1, count / 16), 0.25),
            .refine: 0.0055 * Double(options.refinement.steps) + count * (0.04 + 0.12 * surfacePixels),
            .surface: 0.0028 * steps + 4 * stereoPixels * Double(options.surface.stereoSearch.sweeps) / 4
                + 2.2 * resolution * resolution / 65_536,
        ]
        stages = PhotoStage.allCases.filter(wanted.contains).compactMap { stage in
            seconds[stage].map { (stage, $0) }
        }
        features = (60, 215 * feature + 6 * file)
        let map = 60 + 0.45 * count * keypoints
        let surface = 180 + 9 * resolution * resolution * 300 / 1e6 + 0.42 * stereoPixels * 90
        later = wanted.contains(.surface) ? max(map, surface) : map
    }

    /// Wall seconds and memory on so many threads, when nothing else runs.
    ///
    /// A fifth of the work has no second thread, and the map none at all. What the features took is partly kept by the allocator.
    public func cost(threads: Int) -> ComputingCost {
        let seconds = stages.reduce(0.0) { sum, entry in
            let parallel = entry.stage == .map ? 0 : 0.8
            return sum + entry.seconds * (1 - parallel + parallel / Double(threads))
        }
        let first = features.perThread * Double(threads)
        let megabytes = max(features.fixed + first, later + 0.3 * first)
        return ComputingCost(seconds: seconds, peakMemory: Int(megabytes * 1_048_576))
    }

    private static func pairs(of photos: Int, _ choice: PairChoice) -> Int {
        switch choice {
        case .exhaustive: return photos * max(0, photos - 1) / 2
        case .sequential(let overlap): return max(0, photos - 1) * overlap
        case .list(let text): return text.split(separator: "\n").count
        }
    }

    /// Millions of pixels of a photo that is shrunk to a longer side of `limit`.
    private static func megapixels(_ size: ImageSize, longerSideAtMost limit: Int) -> Double {
        let factor = min(1, Double(limit) / Double(max(size.width, size.height)))
        return Double(size.width) * Double(size.height) * factor * factor / 1e6
    }

    /// Cells along the cube's side, when that spans nearly all of the photos, as it does for scenes that fill them.
    private static func resolution(_ survey: PhotoSurvey, _ options: SurfaceOptions) -> Double {
        let side = survey.mean { Double(min(options.longerSide, max($0.width, $0.height))) }
        return Double(options.following(pixels: 0.95 * side).resolution)
    }
}
