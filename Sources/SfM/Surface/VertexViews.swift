// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh

/// What the photos say about each vertex of a surface: how many see it, and in which colour.
struct VertexViews: Sendable {
    /// Number of images that see the vertex from its outer side, unhidden.
    private(set) var counts: [Int]
    /// Mean colour, 0 to 255, of vertices that a given picture shows; see ``hasColor``.
    private(set) var colors: [SIMD3<Float>]
    /// Whether ``colors`` holds a colour.
    private(set) var hasColor: [Bool]
    /// The images that show the vertex best.
    private let best: [Best]
    private let ids: [ImageID]

    /// The images that show a vertex best, best first.
    func bestImages(_ vertex: Int) -> [ImageID] {
        let best = best[vertex]
        return (0..<4).compactMap { best.weights[$0] > 0 ? ids[Int(best.images[$0])] : nil }
    }

    /// Up to four images by descending weight.
    private struct Best {
        var weights = SIMD4<Float>.zero
        var images = SIMD4<Int32>.zero

        mutating func insert(_ weight: Float, _ image: Int) {
            guard weight > weights[3] else { return }
            var place = 3
            while place > 0 && weight > weights[place - 1] {
                weights[place] = weights[place - 1]
                images[place] = images[place - 1]
                place -= 1
            }
            weights[place] = weight
            images[place] = Int32(image)
        }
    }

    /// Images that are held in memory at once.
    private static let groupSize = 8

    /// Places for results; items of a parallel loop write to their own vertices only.
    private struct Sums: @unchecked Sendable {
        let counts: UnsafeMutablePointer<Int>
        let colors: UnsafeMutablePointer<SIMD4<Float>>
        let best: UnsafeMutablePointer<Best>
    }

    /// One image ready for look-ups.
    private struct Look: Sendable {
        var map: DepthMap
        var center: SIMD3<Double>
        var raster: Raster?
        /// Its place among all images.
        var index: Int
    }

    /// One slot for each image of a group; items of a parallel loop write to their own slot only.
    private final class Slots: @unchecked Sendable {
        var looks: [Look?] = []
    }

    /// Looks at all images.
    ///
    /// - Parameters:
    ///   - normals: Outward, one for each vertex.
    ///   - tolerance: Depth in world units by which a vertex may lie behind the surface and count as seen.
    ///   - raster: Gives the picture of an image, of any size with the camera's proportions; `nil` leaves colours out.
    /// - Returns: `nil` when cancelled.
    init?(
        of mesh: TriangleMesh, normals: [SIMD3<Float>], in reconstruction: Reconstruction, tolerance: Double,
        threads: Int, raster: (@Sendable (ImageID) -> Raster?)?, cancellation: CancellationCheck?
    ) {
        let count = mesh.positions.count
        var seen = [Int](repeating: 0, count: count)
        var sums = [SIMD4<Float>](repeating: .zero, count: count)
        var bestViews = [Best](repeating: Best(), count: count)
        let ids = reconstruction.imageIDs
        for start in stride(from: 0, to: ids.count, by: Self.groupSize) {
            if cancellation?() == true { return nil }
            let group = Array(ids[start..<min(start + Self.groupSize, ids.count)])
            let slots = Slots()
            slots.looks = Array(repeating: nil, count: group.count)
            let looks = slots.looks.withUnsafeMutableBufferPointer { buffer in
                nonisolated(unsafe) let places = buffer
                Parallel.forEach(count: group.count, threads: threads) { item, _ in
                    guard let image = reconstruction.images[group[item]],
                        let camera = reconstruction.cameras[image.cameraID]
                    else { return }
                    places[item] = Look(
                        map: DepthMap(of: mesh, camera: camera, cameraFromWorld: image.cameraFromWorld),
                        center: image.cameraFromWorld.cameraCenterInWorld, raster: raster?(group[item]),
                        index: start + item)
                }
                return buffer.compactMap { $0 }
            }
            seen.withUnsafeMutableBufferPointer { seen in
                sums.withUnsafeMutableBufferPointer { sums in
                    bestViews.withUnsafeMutableBufferPointer { bestViews in
                        guard let counts = seen.baseAddress, let colors = sums.baseAddress,
                            let best = bestViews.baseAddress
                        else { return }
                        let places = Sums(counts: counts, colors: colors, best: best)
                        let size = 4096
                        Parallel.forEach(count: (count + size - 1) / size, threads: threads) { item, _ in
                            for vertex in item * size..<min((item + 1) * size, count) {
                                for look in looks {
                                    Self.add(
                                        look, point: mesh.positions[vertex], normal: normals[vertex],
                                        tolerance: tolerance,
                                        count: &places.counts[vertex], color: &places.colors[vertex],
                                        best: &places.best[vertex])
                                }
                            }
                        }
                    }
                }
            }
        }
        counts = seen
        colors = sums.map { $0.w > 0 ? SIMD3($0.x, $0.y, $0.z) / $0.w : .zero }
        hasColor = sums.map { $0.w > 0 }
        best = bestViews
        self.ids = ids
    }

    /// Adds what one image says about one vertex. Weights favour images that look straight at the surface from nearby so
    /// strongly that usually one or two decide: an even mean would blur.
    private static func add(
        _ look: Look, point: SIMD3<Double>, normal: SIMD3<Float>, tolerance: Double, count: inout Int,
        color: inout SIMD4<Float>, best: inout Best
    ) {
        let towards = (look.center - point).normalized
        let facing = towards.dot(SIMD3<Double>(normal))
        guard facing > 0.1, let view = look.map.view(of: point, tolerance: tolerance) else { return }
        count += 1
        let sharpness = facing / view.footprint
        best.insert(Float(sharpness), look.index)
        guard let raster = look.raster else { return }
        let weight = Float(sharpness * sharpness * sharpness * sharpness)
        guard weight.isFinite, weight > 0 else { return }
        let scale = SIMD2(Double(raster.width), Double(raster.height)) / look.map.extent
        color += SIMD4(sample(raster, at: view.pixel * scale), 1) * weight
    }

    /// Bilinear colour at `pixel`, whose whole numbers lie on the borders between pixels.
    private static func sample(_ raster: Raster, at pixel: SIMD2<Double>) -> SIMD3<Float> {
        let x = min(max(Float(pixel.x) - 0.5, 0), Float(raster.width - 1))
        let y = min(max(Float(pixel.y) - 0.5, 0), Float(raster.height - 1))
        let (column, row) = (min(Int(x), max(raster.width - 2, 0)), min(Int(y), max(raster.height - 2, 0)))
        let (u, v) = (x - Float(column), y - Float(row))
        func texel(_ column: Int, _ row: Int) -> SIMD3<Float> {
            let place = (min(row, raster.height - 1) * raster.width + min(column, raster.width - 1)) * raster.channels
            guard raster.channels == 3 else { return SIMD3(repeating: Float(raster.samples[place])) }
            return SIMD3(
                Float(raster.samples[place]), Float(raster.samples[place + 1]), Float(raster.samples[place + 2]))
        }
        let upper = texel(column, row) * (1 - u) + texel(column + 1, row) * u
        let lower = texel(column, row + 1) * (1 - u) + texel(column + 1, row + 1) * u
        return upper * (1 - v) + lower * v
    }
}
