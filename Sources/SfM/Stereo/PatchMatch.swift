// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Depth and normal of each pixel of one view: planes are guessed, handed on to neighbours, and shaken, and whatever makes
/// the patches of other views look most alike is kept.
///
/// PatchMatch stereo (Bleyer, Rhemann, Rother 2011) with the cost of Schönberger et al. 2016, section 4.2 (correlation
/// weighted by distance and grey), in sweeps over the picture that alternate in direction.
struct PatchMatch {
    private let view: StereoView
    private let options: StereoOptions
    private let geometry: PlaneGeometry
    private let interval: DepthInterval
    private let seeds: DepthSeeds
    private let sources: [zk_stereo_source]

    /// Spread of the random changes in the first sweep, and what each next one leaves of it.
    private static let depthSpread: (first: Float, factor: Float) = (0.02, 0.35)
    private static let normalSpread: (first: Float, factor: Float) = (0.5, 0.65)
    /// Planes seen more obliquely than at this cosine are not believed.
    private static let leastIncidence: Float = 0.15
    /// A pixel whose cost has fallen by less counts as unchanged. With this and the choice of sources, half the comparisons
    /// of a full search are spared, and its accuracy and completeness stay within the spread of seeds.
    private static let notableGain: Float = 0.005
    /// Most planes tried at once.
    private static let planesAtOnce = 4

    init(
        view: StereoView, sources: [StereoView], seeds: DepthSeeds, region: Box?, options: StereoOptions
    ) {
        self.view = view
        self.options = options
        self.seeds = seeds
        geometry = PlaneGeometry(focalX: Float(view.level.focalLengths.x), focalY: Float(view.level.focalLengths.y))
        interval = DepthInterval(view: view, range: seeds.range, region: region)
        self.sources = sources.map { $0.source(for: view) }
    }

    /// Runs all sweeps.
    ///
    /// - Parameter cancellation: Asked for each row.
    /// - Returns: `nil` when cancelled.
    func map(cancellation: CancellationCheck?) -> StereoMap? {
        let field = PlaneField(width: view.width, height: view.height)
        var random = RandomStream(seed: options.seed, label: "patch match", UInt64(view.imageID))
        start(field, &random)
        let scratch = PatchScratch(planes: Self.planesAtOnce, sources: sources.count)
        for sweep in 0..<options.sweeps {
            let isForward = sweep % 2 == 0
            for step in 0..<view.height {
                if cancellation?() == true { return nil }
                let row = isForward ? step : view.height - 1 - step
                self.sweep(sweep, row: row, field, scratch, &random)
            }
        }
        return result(field)
    }

    // MARK: Start

    /// Difference of greys at which a pixel of a patch counts half.
    private static let similarity: Float = 30

    private func start(_ field: PlaneField, _ random: inout RandomStream) {
        let margin = Int(ZK_PATCH_REACH)
        var patch = zk_patch()
        guard view.width > 2 * margin, view.height > 2 * margin else { return }
        for row in margin..<view.height - margin {
            for column in margin..<view.width - margin {
                guard view.level.counts(column: column, row: row),
                    zk_patch_prepare(
                        view.level.image.words, Int32(view.width), Int32(view.height), Int32(column), Int32(row),
                        Self.similarity, &patch) == Int32(ZK_PATCH_OK),
                    patch.detail >= max(options.minimumVariance, 3 * view.level.noise),
                    let depths = interval.depths(column: column, row: row)
                else { continue }
                let (x, y) = offset(column: column, row: row)
                var depth = seeds.depth(column: column, row: row) * (1 + 0.01 * random.bell())
                if !depths.contains(depth) { depth = random.uniform(between: depths) }
                let ray = SIMD3(x / geometry.focalX, y / geometry.focalY, 1).normalized
                var normal = (ray + 0.6 * random.bellVector()).normalized
                if normal.dot(ray) < 0.2 { normal = ray }
                let place = row * view.width + column
                field.planes[place] = geometry.plane(inverseDepth: 1 / depth, normal: normal, x: x, y: y)
                field.nearest[place] = 1 / depths.lowerBound
                field.farthest[place] = 1 / depths.upperBound
                field.isActive[place] = true
            }
        }
    }

    /// The centre of a pixel, from the principal point.
    @inline(__always)
    private func offset(column: Int, row: Int) -> (Float, Float) {
        (
            Float(column) + Float(0.5 - view.level.principalPoint.x),
            Float(row) + Float(0.5 - view.level.principalPoint.y)
        )
    }

    // MARK: Sweeps

