// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// COLMAP's `.bin` files of a sound reconstruction, everything in the order of its IDs.
enum ColmapBinaryWriter {
    static func cameras(_ model: Reconstruction) -> [[UInt8]] {
        let ids = model.cameras.keys.sorted()
        let cameras = ids.compactMap { id in model.cameras[id].map { (id, $0) } }
        let size = cameras.reduce(8) { $0 + 24 + 8 * $1.1.parameters.count }
        let bytes = ByteWriter.bytes(size) { writer in
            writer.put(UInt64(cameras.count))
            for (id, camera) in cameras {
                writer.put(id)
                writer.put(camera.model.colmapID)
                writer.put(UInt64(camera.width))
                writer.put(UInt64(camera.height))
                for parameter in camera.parameters { writer.put(parameter) }
            }
        }
        return [bytes]
    }

    static func images(_ model: Reconstruction) -> [[UInt8]] {
        let ids = model.imageIDs
        let blocks = ids.compactMap { id in model.images[id].map { bytes(of: $0, id: id) } }
        return [ByteWriter.bytes(8) { $0.put(UInt64(ids.count)) }] + blocks
    }

    static func points(_ model: Reconstruction) -> [[UInt8]] {
        let ids = model.pointIDs
        let size = model.points.values.reduce(8) { $0 + 51 + 8 * $1.track.count }
        let bytes = ByteWriter.bytes(size) { writer in
            writer.put(UInt64(ids.count))
            for id in ids {
                guard let point = model.points[id] else { continue }
                writer.put(id)
                for axis in 0..<3 { writer.put(point.position[axis]) }
                for channel in 0..<3 { writer.put(point.color[channel]) }
                writer.put(point.error)
                writer.put(UInt64(point.track.count))
                for observation in point.track {
                    writer.put(observation.imageID)
                    writer.put(UInt32(observation.keypointIndex))
                }
            }
        }
        return [bytes]
    }

    private static func bytes(of image: PosedImage, id: ImageID) -> [UInt8] {
        ByteWriter.bytes(73 + image.name.utf8.count + 24 * image.keypoints.count) { writer in
            let pose = image.cameraFromWorld
            writer.put(id)
            writer.put(pose.rotation.w)
            for axis in 0..<3 { writer.put(pose.rotation.xyz[axis]) }
            for axis in 0..<3 { writer.put(pose.translation[axis]) }
            writer.put(image.cameraID)
            writer.put(image.name.utf8)
            writer.put(UInt8(0))
            writer.put(UInt64(image.keypoints.count))
            for (keypoint, pointID) in zip(image.keypoints, image.pointIDs) {
                writer.put(keypoint.x)
                writer.put(keypoint.y)
                writer.put(pointID ?? .max)
            }
        }
    }
}
