// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// COLMAP's `.txt` files of a sound reconstruction, everything in the order of its IDs.
///
/// Swift prints the shortest decimals that read back to the same bits.
enum ColmapTextWriter {
    static func cameras(_ model: Reconstruction) -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("# CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]")
        for id in model.cameras.keys.sorted() {
            guard let camera = model.cameras[id] else { continue }
            let parameters = camera.parameters.map { "\($0)" }.joined(separator: " ")
            writer.line("\(id) \(camera.model.rawValue) \(camera.width) \(camera.height) \(parameters)")
        }
        return writer.chunks
    }

    static func images(_ model: Reconstruction) -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("# IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, camera from world")
        writer.line("# (X Y POINT3D_ID)[], -1 for no point")
        for id in model.imageIDs {
            guard let image = model.images[id] else { continue }
            let (q, t) = (image.cameraFromWorld.rotation, image.cameraFromWorld.translation)
            writer.line(
                "\(id) \(q.w) \(q.xyz.x) \(q.xyz.y) \(q.xyz.z) \(t.x) \(t.y) \(t.z) \(image.cameraID) \(image.name)")
            let keypoints = zip(image.keypoints, image.pointIDs).map { keypoint, pointID in
                "\(keypoint.x) \(keypoint.y) " + (pointID.map { "\($0)" } ?? "-1")
            }
            writer.line(keypoints.joined(separator: " "))
        }
        return writer.chunks
    }

    static func points(_ model: Reconstruction) -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("# POINT3D_ID X Y Z R G B ERROR (IMAGE_ID POINT2D_IDX)[]")
        for id in model.pointIDs {
            guard let point = model.points[id] else { continue }
            let (p, c) = (point.position, point.color)
            let track = point.track.map { " \($0.imageID) \($0.keypointIndex)" }.joined()
            writer.line("\(id) \(p.x) \(p.y) \(p.z) \(c.x) \(c.y) \(c.z) \(point.error)\(track)")
        }
        return writer.chunks
    }
}
