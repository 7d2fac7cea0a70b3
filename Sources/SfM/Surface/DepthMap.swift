// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Depths of the nearest surface of a mesh as one image sees it, at reduced size: tells which points are hidden.
struct DepthMap: Sendable {
    /// Most pixels along the longer side.
    static let size = 400

    private let camera: Camera
    private let cameraFromWorld: RigidTransform
    /// Largest tangent of the angle to the optical axis on the picture; beyond it distortion models are void.
    private let reach: Double
    /// Intrinsics for the common case without distortion, where asking the camera would cost ten times as much.
    private let focalLengths: SIMD2<Double>
    private let principalPoint: SIMD2<Double>
    private let isPinhole: Bool
    /// Depth by pixel, infinite where nothing is.
    private var depths: [Float]

    /// Where the image sees a point.
    struct View {
        /// In pixels of the map; see ``DepthMap/extent``.
        var pixel: SIMD2<Double>
        /// Depth along the optical axis, in world units.
        var depth: Double
        /// World units that one pixel of the map covers at this depth.
        var footprint: Double
    }

    /// Draws `mesh`.
    init(of mesh: TriangleMesh, camera full: Camera, cameraFromWorld: RigidTransform) {
        let shrink = min(1, Double(Self.size) / Double(max(full.width, full.height)))
        let camera = full.resized(
            width: max(1, Int((Double(full.width) * shrink).rounded())),
            height: max(1, Int((Double(full.height) * shrink).rounded())))
        self.camera = camera
        self.cameraFromWorld = cameraFromWorld
        focalLengths = camera.focalLengths
        principalPoint = camera.principalPoint
        isPinhole = camera.distortion.allSatisfy { $0 == 0 }
        let (width, height) = (Double(camera.width), Double(camera.height))
        var reach = 0.0
        for corner in [SIMD2(0, 0), SIMD2(width, 0), SIMD2(0, height), SIMD2(width, height)] {
            reach = max(reach, camera.normalized(ofPixel: corner).length)
        }
        self.reach = reach
        depths = [Float](repeating: .infinity, count: camera.width * camera.height)
        let corners = mesh.positions.map { place($0) }
        for face in mesh.triangles {
            guard let a = corners[Int(face.x)], let b = corners[Int(face.y)], let c = corners[Int(face.z)] else {
                continue
            }
            draw(a, b, c)
        }
    }

    /// Pixel of the map and depth, also a little beyond the picture, or `nil` where the camera model says nothing.
    private func place(_ point: SIMD3<Double>) -> SIMD3<Double>? {
        let local = cameraFromWorld(point)
        guard local.z > 0 else { return nil }
        let normalized = SIMD2(local.x, local.y) / local.z
        guard normalized.length <= 1.2 * reach else { return nil }
        let pixel =
            isPinhole ? focalLengths * normalized + principalPoint : camera.pixel(ofNormalized: normalized)
        guard pixel.x.isFinite, pixel.y.isFinite else { return nil }
        return SIMD3(pixel.x, pixel.y, local.z)
    }

    /// Draws one triangle at the pixel centres that it covers; 1/z is linear on the picture.
    private mutating func draw(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
        // Front faces turn clockwise on a picture whose y points down. Before trimming, where the map is drawn, back faces
        // have a front face before them.
        let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
        guard area < 0 else { return }
        let (lowX, highX) = (min(a.x, b.x, c.x) - 0.5, max(a.x, b.x, c.x) - 0.5)
        let (lowY, highY) = (min(a.y, b.y, c.y) - 0.5, max(a.y, b.y, c.y) - 0.5)
        // Pixels whose centre, half a pixel from the border, can lie inside.
        guard highX >= 0, highY >= 0, lowX <= Double(camera.width - 1), lowY <= Double(camera.height - 1) else {
            return
        }
        let columns = Int(max(lowX, 0).rounded(.up))..<Int(min(highX, Double(camera.width - 1))) + 1
        let rows = Int(max(lowY, 0).rounded(.up))..<Int(min(highY, Double(camera.height - 1))) + 1
        let inverse = SIMD3(1 / a.z, 1 / b.z, 1 / c.z)
        for row in rows {
            for column in columns {
                let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
                let first = ((b.x - x) * (c.y - y) - (b.y - y) * (c.x - x)) / area
                let second = ((c.x - x) * (a.y - y) - (c.y - y) * (a.x - x)) / area
                let third = 1 - first - second
                guard first >= 0, second >= 0, third >= 0 else { continue }
                let depth = Float(1 / inverse.dot(SIMD3(first, second, third)))
                let place = row * camera.width + column
                if depth < depths[place] { depths[place] = depth }
            }
        }
    }

    /// Where the image sees `point`, or `nil` when it does not show it or something lies before it.
    ///
    /// - Parameter tolerance: In world units; what lies less than this (or three pixels' width) behind the surface is seen.
    func view(of point: SIMD3<Double>, tolerance: Double) -> View? {
        guard let place = place(point), camera.contains(SIMD2(place.x, place.y)) else { return nil }
        let footprint = 2 * place.z / focalLengths.sum()
        let depth = Double(depths[Int(place.y) * camera.width + Int(place.x)])
        guard place.z <= depth + max(tolerance, 3 * footprint) else { return nil }
        return View(pixel: SIMD2(place.x, place.y), depth: place.z, footprint: footprint)
    }

    /// Width and height of the map; ``View/pixel`` is in its pixels.
    var extent: SIMD2<Double> { SIMD2(Double(camera.width), Double(camera.height)) }
}
