// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Poses in the format of the TUM RGB-D benchmark, which `evo` reads: `timestamp tx ty tz qx qy qz qw` a line, the camera
/// in world coordinates.
public struct TumTrajectory: Hashable, Sendable {
    /// One pose.
    public struct Pose: Hashable, Sendable {
        /// Seconds in recordings; here the image's ID, so that two models of the same photos can be compared.
        public var timestamp: Double
        /// The camera in the world.
        public var worldFromCamera: RigidTransform

        /// Creates a pose.
        public init(timestamp: Double, worldFromCamera: RigidTransform) {
            self.timestamp = timestamp
            self.worldFromCamera = worldFromCamera
        }
    }

    /// In the order of the file.
    public var poses: [Pose]

    /// Creates a trajectory.
    public init(poses: [Pose]) { self.poses = poses }

    /// The poses of a reconstruction, with image IDs as timestamps, ascending.
    public init(_ model: Reconstruction) {
        poses = model.imageIDs.compactMap { id in
            model.images[id].map { Pose(timestamp: Double(id), worldFromCamera: $0.cameraFromWorld.inverse) }
        }
    }

    /// Reads a file; lines that start with `#` are comments.
    ///
    /// - Throws: ``SceneFileError`` naming the line.
    public static func read(_ path: String) throws(SceneFileError) -> TumTrajectory {
        try decode(try SceneFileError.bytes(of: path), file: path)
    }

    /// Reads the bytes of a file; `file` is its name in errors.
    ///
    /// - Throws: ``SceneFileError``.
    public static func decode(_ bytes: [UInt8], file: String = "trajectory") throws(SceneFileError) -> TumTrajectory {
        try SceneFileError.parsing(bytes) { buffer throws(SceneFileError) in
            var scanner = TextScanner(buffer.bindMemory(to: UInt8.self))
            var poses: [Pose] = []
            while scanner.skipSpace() {
                if buffer[scanner.offset] == UInt8(ascii: "#") {
                    scanner.skipLine()
                    continue
                }
                var numbers: [Double] = []
                while numbers.count < 9, let token = scanner.tokenOnLine() {
                    guard let value = TextScanner.number(token) else {
                        throw .malformed(file: file, .line(scanner.line), "expected a finite number.")
                    }
                    numbers.append(value)
                }
                guard numbers.count == 8 else {
                    throw .malformed(file: file, .line(scanner.line), "expected timestamp tx ty tz qx qy qz qw.")
                }
                guard let rotation = Quaternion(stored: numbers[7], numbers[4], numbers[5], numbers[6]) else {
                    throw .malformed(file: file, .line(scanner.line), "the last four numbers are no unit quaternion.")
                }
                let position = SIMD3(numbers[1], numbers[2], numbers[3])
                poses.append(
                    Pose(
                        timestamp: numbers[0],
                        worldFromCamera: RigidTransform(rotation: rotation, translation: position)))
            }
            return TumTrajectory(poses: poses)
        }
    }

    /// The bytes of a file, in pieces; numbers read back to the same bits.
    public func encode() -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("# timestamp tx ty tz qx qy qz qw, world from camera")
        for pose in poses {
            let (q, t) = (pose.worldFromCamera.rotation, pose.worldFromCamera.translation)
            writer.line("\(pose.timestamp) \(t.x) \(t.y) \(t.z) \(q.xyz.x) \(q.xyz.y) \(q.xyz.z) \(q.w)")
        }
        return writer.chunks
    }

    /// Writes the file whole; an existing one is replaced.
    ///
    /// - Throws: ``SceneFileError/file(_:)``.
    public func write(to path: String) throws(SceneFileError) { try SceneFileError.write(encode(), to: path) }
}
