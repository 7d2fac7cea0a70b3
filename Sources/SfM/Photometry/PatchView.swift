// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// One size of one view as patches are cut from it and compared with it, in the frame of the scene's cube.
package struct PatchView: Sendable {
    /// Pixels from the middle of a patch to its border.
    static let reach = 3

    /// The camera's centre.
    package let center: SIMD3<Float>
    /// The picture; keeps the memory that ``kernel`` points to.
    private let level: GrayView.Level
    /// Picture and camera for the kernel.
    private let kernel: Kernel
    /// Bit k is set when the plain area k is a backdrop.
    private let backdrops: UInt16
    private let firstRay: SIMD3<Float>
    private let rayByColumn: SIMD3<Float>
    private let rayByRow: SIMD3<Float>

    /// Points into ``level``, which is never written to; hence `@unchecked Sendable`.
    private struct Kernel: @unchecked Sendable { var view: zk_patch_view }

    package init(
        _ level: GrayView.Level, cameraFromWorld: RigidTransform, cubeFromWorld: UniformSimilarity,
        backdrops: UInt16 = 0
    ) {
        self.level = level
        self.backdrops = backdrops
        // Lengths in camera coordinates become those of the cube, too, which leaves projections as they are.
        let rotation = cameraFromWorld.rotation
        let translation =
            cubeFromWorld.scale * cameraFromWorld.translation - rotation(cubeFromWorld.translation)
        center = SIMD3<Float>(cubeFromWorld(cameraFromWorld.cameraCenterInWorld))
        let (f, c) = (level.focalLengths, level.principalPoint)
        let back = rotation.inverse
        firstRay = SIMD3<Float>(back(SIMD3((0.5 - c.x) / f.x, (0.5 - c.y) / f.y, 1)))
        rayByColumn = SIMD3<Float>(back(SIMD3(1 / f.x, 0, 0)))
        rayByRow = SIMD3<Float>(back(SIMD3(0, 1 / f.y, 0)))
        // Columns of the rotation.
        let (x, y, z) = (rotation(SIMD3(1, 0, 0)), rotation(SIMD3(0, 1, 0)), rotation(SIMD3(0, 0, 1)))
        kernel = Kernel(
            view: zk_patch_view(
                words: level.image.words, width: Int32(level.image.width), height: Int32(level.image.height),
                focal: (Float(f.x), Float(f.y)), center: (Float(c.x), Float(c.y)),
                rotation: (
                    Float(x.x), Float(y.x), Float(z.x), Float(x.y), Float(y.y), Float(z.y), Float(x.z), Float(y.z),
                    Float(z.z)
                ),
                translation: (Float(translation.x), Float(translation.y), Float(translation.z))))
    }

    /// Columns and rows that can be the middle of a patch; empty for tiny pictures.
    var columns: Range<Int> { Self.reach..<max(Self.reach, level.image.width - Self.reach) }
    /// See ``columns``.
    var rows: Range<Int> { Self.reach..<max(Self.reach, level.image.height - Self.reach) }

    /// Variance of greys that noise alone makes.
    var noise: Float { level.noise }

    /// Whether the pixel counts.
    func counts(column: Int, row: Int) -> Bool { level.counts(column: column, row: row) }

    /// Whether the pixel shows a plain backdrop, before which nothing stands.
    func isBackdrop(column: Int, row: Int) -> Bool {
        guard backdrops != 0, let labels = level.backdrop else { return false }
        let label = labels[row * level.image.width + column]
        return label != 0 && backdrops >> UInt16(label) & 1 == 1
    }

    /// Direction of what a pixel's centre sees, with length 1 along the optical axis.
    package func ray(column: Int, row: Int) -> SIMD3<Float> {
        firstRay + Float(column) * rayByColumn + Float(row) * rayByRow
    }

    /// Takes the patch about a pixel of ``columns`` × ``rows``; says whether there is one.
    package func patch(column: Int, row: Int, similarity: Float, into patch: inout zk_patch) -> Bool {
        zk_patch_prepare(
            level.image.words, Int32(level.image.width), Int32(level.image.height), Int32(column), Int32(row),
            similarity, &patch) == Int32(ZK_PATCH_OK)
    }

    /// The tangent plane at `point` as the patch about a pixel sees it.
    package func plane(column: Int, row: Int, at point: SIMD3<Float>, normal: SIMD3<Float>) -> zk_patch_plane {
        let first = ray(column: column, row: row)
        return zk_patch_plane(
            origin: center.triple, rays: (first.triple, rayByColumn.triple, rayByRow.triple), normal: normal.triple,
            arm: (point - center).triple)
    }

    /// Compares a patch of another view with what this one shows of its plane; `nil` when it does not show all of it.
    package func compare(_ patch: zk_patch, on plane: zk_patch_plane, at point: SIMD3<Float>) -> zk_patch_comparison? {
        var result = zk_patch_comparison()
        let status = withUnsafePointer(to: patch) { patch in
            withUnsafePointer(to: plane) { plane in
                withUnsafePointer(to: kernel.view) { zk_patch_compare(patch, plane, $0, &result) }
            }
        }
        guard status == Int32(ZK_PATCH_OK) else { return nil }
        return level.mask == nil || isShown(point) ? result : nil
    }

    /// Whether the pixel that sees `point`, which the picture shows, counts.
    private func isShown(_ point: SIMD3<Float>) -> Bool {
        pixel(of: point).map { level.counts(column: $0.column, row: $0.row) } ?? false
    }

    /// The pixel that sees `point`, or `nil` when it is behind the camera or beyond the border.
    func pixel(of point: SIMD3<Float>) -> (column: Int, row: Int)? {
        let (r, t) = (kernel.view.rotation, kernel.view.translation)
        let local = SIMD3(
            SIMD3(r.0, r.1, r.2).dot(point) + t.0, SIMD3(r.3, r.4, r.5).dot(point) + t.1,
            SIMD3(r.6, r.7, r.8).dot(point) + t.2)
        let x = kernel.view.focal.0 * local.x / local.z + kernel.view.center.0
        let y = kernel.view.focal.1 * local.y / local.z + kernel.view.center.1
        guard local.z > 0, x >= 0, y >= 0, x < Float(level.image.width), y < Float(level.image.height) else {
            return nil
        }
        return (Int(x), Int(y))
    }
}

extension SIMD3<Float> {
    /// As C arrays come to Swift.
    fileprivate var triple: (Float, Float, Float) { (x, y, z) }
}
