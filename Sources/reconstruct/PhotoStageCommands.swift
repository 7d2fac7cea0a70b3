// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Images
import SfM
import Storage

/// `reconstruct features`
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features", abstract: "Find keypoints in photos: the first stage of `images`.",
        discussion: "Writes cameras, images, keypoints and descriptors to database.db, which COLMAP can open.")

    @OptionGroup var input: PhotoInputFlags
    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            var options = try choice.resolved(seed: common.seed)
            input.apply(to: &options)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            let photos = try input.input()
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                try job.extractFeatures(photos)
            }
        }
    }
}

/// `reconstruct match`
struct MatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match", abstract: "Match and verify pairs of photos: the second stage of `images`.",
        discussion: """
            Adds matches and two-view geometries to database.db. Works on the workspace of `reconstruct features`, or on any \
            COLMAP database with SIFT descriptors.
            """)

    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var source: DatabaseFlag
    @OptionGroup var pairs: PairFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            var options = try choice.resolved(seed: common.seed)
            try pairs.apply(to: &options)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                if let database = source.database { try job.adoptDatabase(database, through: .features) }
                try job.matchFeatures()
            }
        }
    }
}

/// `reconstruct map`
struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Find cameras and points: the third stage of `images`.",
        discussion: """
            Writes sparse/0 (and 1, 2 … for separate models), points.ply and transforms.json. Works on the workspace of \
            `reconstruct match`, or on any COLMAP database with verified pairs.
            """)

    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var source: DatabaseFlag
    @OptionGroup var mapping: MapFlags
    @Option(
        help: ArgumentHelp(
            """
            With --map neural: folder for a picture of the surface's cross-section after each new photo, 002.png, 003.png …             Those of a start that led nowhere are overwritten by the next one's.
            """, valueName: "folder"), completion: .directory)
    var growth: String?
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            var options = try choice.resolved(seed: common.seed)
            mapping.apply(to: &options)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                if let database = source.database { try job.adoptDatabase(database, through: .matches) }
                guard let growth else { return try mapping.build(job) }
                try Folder.create(growth)
                try mapping.build(job) { images, picture in
                    // A picture to look at: that it cannot be written is no reason to stop.
                    let name = String(repeating: "0", count: max(0, 3 - "\(images)".count)) + "\(images)"
                    if let data = try? ImageFile.pngData(picture) {
                        try? OutputFile.write(data, to: "\(growth)/\(name).png")
                    }
                }
            }
        }
    }
}

/// `reconstruct refine`
struct RefineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refine",
        abstract: "Refine cameras by what photos show of a first surface: the fourth stage of `images`.",
        discussion: """
            Writes refined/: the model as refined/sparse/0, points.ply and transforms.json. Patches that take no part decide \
            whether the refined cameras are kept. Works on the workspace of `reconstruct map`, or on any COLMAP model with \
            points whose photos are given by --images.
            """)

    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var source: ModelFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            let options = try choice.resolved(seed: common.seed)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                try source.adopt(into: job)
                try job.refinePoses(masks: source.photos.masks)
            }
        }
    }
}

/// Where the photos of a model are, and their masks.
struct ModelPhotoFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder that the names of the model's images are relative to. Default: where the workspace found its photos.",
            valueName: "folder"), completion: .directory)
    var images: String?
    @Option(
        help: ArgumentHelp(
            "Folder with masks, named like the photos plus .png (a.jpg.png or a.png): black is ignored.",
            valueName: "folder"), completion: .directory)
    var masks: String?
}

/// A model from elsewhere, its photos and their masks.
struct ModelFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp("COLMAP model to use instead of the workspace's own.", valueName: "folder"),
        completion: .directory)
    var model: String?
    @OptionGroup var photos: ModelPhotoFlags

    /// Takes model and photos, as far as they are given.
    func adopt(into job: PhotoJob) throws {
        if let model { try job.adoptModel(model) }
        if let images = photos.images { try job.usePhotos(images) }
    }
}

/// `reconstruct surface`
struct SurfaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "surface",
        abstract: "Fit a surface to the points and photos of a map: the last stage of `images`.",
        discussion: """
            Writes mesh.ply, in the frame of the model; with --up or --scale-from a copy of everything in the world's frame to \
            world/. Works on the workspace of `reconstruct map`, or on any COLMAP model with points; give the photos of such a \
            model by --images, or else only its points speak.
            """)

    @OptionGroup var workspace: WorkspaceFlags
    @OptionGroup var source: ModelFlags
    @OptionGroup var surface: SurfaceFlags
    @OptionGroup var frame: FrameFlags
    @OptionGroup var choice: PhotoOptionFlags
    @OptionGroup var common: ComputingFlags

    func run() throws {
        try withReportedErrors {
            var options = try choice.resolved(seed: common.seed)
            surface.apply(to: &options)
            if choice.printOptions { return print(try JSONText.encode(options)) }
            let world = frame.isGiven ? try frame.options(seed: common.seed) : nil
            try PhotoRun(workspace: try workspace.open(), options: options, common: common) { job in
                try source.adopt(into: job)
                let hasPhotos = job.workspace.record.photoFolder != nil
                if options.refinesPoses && hasPhotos {
                    try job.refinePoses(masks: source.photos.masks)
                } else {
                    try job.useMappedPoses()
                }
                try job.fitSurface(masks: source.photos.masks)
                if let world { try job.writeWorld(world) }
            }
        }
    }
}

/// A database from elsewhere.
struct DatabaseFlag: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "COLMAP database to copy into the workspace and use instead of its own; the file itself is not changed.",
            valueName: "file"), completion: .file(extensions: ["db"]))
    var database: String?
}
