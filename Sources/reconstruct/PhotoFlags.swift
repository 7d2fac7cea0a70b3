// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import SfM
import Storage

/// The workspace that the photo commands write to.
struct WorkspaceFlags: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Workspace: the folder that everything is written to.", valueName: "folder"),
        completion: .directory)
    var output: String

    @Flag(help: "Use the folder even when it holds something else.")
    var force = false

    /// Opens or makes the workspace.
    func open() throws -> Workspace { try Workspace(output, startingAnew: force) }
}

/// Which photos are read, and how.
struct PhotoInputFlags: ParsableArguments {
    @Argument(
        help: "Folder with photos (.jpg, .png, .tif), searched with the folders in it.", completion: .directory)
    var photos: String

    @Option(
        help: ArgumentHelp(
            "Folder with masks, named like the photos plus .png (a.jpg.png or a.png): black is ignored.",
            valueName: "folder"), completion: .directory)
    var masks: String?

    @Option(
        help: ArgumentHelp(
            """
            Known intrinsics, held fixed: a COLMAP cameras.txt with one camera for all photos, one for each size, or one \
            for each photo in the order of their names. Default: found from the photos.
            """, valueName: "file"), completion: .file(extensions: ["txt"]))
    var intrinsics: String?

    @Option(help: "Photos that share a camera: those with equal metadata, none, or all.")
    var cameras: CameraSharing?

    @Flag(help: "Use what is left of photos that are cut off or corrupt.")
    var acceptDamaged = false

    @Flag(help: "Go on without photos that cannot be read.")
    var skipUnreadable = false

    @Flag(help: "Read photos of more than 100 megapixels.")
    var allowHuge = false

    /// The photos as the library wants them.
    func input() throws -> PhotoInput {
        let cameras = try intrinsics.map { path in
            try ColmapModel.readCameras(path).sorted { $0.key < $1.key }.map(\.value)
        }
        return PhotoInput(folder: photos, masks: masks, cameras: cameras)
    }

    /// Enters what was given.
    func apply(to options: inout PhotoOptions) {
        if acceptDamaged { options.ingest.acceptDamaged = true }
        if allowHuge { options.ingest.limits.allowHuge = true }
        if skipUnreadable { options.ingest.skipUnreadable = true }
        if let cameras { options.cameraSharing = cameras }
    }
}

/// Which pairs are matched.
struct PairFlags: ParsableArguments {
    @Flag(help: "The photos are in order, as from a video: match each only with those that follow.")
    var ordered = false

    @Option(
        help: ArgumentHelp("Match only the pairs of this file: two names on each line.", valueName: "file"),
        completion: .file())
    var pairs: String?

    func validate() throws {
        if ordered && pairs != nil { throw ValidationError("Give either --ordered or --pairs.") }
    }

    /// Enters what was given.
    func apply(to options: inout PhotoOptions) throws {
        if ordered { options.pairs = .sequential(overlap: PairChoice.defaultOverlap) }
        if let pairs {
            options.pairs = .list(String(decoding: try InputFile.read(pairs, limit: 64 << 20), as: UTF8.self))
        }
    }
}

/// Where the options come from.
struct PhotoOptionFlags: ParsableArguments {
    @Option(help: "Effort: fast, default or high.")
    var quality = Quality.default

    @Option(
        help: ArgumentHelp("Read all options from a JSON file as --print-options writes it.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var options: String?

    @Flag(help: "Print the options that would be used as JSON, and stop.")
    var printOptions = false

    /// The quality's options, or those of the file, with the seed of the command line.
    func resolved(seed: UInt64?) throws -> PhotoOptions {
        var result = PhotoOptions(quality: quality)
        if let path = options {
            result = try JSONText.decode(
                PhotoOptions.self, from: try InputFile.read(path, limit: 1 << 20), path: path)
        }
        if let seed { result.seed = seed }
        return result
    }
}

extension CameraSharing: ExpressibleByArgument {}

/// How the surface is made.
struct SurfaceFlags: ParsableArguments {
    @Option(help: "Dense points by stereo between photos: auto (where photos allow it), on or off.")
    var stereo: SurfaceOptions.StereoUse?

    @Option(
        help: ArgumentHelp(
            """
            Smallest detail of the mesh relative to the default: 0.5 doubles the resolution of field and mesh along each \
            side, 2 halves it.
            """, valueName: "factor"))
    var detail: Double?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            """
            Refine cameras by following patches of the surface from photo to photo; held-out patches decide whether that is \
            kept. Default: yes, but not for --quality fast.
            """))
    var refinePoses: Bool?

    @Flag(help: "Masks are the object's outlines: what they leave out is empty.")
    var outlines = false

    @Flag(help: "Keep the surface closed where nothing was seen, for printing, instead of cutting it away there.")
    var closed = false

    func validate() throws {
        if let detail, !(0.25...4).contains(detail) { throw ValidationError("--detail must be 0.25 to 4.") }
    }

    /// Enters what was given.
    func apply(to options: inout PhotoOptions) {
        if let stereo { options.surface.stereo = stereo }
        if let refinePoses { options.refinesPoses = refinePoses }
        if outlines { options.surface.masksAreOutlines = true }
        if closed { options.surface.trimming.keepsClosed = true }
        if let detail { options.surface.refine(by: 1 / detail) }
    }
}

extension SurfaceOptions.StereoUse: ExpressibleByArgument {}