    private func sweep(
        _ sweep: Int, row: Int, _ field: PlaneField, _ scratch: PatchScratch, _ random: inout RandomStream
    ) {
        let width = view.width
        let direction = sweep % 2 == 0 ? 1 : -1
        let spread = Spread(sweep)
        for step in 0..<width {
            let column = direction > 0 ? step : width - 1 - step
            let place = row * width + column
            guard field.isActive[place] else { continue }
            let (left, above) = (place - direction, place - direction * width)
            // Neighbours visited before hand on what they have found. One that has not changed since it was last asked, two
            // sweeps ago, has nothing new to say; and what the last sweep did not better, shaking will hardly better.
            let asksLeft = field.isActive[left] && Int(field.changed[left]) + 1 >= sweep
            let asksAbove = field.isActive[above] && Int(field.changed[above]) + 1 >= sweep
            let isSettled = sweep >= 2 && Int(field.changed[place]) + 1 < sweep
            if isSettled && !asksLeft && !asksAbove { continue }

            let (x, y) = offset(column: column, row: row)
            _ = zk_patch_prepare(
                view.level.image.words, Int32(width), Int32(view.height), Int32(column), Int32(row), Self.similarity,
                scratch.patch)
            var pixel = Pixel(x: x, y: y, nearest: field.nearest[place], farthest: field.farthest[place])
            if sweep == 0 {
                scratch.append(field.planes[place])
                let depth = random.uniform(between: 1 / pixel.nearest...1 / pixel.farthest)
                let ray = SIMD3(x / geometry.focalX, y / geometry.focalY, 1)
                scratch.append(geometry.plane(inverseDepth: 1 / depth, normal: ray, x: x, y: y))
            } else {
                (pixel.plane, pixel.cost, pixel.fitting) = (
                    field.planes[place], field.costs[place], field.fitting[place]
                )
            }
            let before = pixel.cost
            if asksLeft {
                scratch.append(field.planes[left].moved(columns: Float(direction), rows: 0), in: pixel, geometry)
            }
            if asksAbove {
                scratch.append(field.planes[above].moved(columns: 0, rows: Float(direction)), in: pixel, geometry)
            }
            // After the first look only sources that fit here or next door are asked: half the work, and nothing lost.
            let neighbors =
                (field.isActive[left] ? field.fitting[left] : 0)
                | (field.isActive[above] ? field.fitting[above] : 0)
            choose(&pixel, scratch, from: sweep == 0 ? .max : pixel.fitting | neighbors)
            if pixel.cost < .infinity && (!isSettled || pixel.cost < before - Self.notableGain) {
                shake(pixel, spread, scratch, &random)
                choose(&pixel, scratch, from: pixel.fitting | neighbors)
            }
            if pixel.cost < before - Self.notableGain { field.changed[place] = UInt8(sweep) }
            (field.planes[place], field.costs[place], field.fitting[place]) = (pixel.plane, pixel.cost, pixel.fitting)
        }
    }

    /// Sizes of the random changes of one sweep.
    private struct Spread {
        var depth = PatchMatch.depthSpread.first
        var normal = PatchMatch.normalSpread.first

        init(_ sweep: Int) {
            for _ in 0..<sweep {
                depth *= PatchMatch.depthSpread.factor
                normal *= PatchMatch.normalSpread.factor
            }
        }
    }

    /// Appends changes of the pixel's plane: another depth, another normal, and a little of both.
    @inline(__always)
    private func shake(_ pixel: Pixel, _ spread: Spread, _ scratch: PatchScratch, _ random: inout RandomStream) {
        let normal = geometry.direction(pixel.plane, x: pixel.x, y: pixel.y).normalized
        let depth = pixel.plane.inverse_depth
        let (x, y) = (pixel.x, pixel.y)
        let far = depth / (1 + spread.depth * random.bell())
        let near = depth / (1 + 0.3 * spread.depth * random.bell())
        let turned = normal + spread.normal * random.bellVector()
        let tilted = normal + 0.4 * spread.normal * random.bellVector()
        scratch.append(geometry.plane(inverseDepth: far, normal: normal, x: x, y: y), in: pixel, geometry)
        scratch.append(geometry.plane(inverseDepth: depth, normal: turned, x: x, y: y), in: pixel, geometry)
        scratch.append(geometry.plane(inverseDepth: near, normal: tilted, x: x, y: y), in: pixel, geometry)
    }

    /// Compares the waiting planes, keeps the best, and empties the list.
    @inline(__always)
    private func choose(_ pixel: inout Pixel, _ scratch: PatchScratch, from chosen: UInt32) {
        guard scratch.count > 0 else { return }
        let count = sources.count
        sources.withUnsafeBufferPointer { sources in
            zk_stereo_costs(
                scratch.patch, pixel.x, pixel.y, count, sources.baseAddress, chosen, scratch.count, scratch.planes,
                scratch.costs)
        }
        for number in 0..<scratch.count {
            let (cost, fitting) = scratch.cost(of: number, best: options.bestSources)
            if cost < pixel.cost {
                pixel.cost = cost
                pixel.plane = scratch.planes[number]
                pixel.fitting = fitting
            }
        }
        scratch.count = 0
    }

    /// One pixel while it is looked at.
    struct Pixel {
        let x: Float
        let y: Float
        let nearest: Float
        let farthest: Float
        var plane = zk_stereo_plane()
        var cost = Float.infinity
        var fitting: UInt32 = 0

        /// Whether a plane lies in the pixel's interval and faces the camera.
        @inline(__always)
        func allows(_ plane: zk_stereo_plane, _ geometry: PlaneGeometry) -> Bool {
            // Written so that not-a-number is refused.
            plane.inverse_depth >= farthest && plane.inverse_depth <= nearest
                && geometry.incidence(plane, x: x, y: y) >= PatchMatch.leastIncidence
        }
    }

    // MARK: Result

    private func result(_ field: PlaneField) -> StereoMap {
        var map = StereoMap(width: view.width, height: view.height)
        for row in 0..<view.height {
            for column in 0..<view.width {
                let place = row * view.width + column
                guard field.isActive[place], field.costs[place] < ZK_STEREO_OUTSIDE else { continue }
                let (x, y) = offset(column: column, row: row)
                map.depths[place] = 1 / field.planes[place].inverse_depth
                map.normals[place] = PackedNormal(-geometry.direction(field.planes[place], x: x, y: y))
                map.costs[place] = field.costs[place]
            }
        }
        return map
    }
}
