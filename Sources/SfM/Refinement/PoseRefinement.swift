// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Images

/// Refines cameras by what photos show of a surface: a first field is fitted, patches are followed through it from photo to
/// photo, and a bundle adjustment brings poses, intrinsics and the patches' points into agreement.
///
/// Keypoints are matched where a detector found them, each with its own error; patches are measured by all their pixels at
/// the right perspective. Tracks that took no part decide whether the new cameras are better.
public struct PoseRefinement: Sendable {
    /// The reconstruction with refined cameras, in the same frame as far as its points tell; points lie where these cameras
    /// see them. The one given where ``PoseRefinementReport/intrinsics`` is `nil`.
    public let reconstruction: Reconstruction
    /// What it brought.
    public let report: PoseRefinementReport

    /// One track in this many is held out.
    private static let heldOutEvery = 5
    /// Differences from which on an observation counts less, in compared pixels.
    private static let lossScale = 0.15
    /// Images that fewer patches show keep their keypoints in the adjustment, or they would move with little to hold them.
    private static let enoughPatches = 150
    /// Fewest tracks to refine by, for each image.
    private static let leastTracksPerImage = 10

    /// Refines the cameras of `reconstruction`.
    ///
    /// - Parameters:
    ///   - reconstruction: Cameras, posed images and points with their tracks.
    ///   - options: How the first field is fitted and what must be gained.
    ///   - surface: Options of the surface that the cameras are for; seed and size of the pictures are taken from them.
    ///   - heldIntrinsics: Cameras whose intrinsics are known.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - raster: Gives the picture of an image; called from several threads.
    ///   - mask: Gives the mask of an image, or `nil` for none; pixels with 0 are not compared.
    ///   - progress: Told how far the work is.
    ///   - cancellation: Asked between units of work.
    /// - Throws: ``SurfaceError/cancelled``, ``SurfaceError/options(_:)``. What keeps cameras from being refined is no error,
    ///   but said in the report.
    public init(
        of reconstruction: Reconstruction, options: PoseRefinementOptions = PoseRefinementOptions(),
        surface: SurfaceOptions = SurfaceOptions(), heldIntrinsics: Set<CameraID> = [], threads: Int,
        raster: @Sendable (ImageID) -> Raster?, mask: (@Sendable (ImageID) -> Raster?)? = nil,
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws(SurfaceError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        let first = options.firstField(for: surface)
        let views = GrayView.all(
            of: reconstruction, longerSide: first.longerSide, findsBackdrops: first.findsBackdrops && mask == nil,
            threads: threads, raster: raster, mask: mask)
        let fit: FieldFit
        do throws(SurfaceError) {
            fit = try FieldFit(
                to: reconstruction, views: views, options: first, threads: threads, progress: progress,
                cancellation: cancellation)
        } catch .cancelled {
            throw .cancelled
        } catch .options(let error) {
            throw .options(error)
        } catch {
            self.reconstruction = reconstruction
            report = PoseRefinementReport(reason: "No surface could be fitted to follow patches through. \(error)")
            return
        }
        let tracks = PhotometricTracks(
            of: reconstruction, views: views, field: SDFField(fit.training.trainer.network), cube: fit.cube,
            seed: first.seed, threads: threads)
        let needed = Self.leastTracksPerImage * views.count
        guard tracks.tracks.count >= max(1, needed) else {
            self.reconstruction = reconstruction
            report = PoseRefinementReport(
                reason:
                    "Only \(tracks.tracks.count) patches were found again in two other photos; \(needed) are needed.")
            return
        }
        do throws(BundleError) {
            (self.reconstruction, report) = try Self.refined(
                reconstruction, by: tracks, options: options, held: heldIntrinsics, cube: fit.cube,
                cancellation: cancellation)
        } catch {
            if cancellation?() == true { throw .cancelled }
            self.reconstruction = reconstruction
            report = PoseRefinementReport(reason: "The adjustment failed. \(error)")
        }
        if cancellation?() == true { throw .cancelled }
    }

    private static func refined(
        _ given: Reconstruction, by found: PhotometricTracks, options: PoseRefinementOptions, held: Set<CameraID>,
        cube: SceneCube, cancellation: CancellationCheck?
    ) throws(BundleError) -> (Reconstruction, PoseRefinementReport) {
        let numbered = found.tracks.enumerated()
        var training = found.world(of: given, tracks: numbered.filter { $0.offset % heldOutEvery != 0 }.map(\.element))
        let heldOut = found.world(of: given, tracks: numbered.filter { $0.offset % heldOutEvery == 0 }.map(\.element))
        let old = try (heldOut.refitted(), given.refitted())
        var report = PoseRefinementReport(reason: nil)
        report.tracks = training.points.count
        report.observations = training.points.values.reduce(0) { $0 + $1.track.count }
        report.heldOutTracks = heldOut.points.count
        training.addPoints(of: given) { image in image.keypoints.count < enoughPatches }
        report.heldOutErrorBefore = old.0.medianError
        report.keypointErrorBefore = old.1.medianError
        var best = (world: given, error: old.0.medianError)
        for intrinsics in [BundleAdjustment.Intrinsics.constant, .focalLengthAndRadial, .all] {
            var world = training
            var adjustment = BundleAdjustment()
            adjustment.options.loss = .softL1(scale: lossScale * found.pixelScale)
            for id in world.cameras.keys where !held.contains(id) { adjustment.intrinsics[id] = intrinsics }
            _ = try adjustment.adjust(&world, isCancelled: cancellation)
            let refined = try given.withCameras(of: world).refitted()
            let error = try heldOut.withCameras(of: world).refitted().medianError
            let gain = report.intrinsics == nil ? options.poseGain : options.intrinsicsGain
            guard error < (1 - gain) * best.error,
                refined.medianError <= (1 + options.keypointTolerance) * report.keypointErrorBefore
            else { continue }
            best = (refined, error)
            report.intrinsics = intrinsics
            report.keypointErrorAfter = refined.medianError
        }
        report.heldOutErrorAfter = best.error
        guard report.intrinsics != nil else {
            report.keypointErrorAfter = report.keypointErrorBefore
            report.reason = "Patches that took no part in the refinement do not agree better with refined cameras."
            return (given, report)
        }
        return (best.world.aligned(to: given, within: cube), report)
    }
}

extension Reconstruction {
    /// The same images and points, with cameras and poses of another reconstruction.
    fileprivate func withCameras(of other: Reconstruction) -> Reconstruction {
        var result = self
        result.cameras = other.cameras
        for (id, image) in other.images { result.images[id]?.cameraFromWorld = image.cameraFromWorld }
        return result
    }

