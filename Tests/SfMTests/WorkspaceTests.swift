// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import Storage
import TestSupport
import Testing

@Test func aStageIsKeptWhileItsKeyAndFilesStay() throws {
    let root = try TemporaryFolder()
    let folder = root.path("out")
    do {
        let workspace = try Workspace(folder)
        try OutputFile.write([1, 2, 3], to: workspace.path("database.db"))
        try workspace.finish(.features, key: "a", outputs: ["database.db"])
        #expect(workspace.isFinished(.features, key: "a"))
        #expect(!workspace.isFinished(.features, key: "b"))
    }
    let workspace = try Workspace(folder)
    #expect(workspace.isFinished(.features, key: "a"))
    // A later stage may add to the file of an earlier one.
    try OutputFile.write([1, 2, 3, 4], to: workspace.path("database.db"))
    #expect(!workspace.isFinished(.features, key: "a"))
    try workspace.finish(.matches, key: "m", outputs: ["database.db"])
    #expect(workspace.isFinished(.features, key: "a") && workspace.isFinished(.matches, key: "m"))
    // What was made from an older version is forgotten.
    try workspace.finish(.features, key: "c", outputs: ["database.db"])
    #expect(!workspace.isFinished(.matches, key: "m"))
    OutputFile.remove(workspace.path("database.db"))
    #expect(!workspace.isFinished(.features, key: "c"))
}

@Test func equalRecordsHaveEqualBytes() throws {
    let root = try TemporaryFolder()
    var written: [[UInt8]] = []
    for name in ["a", "b"] {
        let workspace = try Workspace(root.path(name))
        try OutputFile.write([7], to: workspace.path("x"))
        try workspace.finish(.features, key: "k", outputs: ["x"])
        written.append(try InputFile.read(workspace.path("run.json")))
    }
    #expect(written[0] == written[1])
}

@Test func aFolderOfSomebodyElseIsLeftAlone() throws {
    let root = try TemporaryFolder()
    try OutputFile.write([1], to: root.path("thesis.tex"))
    #expect(throws: WorkspaceError.notAWorkspace(folder: root.root)) { try Workspace(root.root) }
    try OutputFile.write(Array("{".utf8), to: root.path("run.json"))
    #expect(throws: WorkspaceError.self) { try Workspace(root.root) }
    #expect(try Workspace(root.root, startingAnew: true).record == WorkspaceRecord())
    #expect(try root.contents().contains("thesis.tex"))
}

@Test func aSecondWriterIsTurnedAway() throws {
    let root = try TemporaryFolder()
    let first = try Workspace(root.path("out"))
    #expect(throws: LockError.self) { try Workspace(root.path("out")) }
    withExtendedLifetime(first) {}
}

@Test func keysTellOptionsApart() throws {
    var options = PhotoOptions()
    let key = try Workspace.key(.map, version: 1, [options.mapping, options.seed])
    #expect(try Workspace.key(.map, version: 1, [options.mapping, options.seed]) == key)
    #expect(try Workspace.key(.map, version: 2, [options.mapping, options.seed]) != key)
    options.mapping.minimumPoseInliers += 1
    #expect(try Workspace.key(.map, version: 1, [options.mapping, options.seed]) != key)
}

@Test(arguments: 0..<20 as Range<UInt64>)
func pairPiecesKeepEveryValue(seed: UInt64) throws {
    let root = try TemporaryFolder()
    var random = RandomStream(seed: seed, label: "pieces")
    let pair = ImagePair(3, 9)
    let matches = (0..<random.index(below: 50)).map { _ in
        FeatureMatch(UInt32(truncatingIfNeeded: random.next()), UInt32(truncatingIfNeeded: random.next()))
    }
    var geometry: TwoViewGeometry?
    if seed % 4 != 0 {
        let numbers = (0..<9).map { _ in random.uniformDouble() - 0.5 }
        geometry = TwoViewGeometry(
            configuration: .calibrated, inliers: Array(matches.prefix(7)), fundamental: Matrix3(rowMajor: numbers),
            secondFromFirst: RigidTransform(
                rotation: Quaternion(rotationVector: SIMD3(numbers[0], numbers[1], numbers[2])),
                translation: SIMD3(numbers[3], numbers[4], numbers[5])),
            medianTriangulationAngle: numbers[6])
    }
    try PairPiece.write([PairPiece(pair: pair, matches: matches, geometry: geometry)], to: root.path("x"))
    var database = MatchDatabase()
    for piece in try #require(PairPiece.read(root.path("x"))) { piece.add(to: &database) }
    #expect(database.matches == [pair: matches])
    #expect(database.geometries[pair] == geometry)
    // Half a file is none.
    let bytes = try InputFile.read(root.path("x"))
    try OutputFile.write(Array(bytes.prefix(bytes.count / 2)), to: root.path("x"))
    #expect(PairPiece.read(root.path("x")) == nil)
}

