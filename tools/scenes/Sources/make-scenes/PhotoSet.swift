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

    static let all = [owl]

    var imageNames: [String] { poses.indices.map { ($0 < 10 ? "\(name)-0" : "\(name)-") + "\($0).jpg" } }
}
