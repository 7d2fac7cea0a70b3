// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

/// Random models and databases: the same seed gives the same one.
enum SceneSamples {
    private static let names = [
        "a.jpg", "with space/b c.jpg", "ünïcode/éclair.png", "🐟 and 🍋.jpeg", "tab\tinside.jpg", "#hash.jpg",
        "-1 0 0.jpg",
        "very/deep/folder/of/photos/IMG_0001.JPG", "quote\"s and \\ back.png", "名前.tif",
    ]

    /// Numbers of all magnitudes, with the odd ones that text tends to lose.
    private static func number(_ random: inout RandomStream) -> Double {
        switch random.index(below: 12) {
        case 0: -0.0
        case 1: Double.leastNonzeroMagnitude
        case 2: -1.5e300
        case 3: 0.1 + 0.2
        case 4: 1e16 * random.uniformDouble()
        default: 20 * random.uniformDouble() - 10
        }
    }

    private static func vector(_ random: inout RandomStream) -> SIMD3<Double> {
        SIMD3(number(&random), number(&random), number(&random))
    }

    static func rotation(_ random: inout RandomStream) -> Quaternion {
        let part = { (random: inout RandomStream) in 2 * random.uniformDouble() - 1.0001 }
        return Quaternion(w: part(&random), x: part(&random), y: part(&random), z: part(&random))
    }

    private static func camera(_ random: inout RandomStream) -> Camera {
        let model = CameraModel.allCases[random.index(below: CameraModel.allCases.count)]
        let parameters = (0..<model.parameterCount).map { index in
            index < model.focalLengthCount ? 100 + 1000 * random.uniformDouble() : number(&random)
        }
        return Camera(
            width: 1 + random.index(below: 9000), height: 1 + random.index(below: 9000), model: model,
            parameters: parameters)
    }

    /// A sound model of up to ten images, with holes in all IDs.
    static func reconstruction(seed: UInt64) -> Reconstruction {
        var random = RandomStream(seed: seed, label: "reconstruction")
        var model = Reconstruction()
        let cameraIDs = (0...random.index(below: 3)).map { CameraID(1 + 3 * $0) }
        for id in cameraIDs { model.cameras[id] = camera(&random) }
        for index in 0..<random.index(below: names.count + 1) {
            let keypoints = (0..<random.index(below: 30)).map { _ in SIMD2(number(&random), number(&random)) }
            model.images[ImageID(2 + 5 * index)] = PosedImage(
                name: names[index], cameraID: cameraIDs[random.index(below: cameraIDs.count)],
                cameraFromWorld: RigidTransform(rotation: rotation(&random), translation: vector(&random)),
                keypoints: keypoints)
        }
        for index in 0..<random.index(below: 25) {
            var track: [Observation] = []
            for id in model.imageIDs {
                guard random.index(below: 2) == 0, let image = model.images[id] else { continue }
                guard let free = image.pointIDs.firstIndex(where: { $0 == nil }) else { continue }
                track.append(Observation(imageID: id, keypointIndex: free))
            }
            // The largest possible ID too.
            let id = index == 0 ? PointID.max - 1 : PointID(7 * index)
            let color = SIMD3<UInt8>(truncatingIfNeeded: SIMD3(random.next(), random.next(), random.next()))
            let error = random.index(below: 3) == 0 ? -1 : number(&random)
            model.insert(ScenePoint(position: vector(&random), color: color, error: error, track: track), id: id)
        }
        return model
    }

    /// A database with something in every table: many images, descriptors, matches and geometries of every kind.
    static let fullDatabase: MatchDatabase = {
        let candidates = (UInt64(0)..<1000).lazy.map { database(seed: $0) }
        let full = candidates.first { content in
            let hasPose = content.geometries.values.contains { $0.secondFromFirst != nil && $0.essential != nil }
            return content.images.count >= 8 && content.geometries.count >= 5 && hasPose
                && content.features.values.contains { !$0.descriptors.isEmpty }
                && content.matches[ImagePair(1, 5)]?.isEmpty == false
        }
        return full ?? MatchDatabase()
    }()

    private static func float(_ random: inout RandomStream) -> Float { 4000 * random.uniform() - 10 }

    private static func matches(_ counts: (Int, Int), _ random: inout RandomStream) -> [FeatureMatch] {
        guard counts.0 > 0, counts.1 > 0 else { return [] }
        let firsts = Set((0..<random.index(below: 12)).map { _ in UInt32(random.index(below: counts.0)) })
        return firsts.sorted().map { FeatureMatch($0, UInt32(random.index(below: counts.1))) }
    }

    private static func matrix(_ random: inout RandomStream) -> Matrix3? {
        guard random.index(below: 3) > 0 else { return nil }
        return Matrix3(rowMajor: (0..<9).map { _ in number(&random) }.map { $0 == 0 ? 1 : $0 })
    }

    private static func geometry(_ inliers: [FeatureMatch], _ random: inout RandomStream) -> TwoViewGeometry {
        let configuration = TwoViewConfiguration(rawValue: Int32(random.index(below: 7))) ?? .undefined
        var pose: RigidTransform?
        if configuration == .panoramic || random.index(below: 2) == 0 {
            let direction = SIMD3(random.uniformDouble(), random.uniformDouble(), 0.1 - random.uniformDouble())
                .normalized
            pose = RigidTransform(
                rotation: rotation(&random), translation: configuration == .panoramic ? .zero : direction)
        }
        return TwoViewGeometry(
            configuration: configuration, inliers: inliers, fundamental: matrix(&random), essential: matrix(&random),
            homography: matrix(&random), secondFromFirst: pose,
            medianTriangulationAngle: random.index(below: 2) == 0 ? 0 : random.uniformDouble())
    }

    /// A sound database of up to ten images, some without features, descriptors or matches.
    static func database(seed: UInt64) -> MatchDatabase {
        var random = RandomStream(seed: seed, label: "database")
        var content = MatchDatabase()
        let sources: [CameraPrior.FocalLengthSource] = [.given, .exif, .guessed]
        let cameraIDs = (0...random.index(below: 3)).map { CameraID(1 + 3 * $0) }
        for (index, id) in cameraIDs.enumerated() {
            content.cameras[id] = CameraPrior(camera: camera(&random), focalLengthSource: sources[index % 3])
        }
        for index in 0..<random.index(below: names.count + 1) {
            let id = ImageID(index == 9 ? 2_147_483_646 : 1 + 4 * index)
            content.images[id] = MatchDatabase.Image(
                name: names[index], cameraID: cameraIDs[random.index(below: cameraIDs.count)])
            guard random.index(below: 6) > 0 else { continue }
            let keypoints = (0..<random.index(below: 40)).map { _ in
                Keypoint(
                    position: SIMD2(float(&random), float(&random)), scale: float(&random), orientation: float(&random))
            }
            let hasDescriptors = random.index(below: 4) > 0
            let bytes = (0..<(hasDescriptors ? keypoints.count * FeatureSet.descriptorLength : 0)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            content.features[id] = FeatureSet(keypoints: keypoints, descriptors: bytes)
        }
        let ids = content.images.keys.sorted()
        for (index, a) in ids.enumerated() {
            for b in ids[(index + 1)...] where random.index(below: 2) == 0 {
                let counts = (content.features[a]?.count ?? 0, content.features[b]?.count ?? 0)
                let list = matches(counts, &random)
                content.matches[ImagePair(a, b)] = list
                if random.index(below: 2) == 0 { content.geometries[ImagePair(a, b)] = geometry(list, &random) }
            }
        }
        return content
    }
}