@Test func pointsTakeTheMeanColourOfTheirPixels() {
    var world = Reconstruction()
    world.cameras[1] = Camera(width: 2, height: 1, focalLength: 2)
    for (id, name) in [(ImageID(1), "red"), (2, "blue"), (3, "missing")] {
        world.images[id] = PosedImage(
            name: name, cameraID: 1, cameraFromWorld: .identity, keypoints: [SIMD2(1.5, 0.5), SIMD2(-0.2, 0.5)])
    }
    let track = { (index: Int, ids: [ImageID]) in ids.map { Observation(imageID: $0, keypointIndex: index) } }
    world.insert(ScenePoint(position: SIMD3(0, 0, 1), track: track(0, [1, 2, 3])), id: 1)
    world.insert(ScenePoint(position: SIMD3(0, 0, 1), color: SIMD3(9, 9, 9), track: track(1, [3])), id: 2)
    let pictures = [
        "red": Raster(width: 2, height: 1, channels: 3, samples: [0, 0, 0, 200, 10, 0]),
        "blue": Raster(width: 2, height: 1, channels: 1, samples: [0, 101]),
    ]
    world.colorize(threads: 2) { pictures[$0] }
    // (200 + 101) / 2 and (10 + 101) / 2, rounded up at a half.
    #expect(world.points[1]?.color == SIMD3(151, 56, 51))
    #expect(world.points[2]?.color == SIMD3(9, 9, 9))
}

@Test func photosOfAModelFromElsewhereMustBeItsOwn() throws {
    let root = try TemporaryFolder()
    let photos = root.path("photos")
    try Folder.create(photos)
    try Folder.create(root.path("model"))
    try ColmapModel.write(
        TorusScene.reconstruction(points: 100, cameras: 6), to: root.path("model"), as: .binary)
    let workspace = try Workspace(root.path("out"))
    let job = try PhotoJob(workspace: workspace, options: PhotoOptions(), threads: 1)
    // No model yet.
    #expect(throws: WorkspaceError.self) { try job.usePhotos(photos) }
    try job.adoptModel(root.path("model"))
    #expect(throws: WorkspaceError.photosNotFound(folder: photos, example: "0.png")) { try job.usePhotos(photos) }
    #expect(workspace.record.photoFolder == nil)
    try OutputFile.write([1], to: "\(photos)/3.png")
    try job.usePhotos(photos)
    #expect(workspace.record.photoFolder == Folder.absolute(photos))
}

@Test func whatAKilledProcessLeftBehindGoesWithItsStage() throws {
    let root = try TemporaryFolder()
    try Folder.create(root.path("model"))
    try ColmapModel.write(
        TorusScene.reconstruction(points: 100, cameras: 6), to: root.path("model"), as: .binary)
    let workspace = try Workspace(root.path("out"))
    let job = try PhotoJob(workspace: workspace, options: PhotoOptions(), threads: 1)
    try job.adoptModel(root.path("model"))
    #expect(Folder.contents(of: workspace.path("work")).isEmpty)
    for folder in ["map-unfinished/0", "refine-unfinished", "depth-0123456789abcdef"] {
        try Folder.create(workspace.path("work/\(folder)"))
    }
    // The model is there: nothing is made, and yet the stage's work goes; that of others stays.
    try job.adoptModel(root.path("model"))
    #expect(Folder.contents(of: workspace.path("work")) == ["depth-0123456789abcdef", "refine-unfinished"])
    try job.useMappedPoses()
    #expect(Folder.contents(of: workspace.path("work")) == ["depth-0123456789abcdef"])
}
