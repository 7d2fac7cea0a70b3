// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM
import Testing

@Suite struct GeometricMapperTests {
    private func expectSound(_ result: MappingResult, sourceLocation: SourceLocation = #_sourceLocation) {
        for model in result.models {
            #expect(model.violatedInvariants().isEmpty, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func ringsAreMappedAccurately(seed: UInt64) throws {
        var options = SyntheticViewGraph.Options()
        options.outlierShare = 0.1 + 0.2 * Double(seed) / 12
        options.noise = 0.3 + 0.2 * Double(seed % 3) / 2
        let scene = SyntheticViewGraph(options, seed: seed)
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        #expect(result.models.first?.images.count == 10)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.1 && errors.direction < 0.15 && errors.distance < 1e-3, "\(errors)")
        let report = result.report.models[0]
        #expect(report.meanError < 0.8 && report.shareBelow2Pixels > 0.98, "\(report)")
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func facadesAreMappedAccurately(seed: UInt64) throws {
        var options = SyntheticViewGraph.Options()
        options.layout = .facade
        let scene = SyntheticViewGraph(options, seed: seed)
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        #expect(result.models.first?.images.count == 10)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.2 && errors.distance < 5e-3, "\(errors)")
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func noiseFreeScenesAreExact(seed: UInt64) throws {
        var options = SyntheticViewGraph.Options()
        (options.noise, options.outlierShare) = (0, 0)
        let scene = SyntheticViewGraph(options, seed: seed)
        let result = try GeometricMapper().map(scene.graph)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 1e-3 && errors.direction < 1e-3 && errors.distance < 1e-5, "\(errors)")
    }

    @Test(arguments: [0.8, 1.0, 1.2], [1, 2] as [UInt64])
    func guessedFocalLengthsAreFound(factor: Double, seed: UInt64) throws {
        var options = SyntheticViewGraph.Options()
        options.focalFactor = factor
        options.focalSource = .guessed
        let scene = SyntheticViewGraph(options, seed: seed)
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        let found = try #require(result.models[0].cameras[1])
        #expect(abs(found.meanFocalLength - 850) < 4, "\(found)")
        #expect(result.models[0].images.count == 10)
        #expect(!result.report.hasRefinedPrincipalPoint)
        #expect(scene.errors(of: result.models[0]).rotation < 0.15)
    }

    @Test func theBestOfSeveralFocalLengthsIsKept() throws {
        var options = SyntheticViewGraph.Options()
        options.focalFactor = 6
        options.focalSource = .guessed
        let scene = SyntheticViewGraph(options, seed: 5)
        let result = try GeometricMapper(focalLengthCandidates: [1: [3000, 900]]).map(scene.graph)
        #expect(result.models[0].images.count == 10)
        #expect(abs((result.models[0].cameras[1]?.meanFocalLength ?? 0) - 850) < 4)
    }

    @Test func offCentrePrincipalPointsAreFound() throws {
        var options = SyntheticViewGraph.Options()
        options.pointCount = 1500
        options.focalSource = .exif
        options.focalFactor = 1.02
        options.principalPointOffset = SIMD2(14, -10)
        let scene = SyntheticViewGraph(options, seed: 3)
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.report.hasRefinedPrincipalPoint)
        let found = try #require(result.models[0].cameras[1])
        #expect((found.principalPoint - scene.camera.principalPoint).length < 1, "\(found)")

        var mapper = GeometricMapper()
        mapper.options.principalPoint = .never
        let held = try mapper.map(scene.graph)
        #expect(held.models[0].cameras[1]?.principalPoint == SIMD2(400, 300))
        let (free, fixed) = (scene.errors(of: result.models[0]), scene.errors(of: held.models[0]))
        #expect(free.direction < fixed.direction)
    }

    @Test(arguments: [CameraPrior.FocalLengthSource.given, .exif], [1, 2] as [UInt64])
    func everyCameraKeepsIntrinsicsOfItsOwn(source: CameraPrior.FocalLengthSource, seed: UInt64) throws {
        var options = SyntheticViewGraph.Options()
        (options.cameraCount, options.imageCount, options.pointCount) = (3, 12, 900)
        (options.focalSource, options.focalFactor) = (source, 1.06)
        let scene = SyntheticViewGraph(options, seed: seed)
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        #expect(result.models.first?.images.count == 12)
        for (id, truth) in scene.cameras {
            let found = try #require(result.models[0].cameras[id])
            #expect(abs(found.meanFocalLength - truth.meanFocalLength) < 5, "camera \(id): \(found)")
            if source == .given { #expect(found == truth) }
        }
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.15 && errors.distance < 2e-3, "\(errors)")
    }

    @Test func givenIntrinsicsStayAsTheyAre() throws {
        let scene = SyntheticViewGraph(seed: 9)
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.models[0].cameras[1] == scene.camera)
    }

