// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization

/// Depth maps of all views of a reconstruction and the oriented points that views agree on.
///
/// Needs 12 bytes for a pixel of each map, 30 for one of each map at work, and 20 for a point; pictures come on top.
package struct DenseStereo: Sendable {
    /// The views at the size of their maps.
    package let views: [StereoView]
    /// For each view the indices of those it is compared with, best first; empty where there are none.
    package let sources: [[Int]]
    package let options: StereoOptions
    private let seeds: [DepthSeeds?]
    private let region: Box?
    private let origin: SIMD3<Double>

    /// Prepares stereo.
    ///
    /// - Parameters:
    ///   - views: Views of `reconstruction`, at most 65,535.
    ///   - region: Where surfaces are looked for, in world coordinates; without it, near the depths of each view's points.
    /// - Throws: ``StereoError``.
    package init(
        views: [GrayView], in reconstruction: Reconstruction, region: Box? = nil, options: StereoOptions
    ) throws(StereoError) {
        do throws(OptionsError) { try options.validate() } catch { throw .options(error) }
        guard (2...Int(UInt16.max)).contains(views.count) else {
            throw .tooFewPictures(found: views.count, images: reconstruction.images.count)
        }
        let sources = SourceViews.choose(
            for: views, in: reconstruction, count: max(options.sources, options.witnesses))
        let views = views.map { StereoView($0, halvings: options.halvings) }
        self.views = views
        self.sources = sources
        self.options = options
        self.region = region
        guard sources.contains(where: { !$0.isEmpty }) else {
            throw .noSources(views: views.count, points: reconstruction.points.count)
        }
        var seen: [ImageID: [SIMD3<Double>]] = [:]
        for id in reconstruction.pointIDs {
            guard let point = reconstruction.points[id], point.position.isFinite else { continue }
            for image in Set(point.track.map(\.imageID)) { seen[image, default: []].append(point.position) }
        }
        seeds = views.map { DepthSeeds(of: $0, points: seen[$0.imageID] ?? [], seed: options.seed) }
        let centers = views.reduce(SIMD3<Double>.zero) { $0 + $1.center } / Double(views.count)
        origin = region?.center ?? centers
    }

    /// The map of one view; it knows nothing where the view has no sources.
    ///
    /// - Throws: ``StereoError/cancelled``.
    package func map(of index: Int, cancellation: CancellationCheck? = nil) throws(StereoError) -> StereoMap {
        let chosen = sources[index].prefix(options.sources)
        guard !chosen.isEmpty, let seeds = seeds[index] else {
            return StereoMap(width: views[index].width, height: views[index].height)
        }
        let search = PatchMatch(
            view: views[index], sources: chosen.map { views[$0] }, seeds: seeds, region: region, options: options)
        guard let map = search.map(cancellation: cancellation) else { throw .cancelled }
        return map
    }

    /// The maps of all views, one view for each work item.
    ///
    /// - Throws: ``StereoError/cancelled``.
    package func maps(
        threads: Int, progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws(StereoError) -> [StereoMap] {
        let found = Mutex<[Int: StereoMap]>([:])
        Parallel.forEach(count: views.count, threads: threads) { index, _ in
            guard cancellation?() != true,
                let map = try? map(of: index, cancellation: cancellation)
            else { return }
            let done = found.withLock { found in
                found[index] = map
                return found.count
            }
            progress?(StageProgress(stage: "searching depths", completed: done, total: views.count))
        }
        let maps = found.withLock { found in views.indices.compactMap { found[$0] } }
        guard maps.count == views.count else { throw .cancelled }
        return maps
    }

    /// Checks maps against each other.
    ///
    /// - Parameter maps: One for each view, as ``map(of:cancellation:)`` gives them.
    /// - Returns: The cloud, and for each view its pixels that other views agree with.
    /// - Throws: ``StereoError/cancelled``.
    package func cloud(
        from maps: [StereoMap], threads: Int, cancellation: CancellationCheck? = nil
    ) throws(StereoError) -> (cloud: StereoCloud, pixels: [[StereoPixel]]) {
        precondition(maps.count == views.count, "\(views.count) views have \(maps.count) maps")
        let filter = ConsistencyFilter(views: views, maps: maps, options: options)
        let found = Mutex<[Int: [(StereoPoint, StereoPixel)]]>([:])
        Parallel.forEach(count: views.count, threads: threads) { index, _ in
            guard cancellation?() != true else { return }
            let kept = filter.kept(of: index, witnesses: sources[index].prefix(options.witnesses)).map { pixel in
                (
                    StereoPoint(
                        offset: SIMD3<Float>(pixel.position - origin), normal: SIMD3<Float>(pixel.normal),
                        viewIndex: index, agreeing: pixel.agreeing, confidence: pixel.confidence),
                    StereoPixel(place: UInt32(pixel.place), confidence: pixel.confidence)
                )
            }
            found.withLock { $0[index] = kept }
        }
        let all = found.withLock { $0 }
        guard all.count == views.count else { throw .cancelled }
        let inOrder = views.indices.map { all[$0] ?? [] }
        return (
            StereoCloud(origin: origin, points: inOrder.flatMap { $0.map(\.0) }), inOrder.map { $0.map(\.1) }
        )
    }

    /// Maps and cloud in one go, in memory.
    ///
    /// - Throws: ``StereoError``.
    package func cloud(
        threads: Int, progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws(StereoError) -> StereoCloud {
        let maps = try maps(threads: threads, progress: progress, cancellation: cancellation)
        return try cloud(from: maps, threads: threads, cancellation: cancellation).cloud
    }
}

/// A pixel of a map that other views agree with.
package struct StereoPixel: Hashable, Sendable {
    /// Its place in the map.
    package let place: UInt32
    /// See ``StereoPoint/confidence``.
    package let confidence: Float
}
