// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import TestSupport
import Testing

@Suite struct PhotoEstimateTests {
    private static func survey(_ photos: Int, _ width: Int, _ height: Int) -> PhotoSurvey {
        PhotoSurvey(photos: photos, sizes: [ImageSize(width: width, height: height)])
    }

    /// Processor seconds and megabytes of the whole run, measured on 2026-11-25; see the type's documentation.
    @Test(arguments: [
        (16, 640, 480, 17.6, 386.0), (24, 640, 480, 24.7, 440), (11, 1024, 683, 30.7, 1011),
        (11, 3072, 2048, 35.9, 1286),
    ])
    func measuredRunsAreNearTheEstimate(photos: Int, width: Int, height: Int, seconds: Double, megabytes: Double) {
        let estimate = PhotoEstimate(Self.survey(photos, width, height), options: PhotoOptions())
        let work = estimate.stages.reduce(0) { $0 + $1.seconds }
        #expect(abs(work / seconds - 1) < 0.25, "\(work) s instead of \(seconds)")
        let memory = Double(estimate.cost(threads: 2).peakMemory) / 1_048_576
        #expect(abs(memory / megabytes - 1) < 0.25, "\(memory) MB instead of \(megabytes)")
    }

    @Test func moreIsDearerAndMoreThreadsAreFasterAndLarger() {
        let options = PhotoOptions()
        let small = PhotoEstimate(Self.survey(20, 1600, 1200), options: options)
        let large = PhotoEstimate(Self.survey(200, 4000, 3000), options: options)
        #expect(large.cost(threads: 2).seconds > small.cost(threads: 2).seconds)
        #expect(large.cost(threads: 2).peakMemory > small.cost(threads: 2).peakMemory)
        #expect(large.cost(threads: 8).seconds < large.cost(threads: 2).seconds)
        #expect(large.cost(threads: 8).peakMemory > large.cost(threads: 2).peakMemory)
        #expect(small.pairs == 190)
        var ordered = options
        ordered.pairs = .sequential(overlap: 5)
        #expect(PhotoEstimate(Self.survey(20, 1600, 1200), options: ordered).pairs == 95)
        let map = PhotoEstimate(Self.survey(20, 1600, 1200), options: options, stages: [.features, .matches, .map])
        #expect(map.cost(threads: 2).peakMemory < small.cost(threads: 2).peakMemory)
    }

    @Test func aLookIntoAFolderOpensAFewPhotos() throws {
        let survey = try PhotoSurvey("\(SharedData.packageRoot)/datasets/owl/images")
        #expect(survey.photos == 16 && survey.others == 0)
        #expect(Set(survey.sizes) == [ImageSize(width: 640, height: 480)])
        #expect(throws: IngestError.self) { try PhotoSurvey("/no such folder") }
    }
}
