// SPDX-License-Identifier: Apache-2.0

import Geometry
import TestSupport

/// The recipe of one folder in `datasets/`.
struct PhotoSet {
    /// Name of the folder.
    let name: String
    let scene: SyntheticPhotoScene
    let camera: Camera
    /// `cameraFromWorld` of each photograph.
    let poses: [RigidTransform]
    /// 1 ... 100.
    let jpegQuality: Int
    /// Of the truth's mesh: grid cells along the longest side of the object's bounding ball.
    let meshCells: Int

    /// One walk around the owl, hand-held: 16 photographs, 22.5° apart.
    static let owl = PhotoSet(
        name: "owl", scene: .owl, camera: Camera(width: 640, height: 480, focalLength: 690),
        poses: CameraPath.ring(
            around: SIMD3(0, 0, 0.6), distance: 2.7, elevation: 27, count: 16, start: 10, step: 22.5,
            shake: CameraPath.Shake(position: 0.03, aim: 0.015, roll: 3, seed: 1)),
        jpegQuality: 90, meshCells: 110)

    /// The sets of `datasets/`.
    static let bundled = [owl]

    /// Sets that benchmarks of surfaces are made on; too large to keep.
    static let benchmarks = [facade, room, grille, plain]

    /// A street's view of a house front: 15 photographs in three rows.
    private static let facade = PhotoSet(
        name: "facade", scene: .facade, camera: Camera(width: 640, height: 480, focalLength: 560),
        poses: (0..<15).map { index in
            let (column, row) = (Double(index % 5) - 2, Double(index / 5))
            return CameraPath.looking(
                from: SIMD3(2.5 + 0.12 * row, 0.75 * column, 0.7 + 0.45 * row),
                at: SIMD3(0.1, 0.6 * column, 0.95 + 0.05 * row), roll: column - row)
        }, jpegQuality: 92, meshCells: 220)

    /// A walk through a room along a circle, always across to the far side: 24 photographs, twice around in height.
    private static let room = PhotoSet(
        name: "room", scene: .room, camera: Camera(width: 640, height: 480, focalLength: 430),
        poses: CameraPath.ring(
            around: SIMD3(0, 0, 1.2), distance: 0.9, elevation: 6, count: 24, start: 5, step: 15,
            shake: CameraPath.Shake(position: 0.1, aim: 0.05, roll: 2, seed: 3)),
        jpegQuality: 92, meshCells: 260)

    /// Two walks around thin rods: 28 photographs.
    private static let grille = PhotoSet(
        name: "grille", scene: .grille, camera: Camera(width: 640, height: 480, focalLength: 690),
        poses: [20.0, 42].flatMap { elevation in
            CameraPath.ring(
                around: SIMD3(0, 0, 0.5), distance: 2.3, elevation: elevation, count: 14, start: elevation,
                step: 360 / 14,
                shake: CameraPath.Shake(position: 0.03, aim: 0.015, roll: 3, seed: UInt64(elevation)))
        }, jpegQuality: 92, meshCells: 260)

    /// A teapot of which half has no texture: 20 photographs in two rings.
    private static let plain = PhotoSet(
        name: "plain", scene: .plainTeapot, camera: Camera(width: 640, height: 480, focalLength: 690),
        poses: [22.0, 45].flatMap { elevation in
            CameraPath.ring(
                around: SIMD3(0, 0, 0.45), distance: 2.3, elevation: elevation, count: 10, start: elevation, step: 36,
                shake: CameraPath.Shake(position: 0.03, aim: 0.015, roll: 3, seed: UInt64(elevation)))
        }, jpegQuality: 92, meshCells: 160)

    var imageNames: [String] { poses.indices.map { ($0 < 10 ? "\(name)-0" : "\(name)-") + "\($0).jpg" } }
}
