// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Images
import SfM

/// How a map is built.
enum MapKind: String, CaseIterable, ExpressibleByArgument {
    /// Classical incremental structure from motion.
    case geometric
    /// On a neural level set.
    case neural
}

/// A part that can be switched off.
enum Switch: String, CaseIterable, ExpressibleByArgument {
    case on
    case off
}

/// How the map is built, and which parts of a neural one are left out for comparisons.
struct MapFlags: ParsableArguments {
    @Option(
        help: """
            How the map is built. geometric is classical structure from motion; neural grows the map on a neural signed \
            distance (Level-S²fM), which is slower and rejects points that two photos alone cannot. geometric is the default \
            until neural is shown to lose nowhere. Default: geometric, or what the file of --options says.
            """)
    var map: MapKind?

    @Option(help: "With --map neural: make points where rays meet the surface.")
    var sdfTriangulation = Switch.on

    @Option(help: "With --map neural: reject points that the surface denies and no third photo confirms.")
    var sdfRejection = Switch.on

    @Option(help: "With --map neural: adjustments draw points to the surface, which follows them.")
    var neuralBa = Switch.on

    @Option(
        help: ArgumentHelp(
            """
            With --map neural: weight of the surface in the last adjustment of the poses, relative to the keypoints. \
            Default: 0.
            """, valueName: "weight"))
    var finalSdfWeight: Double?

    @Option(
        help: ArgumentHelp(
            """
            Known poses to start from, a COLMAP model or transforms.json: images are matched by name, their intrinsics are \
            used too, and the map is in their frame. Other images are placed by them.
            """, valueName: "model"), completion: .file())
    var poses: String?

    @Flag(help: "With --poses: they are exact; neither they nor their intrinsics move.")
    var holdPoses = false

    func validate() throws {
        if holdPoses && poses == nil { throw ValidationError("--hold-poses needs --poses.") }
        let isChanged = [sdfTriangulation, sdfRejection, neuralBa].contains(.off) || finalSdfWeight != nil
        if map == .geometric && isChanged { throw ValidationError("The switches of the surface need --map neural.") }
    }

    /// Builds the map, from the known poses if there are any.
    func build(_ job: PhotoJob, growthHandler: (@Sendable (Int, Raster) -> Void)? = nil) throws {
        try job.buildMap(
            from: try poses.map { try SceneInput.readLargest($0) }, holdsPoses: holdPoses,
            growthHandler: growthHandler)
    }

    /// Enters what was given.
    func apply(to options: inout PhotoOptions) {
        switch map {
        case .geometric: options.mapping.levelSet = nil
        case .neural: options.mapping.levelSet = options.mapping.levelSet ?? LevelSetMappingOptions()
        case nil: break
        }
        if sdfTriangulation == .off { options.mapping.levelSet?.triangulates = false }
        if sdfRejection == .off { options.mapping.levelSet?.rejects = false }
        if neuralBa == .off { options.mapping.levelSet?.adjusts = false }
        if holdPoses { options.refinesPoses = false }
        if let finalSdfWeight { options.mapping.levelSet?.finalWeight = finalSdfWeight }
    }
}