    /// Adds the points of `other`, which has the same images, that images see which `isWeak` says so of.
    fileprivate mutating func addPoints(of other: Reconstruction, where isWeak: (PosedImage) -> Bool) {
        let weak = Set(imageIDs.filter { images[$0].map(isWeak) ?? false })
        let next = (pointIDs.last ?? 0) + 1
        let points = other.pointIDs.compactMap { other.points[$0] }.filter { point in
            point.track.contains { weak.contains($0.imageID) }
        }
        for (offset, point) in points.enumerated() {
            var track: [Observation] = []
            for observation in point.track {
                guard let pixel = other.images[observation.imageID]?.keypoints[observation.keypointIndex],
                    let count = images[observation.imageID]?.keypoints.count
                else { continue }
                images[observation.imageID]?.keypoints.append(pixel)
                images[observation.imageID]?.pointIDs.append(nil)
                track.append(Observation(imageID: observation.imageID, keypointIndex: count))
            }
            insert(ScenePoint(position: point.position, track: track), id: next + PointID(offset))
        }
    }

    /// Brought back to the frame of `other`, which has the same points, by those inside `cube`: the adjustment holds one
    /// camera, whose error would turn the whole scene.
    fileprivate func aligned(to other: Reconstruction, within cube: SceneCube) -> Reconstruction {
        var (mine, theirs): ([SIMD3<Double>], [SIMD3<Double>]) = ([], [])
        for id in other.pointIDs {
            guard let a = points[id]?.position, let b = other.points[id]?.position, a.isFinite, b.isFinite else {
                continue
            }
            let local = cube.cubeFromWorld(b)
            guard local.max() < 1, local.min() > -1 else { continue }
            mine.append(a)
            theirs.append(b)
        }
        guard let fit = CenterAlignment(estimate: mine, truth: theirs, orientations: nil), fit.scale > 0,
            fit.scale.isFinite, fit.translation.isFinite
        else { return self }
        return transformed(by: fit.similarity)
    }
}