    @Test func theSameInputGivesTheSameResult() throws {
        let scene = SyntheticViewGraph(seed: 4)
        var shuffled = ViewGraph(cameras: scene.graph.cameras)
        for id in scene.graph.images.keys.sorted(by: >) { shuffled.images[id] = scene.graph.images[id] }
        for pair in scene.graph.pairs.keys.sorted(by: >) { shuffled.pairs[pair] = scene.graph.pairs[pair] }
        let first = try GeometricMapper().map(scene.graph)
        let isSameAgain = try GeometricMapper().map(scene.graph) == first
        let isSameShuffled = try GeometricMapper().map(shuffled) == first
        #expect(isSameAgain && isSameShuffled)
    }

    @Test func twoScenesBecomeTwoModels() throws {
        var second = SyntheticViewGraph.Options()
        second.imageCount = 7
        second.reach = 2
        second.layout = .facade
        second.firstImageID = 101
        let scene = SyntheticViewGraph(seed: 1).adding(SyntheticViewGraph(second, seed: 2))
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        #expect(result.models.map { $0.images.count } == [10, 7])
        #expect(result.models[1].images.keys.allSatisfy { $0 > 100 })
        for model in result.models { #expect(scene.errors(of: model).rotation < 0.3) }
        #expect(result.report.warnings.contains { $0.contains("2 models") })
    }

    @Test func anImageOfAnotherSceneIsLeftOutWithAReason() throws {
        var scene = SyntheticViewGraph(seed: 6)
        var random = RandomStream(seed: 6, label: "stranger")
        let keypoints = (0..<500).map { _ in SIMD2(800 * random.uniformDouble(), 600 * random.uniformDouble()) }
        scene.graph.images[50] = ViewNode(name: "stranger.jpg", cameraID: 1, keypoints: keypoints)
        scene.graph.images[51] = ViewNode(name: "lonely.jpg", cameraID: 1, keypoints: keypoints)
        // Forty matches that got past verification by chance.
        let matches = (0..<40).map { FeatureMatch(UInt32($0), UInt32($0)) }
        scene.graph.pairs[ImagePair(3, 50)] = TwoViewGeometry(configuration: .uncalibrated, inliers: matches)
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.models.count == 1 && result.models[0].images.count == 10)
        let stranger = try #require(result.report.images.first { $0.imageID == 50 })
        #expect(stranger.modelIndex == nil && stranger.reason?.isEmpty == false)
        #expect(stranger.bestPairInliers == 40)
        #expect(
            result.report.images.first { $0.imageID == 51 }?.reason == "no other image shares enough matches with it")
        #expect(
            result.report.images.filter { $0.modelIndex == 0 }.allSatisfy {
                $0.reason == nil && $0.explainedShare > 0.5
            })
    }

    @Test func matchesThatContradictTheModelAreReported() throws {
        var options = SyntheticViewGraph.Options()
        options.outlierShare = 0
        let sound = try GeometricMapper().map(SyntheticViewGraph(options, seed: 4).graph).report.models[0]
        #expect(!sound.isDoubtful && sound.contradictedPairs == 0 && sound.pairs == 30)
        // One pair of each image gets matches of another world.
        var scene = SyntheticViewGraph(options, seed: 4)
        for pair in scene.graph.pairs.keys where pair.first % 2 == 1 && pair.second == pair.first + 1 {
            let count = scene.graph.pairs[pair]?.inliers.count ?? 0
            scene.graph.pairs[pair]?.inliers = (0..<count).map { FeatureMatch(UInt32($0), UInt32(count - 1 - $0)) }
        }
        let result = try GeometricMapper().map(scene.graph)
        let doubtful = result.report.models[0]
        #expect(doubtful.isDoubtful && doubtful.contradictedPairs == 5 && doubtful.images == 10, "\(doubtful)")
        #expect(result.report.warnings.contains { $0.contains("may be wrong") })
    }

    @Test func aRingOfUnrelatedPairsIsRefused() throws {
        // Each image's pairs come from different worlds, as with repeated structures.
        var scene = SyntheticViewGraph(seed: 8)
        var random = RandomStream(seed: 8, label: "unrelated")
        for pair in scene.graph.pairs.keys.sorted() {
            let count = min(
                scene.graph.images[pair.first]?.keypoints.count ?? 0,
                scene.graph.images[pair.second]?.keypoints.count ?? 0)
            scene.graph.pairs[pair]?.inliers = (0..<150).map { _ in
                FeatureMatch(UInt32(random.index(below: count)), UInt32(random.index(below: count)))
            }.sorted()
        }
        #expect(throws: MappingError.self) { try GeometricMapper().map(scene.graph) }
    }

    @Test func mirroredScenesAreNotConfused() throws {
        var options = SyntheticViewGraph.Options()
        options.isMirrored = true
        let scene = SyntheticViewGraph(options, seed: 2)
        let result = try GeometricMapper().map(scene.graph)
        let errors = scene.errors(of: result.models[0])
        #expect(errors.rotation < 0.1 && errors.direction < 0.15, "\(errors)")
    }

    @Test func flatWallsAreMappedFromGivenMotions() throws {
        var options = SyntheticViewGraph.Options()
        options.layout = .flatFacade
        var scene = SyntheticViewGraph(options, seed: 2)
        for pair in scene.graph.pairs.keys { scene.graph.pairs[pair]?.configuration = .planar }
        let result = try GeometricMapper().map(scene.graph)
        #expect(result.models[0].images.count == 10)
        #expect(scene.errors(of: result.models[0]).rotation < 0.3)
    }

    @Test func panoramasHaveNoStartingPair() throws {
        var scene = SyntheticViewGraph(seed: 2)
        for pair in scene.graph.pairs.keys { scene.graph.pairs[pair]?.configuration = .panoramic }
        #expect(throws: MappingError.noInitialPair(tried: 0, bestInliers: 0, needed: 25)) {
            try GeometricMapper().map(scene.graph)
        }
    }

    @Test func malformedGraphsAreRefused() throws {
        let sound = SyntheticViewGraph(seed: 2).graph
        var graph = sound
        graph.images[3]?.cameraID = 99
        #expect(throws: MappingError.self) { try GeometricMapper().map(graph) }
        graph = sound
        graph.pairs[ImagePair(1, 2)]?.inliers.append(FeatureMatch(1_000_000, 0))
        #expect(throws: MappingError.self) { try GeometricMapper().map(graph) }
        graph = sound
        graph.images[3]?.keypoints[0].x = .nan
        #expect(throws: MappingError.self) { try GeometricMapper().map(graph) }
        graph = sound
        graph.images[2] = nil
        #expect(throws: MappingError.self) { try GeometricMapper().map(graph) }
        graph = sound
        graph.cameras[1]?.camera.parameters[0] = 0
        #expect(throws: MappingError.self) { try GeometricMapper().map(graph) }
        #expect(throws: MappingError.noInitialPair(tried: 0, bestInliers: 0, needed: 25)) {
            try GeometricMapper().map(ViewGraph())
        }
        var mapper = GeometricMapper()
        mapper.options.triangulation.minimumAngle = 0
        #expect(throws: MappingError.self) { try mapper.map(sound) }
    }

    @Test func mappingStopsWhenAsked() throws {
        let scene = SyntheticViewGraph(seed: 2)
        #expect(throws: MappingError.cancelled) { try GeometricMapper().map(scene.graph, isCancelled: { true }) }
    }

    @Test func twoPhotosMakeAModel() throws {
        var options = SyntheticViewGraph.Options()
        (options.imageCount, options.layout) = (2, .facade)
        let scene = SyntheticViewGraph(options, seed: 3)
        let result = try GeometricMapper().map(scene.graph)
        expectSound(result)
        #expect(result.models.first?.images.count == 2)
        #expect(scene.errors(of: result.models[0]).rotation < 0.5)
    }

    @Test func optionsAreChecked() throws {
        let options = MappingOptions()
        try options.validate()
        var changed = options
        changed.minimumPoseInliers = 2
        #expect(throws: OptionsError.self) { try changed.validate() }
    }
}
