// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry
import Mesh

/// A signed distance fitted to what points and pictures of a reconstruction say, before anything is extracted.
struct FieldFit {
    /// The options, made finer where the photos are.
    let options: SurfaceOptions
    /// Region of the field.
    let cube: SceneCube
    /// Observations of points inside the cube.
    let lines: [SightLine]
    /// Dense points, when stereo was asked for and possible.
    let cloud: StereoCloud?
    /// Number of dense points inside the cube that were used.
    let orientedLines: Int
    /// The comparison of pictures; `nil` without pictures or useful pairs of them.
    let consistency: PhotoConsistency?
    /// The finished fit.
    let training: SurfaceTraining

    /// Fits.
    ///
    /// - Parameter views: Pictures to compare; of some or all images, in ascending order of their IDs.
    /// - Throws: ``SurfaceError``.
    init(
        to reconstruction: Reconstruction, views: [GrayView], options given: SurfaceOptions, threads: Int,
        progress: ProgressHandler?, cancellation: CancellationCheck?, preview: MeshPreview? = nil
    ) throws(SurfaceError) {
        do throws(OptionsError) { try given.validate() } catch { throw .options(error) }
        guard let cube = SceneCube(reconstruction) else { throw .noVolume(points: reconstruction.points.count) }
        self.cube = cube
        let options = given.following(pixels: Self.pixelsAcross(cube, views: views, in: reconstruction))
        self.options = options
        lines = SightLine.all(of: reconstruction, in: cube)
        guard lines.count >= options.minimumObservations else {
            throw .tooFewObservations(found: lines.count, needed: options.minimumObservations)
        }
        let backdrops = BackdropEvidence.backdrops(
            of: views, in: reconstruction, looksAtOnePlace: cube.rule == .opticalAxes)
        consistency = options.photometric.flatMap {
            PhotoConsistency(
                views: views, in: reconstruction, cubeFromWorld: cube.cubeFromWorld, options: $0,
                masksAreOutlines: options.masksAreOutlines, backdrops: backdrops, seed: options.seed)
        }
        cloud = try Self.stereoCloud(
            of: views, in: reconstruction, cube: cube, options: options, threads: threads, progress: progress,
            cancellation: cancellation)
        let orientedLines = cloud.map { cloud in
            SightLine.all(
                of: cloud, centers: views.map { $0.cameraFromWorld.cameraCenterInWorld }, in: cube,
                limit: Self.maximumStereoPoints)
        }
        self.orientedLines = orientedLines?.count ?? 0
        training = try SurfaceTraining(
            lines: lines, orientedLines: orientedLines ?? [],
            emptyLines: SightLine.all(before: backdrops, of: views, in: cube, limit: Self.maximumEmptyLines),
            plainRegions: views.isEmpty
                ? nil
                : PlainRegions(
                    of: views, backdrops: backdrops, in: cube, leastDetail: options.stereoSearch.minimumVariance,
                    threads: threads),
            consistency: consistency, options: options, threads: threads)
        let (training, worldFromCube) = (training, cube.cubeFromWorld.inverse)
        try training.run(progress: progress, cancellation: cancellation) {
            preview?.offer { training.surfaceSoFar()?.transformed(by: worldFromCube) }
        }
    }

    /// How many pixels of the photos the cube's side spans where they see it best: a tenth of the observations of points
    /// inside is nearer. 0 without photos.
    private static func pixelsAcross(
        _ cube: SceneCube, views: [GrayView], in reconstruction: Reconstruction
    ) -> Double {
        var footprints: [Double] = []
        for view in views {
            guard let image = reconstruction.images[view.imageID], let level = view.levels.first else { continue }
            let focalLength = 0.5 * level.focalLengths.sum()
            for id in image.pointIDs.compactMap({ $0 }) {
                guard let point = reconstruction.points[id] else { continue }
                let local = cube.cubeFromWorld(point.position)
                guard local.max() < 1, local.min() > -1 else { continue }
                let depth = view.cameraFromWorld(point.position).z
                if depth > 0 { footprints.append(depth / focalLength) }
            }
        }
        guard !footprints.isEmpty else { return 0 }
        footprints.sort()
        return 2 * cube.halfSide / footprints[footprints.count / 10]
    }

    /// 64 bytes each.
    private static let maximumStereoPoints = 1_000_000
    private static let maximumEmptyLines = 200_000

    /// Dense points inside the cube, or `nil` when there is nothing to find any by.
    private static func stereoCloud(
        of views: [GrayView], in reconstruction: Reconstruction, cube: SceneCube, options: SurfaceOptions, threads: Int,
        progress: ProgressHandler?, cancellation: CancellationCheck?
    ) throws(SurfaceError) -> StereoCloud? {
        guard options.stereo != .never else { return nil }
        let worldFromCube = cube.cubeFromWorld.inverse
        let region = worldFromCube(Box(minimum: SIMD3(repeating: -1), maximum: SIMD3(repeating: 1)))
        do throws(StereoError) {
            let stereo = try DenseStereo(
                views: views, in: reconstruction, region: region, options: options.stereoSearch)
            return try stereo.cloud(threads: threads, progress: progress, cancellation: cancellation)
        } catch {
            if error == .cancelled { throw .cancelled }
            if options.stereo == .always { throw .stereo(error) }
            return nil
        }
    }
}
