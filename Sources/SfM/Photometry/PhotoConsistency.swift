// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Geometry

/// Photo-consistency of a level set: rays through random pixels are followed to the surface, and the patch about each pixel
/// is compared with what other views show of the surface's tangent plane there.
///
/// The hit `x = o + t d` stays on the surface when parameters θ change: `dt/dθ = -(∂f/∂θ) / (∇f·d)`. So a derivative of the
/// comparison by `t` becomes one by the field's value at `x`, and one by the normal becomes one by the field's gradient; the
/// trainer knows the rest. That the normal turns because the hit moves is left out.
package struct PhotoConsistency: Sendable {
    let options: PhotoConsistencyOptions
    /// Whether nothing is seen at pixels that do not count.
    let masksAreOutlines: Bool
    let seed: UInt64
    /// `[view][level]`.
    private let views: [[PatchView]]
    private let sources: [[Int]]
    private let indices: [ImageID: Int]
    /// Views that can be compared with others.
    let references: [Int]
    private let tracer: SphereTracer

    /// Rays of one item of the parallel loop.
    private static let groupSize = 128
    /// Half the side of the region that surfaces are looked for in.
    private static let reach: Float = 0.98
    /// Least cosine between normal and direction to a camera that compares.
    private static let leastFacing: Float = 0.15
    /// Bounds on derivatives of one comparison: lengths where a patch slides over an edge are not to be trusted.
    private static let largestByDistance: Float = 150
    private static let largestByNormal: Float = 1
    /// A patch must vary by this many times as much as one that is just not flat before its contradiction counts.
    private static let clearTexture: Float = 4
    /// `|∇f·d|` counts as no less than this: grazing rays would throw the surface about.
    private static let leastSlope: Float = 0.1

    /// Prepares comparisons among `views`; `nil` when no two of them share points at a useful angle.
    ///
    /// - Parameter backdrops: For each view a set of bits: bit k for the plain area k that is a backdrop. Empty for none.
    package init?(
        views: [GrayView], in reconstruction: Reconstruction, cubeFromWorld: UniformSimilarity,
        options: PhotoConsistencyOptions, masksAreOutlines: Bool = false, backdrops: [UInt16] = [], seed: UInt64
    ) {
        self.options = options
        self.masksAreOutlines = masksAreOutlines
        self.seed = seed
        sources = SourceViews.choose(for: views, in: reconstruction, count: options.sources)
        self.views = views.enumerated().map { index, view in
            view.levels.map {
                PatchView(
                    $0, cameraFromWorld: view.cameraFromWorld, cubeFromWorld: cubeFromWorld,
                    backdrops: backdrops.isEmpty ? 0 : backdrops[index])
            }
        }
        indices = Dictionary(uniqueKeysWithValues: views.enumerated().map { ($1.imageID, $0) })
        let sources = sources
        references = views.indices.filter { !sources[$0].isEmpty }
        var tracer = SphereTracer()
        tracer.maximumSteps = 24
        self.tracer = tracer
        if references.isEmpty { return nil }
    }

    /// Mean number of other views that a view is compared with.
    var meanSources: Double { Double(sources.reduce(0) { $0 + $1.count }) / Double(max(1, references.count)) }

    /// Follows the rays of one step and compares.
    ///
    /// - Parameters:
    ///   - progress: Share of the steps with comparison that are made, 0 to 1.
    ///   - field: The field as it is trained at this step.
    package func samples(step: Int, progress: Double, field: SDFField, threads: Int) -> PhotoSamples {
        let size = Self.groupSize
        let groups = (options.rays + size - 1) / size
        let slots = Slots(count: groups)
        Parallel.forEach(count: groups, threads: threads) { group, _ in
            let count = min(size, options.rays - group * size)
            slots.samples[group] = samples(
                step: step, group: group, count: count, progress: progress, field: field)
        }
        var result = PhotoSamples()
        for samples in slots.samples {
            result.pulls += samples.pulls
            result.unitPoints += samples.unitPoints
            result.tally += samples.tally
        }
        return result
    }

    /// One place for each item of a parallel loop, which writes to its own place only; hence `@unchecked Sendable`.
    private final class Slots: @unchecked Sendable {
        let samples: UnsafeMutableBufferPointer<PhotoSamples>
        init(count: Int) {
            samples = .allocate(capacity: count)
            samples.initialize(repeating: PhotoSamples())
        }
        deinit {
            samples.deinitialize()
            samples.deallocate()
        }
    }

    /// A ray through a pixel's centre.
    private struct PixelRay {
        var view: Int
        var level: Int
        var column: Int
        var row: Int
        var ray: FieldRay
        /// Outside an outline or at a plain backdrop: the ray meets nothing.
        var isEmpty = false
    }

    private func samples(step: Int, group: Int, count: Int, progress: Double, field: SDFField) -> PhotoSamples {
        let rays = drawRays(step: step, group: group, count: count, level: options.pyramidLevel(progress: progress))
        var result = PhotoSamples()
        result.tally.rays = rays.count
        var hits: [(ray: PixelRay, point: SIMD3<Float>)] = []
        for (ray, hit) in zip(rays, tracer.trace(rays.map(\.ray), through: field)) {
            guard case .surface(let distance) = hit, distance < ray.ray.range.upperBound - 0.005 else { continue }
            hits.append((ray, ray.ray.point(at: distance)))
        }
        result.tally.hits = hits.count
        let gradients = field.valuesAndGradients(at: hits.map(\.point)).gradients
        let carving = options.carving.flatMap { progress >= $0.start ? $0 : nil }
        for ((ray, point), gradient) in zip(hits, gradients) {
            if ray.isEmpty {
                carve(at: point, along: ray.ray.direction, weight: options.outlineWeight, into: &result)
                continue
            }
            compare(ray, at: point, gradient: gradient, carving: carving, into: &result)
        }
        return result
    }

    private func drawRays(step: Int, group: Int, count: Int, level: Int) -> [PixelRay] {
        var random = RandomStream(seed: seed, label: "photo rays", UInt64(step), UInt64(group))
        var result: [PixelRay] = []
        // Most pixels of most views see the cube; views that look past it must not hold the loop up.
        for _ in 0..<8 * count where result.count < count {
            let index = references[random.index(below: references.count)]
            let level = min(level, views[index].count - 1)
            let view = views[index][level]
            guard !view.columns.isEmpty, !view.rows.isEmpty else { continue }
            let column = view.columns.lowerBound + random.index(below: view.columns.count)
            let row = view.rows.lowerBound + random.index(below: view.rows.count)
            let isShown = view.counts(column: column, row: row)
            guard isShown || masksAreOutlines else { continue }
            let direction = view.ray(column: column, row: row).normalized
            guard let range = Self.range(from: view.center, along: direction) else { continue }
            result.append(
                PixelRay(
                    view: index, level: level, column: column, row: row,
                    ray: FieldRay(origin: view.center, direction: direction, range: range),
                    isEmpty: !isShown || view.isBackdrop(column: column, row: row)))
        }
        return result
    }

    /// Distances at which a ray enters and leaves the region.
    private static func range(from origin: SIMD3<Float>, along direction: SIMD3<Float>) -> ClosedRange<Float>? {
        var (entry, exit) = (Float(0), Float.infinity)
        for axis in 0..<3 {
            let step = abs(direction[axis]) < 1e-9 ? 1e-9 : direction[axis]
            let (a, b) = ((-reach - origin[axis]) / step, (reach - origin[axis]) / step)
            entry = max(entry, min(a, b))
            exit = min(exit, max(a, b))
        }
        return entry < exit && exit.isFinite ? entry...exit : nil
    }

    /// Compares one hit with the other views, and adds what they say.
    private func compare(
        _ ray: PixelRay, at point: SIMD3<Float>, gradient: SIMD3<Float>, carving: PhotoConsistencyOptions.Carving?,
        into result: inout PhotoSamples
    ) {
        let length = gradient.length + 1e-6
        let normal = gradient / length
        guard normal.dot(ray.ray.direction) < -Self.leastFacing else { return }
        guard let (patch, place) = patch(of: ray.view, level: ray.level, column: ray.column, row: ray.row) else {
            return
        }
        let noise = views[ray.view][place.level].noise
        guard patch.texture >= leastVariance(noise) else { return }
        let plane = views[ray.view][place.level].plane(column: place.column, row: place.row, at: point, normal: normal)
        var comparisons: [zk_patch_comparison] = []
        for index in sources[ray.view] {
            let source = views[index][min(place.level, views[index].count - 1)]
            let offset = source.center - point
            guard offset.dot(normal) > Self.leastFacing * offset.length,
                let comparison = source.compare(patch, on: plane, at: point)
            else { continue }
            comparisons.append(comparison)
        }
        guard let least = comparisons.min(by: { $0.cost < $1.cost }) else { return }
        if let carving, comparisons.count >= 2, least.cost > carving.cost,
            patch.texture > Self.clearTexture * leastVariance(noise)
        {
            carve(at: point, along: ray.ray.direction, weight: carving.weight, into: &result)
            return
        }
        result.tally.sourcesSeen += comparisons.count
        comparisons.sort { $0.cost < $1.cost }
        add(
            comparisons.prefix(options.bestSources).filter { $0.cost < 1 }, ray: ray, point: point, gradient: gradient,
            to: &result)
    }

    /// Variance of greys from which on a patch has texture.
    private func leastVariance(_ noise: Float) -> Float { max(options.leastVariance, 3 * noise) }

    /// Where a patch was cut.
    private struct PatchPlace {
        var level: Int
        var column: Int
        var row: Int
    }

    /// The patch about a pixel; where it has no texture, that of the same place at the finest smaller size where it has, or
    /// else the last one: light and shade on a plain surface are texture on a larger scale.
    private func patch(of view: Int, level: Int, column: Int, row: Int) -> (patch: zk_patch, place: PatchPlace)? {
        var place = PatchPlace(level: level, column: column, row: row)
        var found: (patch: zk_patch, place: PatchPlace)?
        while place.level < views[view].count {
            let size = views[view][place.level]
            guard size.counts(column: place.column, row: place.row) else { break }
            var patch = zk_patch()
            guard
                size.patch(column: place.column, row: place.row, similarity: options.similarity, into: &patch)
            else { break }
            found = (patch, place)
            if patch.texture >= leastVariance(size.noise) || !options.usesCoarserPatches { break }
            place = PatchPlace(level: place.level + 1, column: place.column / 2, row: place.row / 2)
        }
        return found
    }

    /// How well views agree on a piece of surface, 0 to 1, or `nil` where none of their patches has texture.
    ///
    /// - Parameters:
    ///   - point: In the frame of the cube.
    ///   - normal: Outward, of length 1.
    ///   - seenBy: Images that see it, best first: the first is compared with the others.
    func agreement(at point: SIMD3<Float>, normal: SIMD3<Float>, seenBy images: [ImageID]) -> Float? {
        let seen = images.compactMap { indices[$0] }
        guard let first = seen.first, seen.count >= 2, let pixel = views[first].first?.pixel(of: point),
            let (patch, place) = patch(of: first, level: 0, column: pixel.column, row: pixel.row),
            place.level <= 1, patch.texture >= Self.clearTexture * leastVariance(views[first][place.level].noise)
        else { return nil }
        let plane = views[first][place.level].plane(column: place.column, row: place.row, at: point, normal: normal)
        var least: Float?
        for index in seen.dropFirst() {
            let source = views[index][min(place.level, views[index].count - 1)]
            guard let comparison = source.compare(patch, on: plane, at: point) else { continue }
            least = min(least ?? .infinity, comparison.cost)
        }
        return least.map { max(0, 1 - $0) }
    }

    /// Number of views in which a plain backdrop shows where `point`, in the frame of the cube, should be.
    func backdropCount(at point: SIMD3<Float>) -> Int {
        views.count { levels in
            guard let view = levels.first, let pixel = view.pixel(of: point) else { return false }
            return view.isBackdrop(column: pixel.column, row: pixel.row)
        }
    }

    /// Pushes the field outwards at a hit and a little behind it.
    private func carve(
        at point: SIMD3<Float>, along direction: SIMD3<Float>, weight: Float, into result: inout PhotoSamples
    ) {
        let push = -weight / Float(options.rays)
        result.pulls.append(.init(point: point, byValue: push))
        result.pulls.append(.init(point: point + 0.01 * direction, byValue: push))
        result.tally.carved += 1
    }

    /// Turns the derivatives of the best comparisons into derivatives by the field.
    private func add(
        _ best: [zk_patch_comparison], ray: PixelRay, point: SIMD3<Float>, gradient: SIMD3<Float>,
        to result: inout PhotoSamples
    ) {
        guard !best.isEmpty else { return }
        var (cost, byDistance, byNormal) = (Float(0), Float(0), SIMD3<Float>.zero)
        for comparison in best {
            cost += comparison.cost
            byDistance += comparison.by_distance
            byNormal += SIMD3(comparison.by_normal.0, comparison.by_normal.1, comparison.by_normal.2)
        }
        let count = Float(best.count)
        (cost, byDistance, byNormal) = (cost / count, byDistance / count, byNormal / count)
        guard byDistance.isFinite, byNormal.isFinite else { return }
        let ratio = cost / options.robustScale
        let weight = options.weight / Float(options.rays) / (1 + ratio * ratio)
        let length = gradient.length + 1e-6
        let normal = gradient / length
        let slope = min(gradient.dot(ray.ray.direction), -Self.leastSlope)
        var pull = PhotoSamples.Pull(
            point: point,
            byValue: -weight * min(max(byDistance, -Self.largestByDistance), Self.largestByDistance) / slope,
            loss: Double(weight * cost))
        if options.usesNormals {
            if byNormal.length > Self.largestByNormal { byNormal *= Self.largestByNormal / byNormal.length }
            pull.byGradient = (byNormal - normal * byNormal.dot(normal)) * (weight / length)
        }
        result.tally.compared += 1
        result.tally.cost += Double(cost)
        if result.pulls.count % 4 == 0 { result.unitPoints.append(point) }
        result.pulls.append(pull)
    }
}
