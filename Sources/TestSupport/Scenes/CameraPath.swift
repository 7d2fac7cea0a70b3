// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Poses of a camera that is carried around or along something, held upright by a hand that is not quite steady.
public enum CameraPath {
    /// How far the hand strays from the path, each a bound in both directions.
    public struct Shake: Hashable, Sendable {
        /// Of the camera's place, as a share of its distance from the target.
        public var position = 0.0
        /// Of the point aimed at, as the same share.
        public var aim = 0.0
        /// Of the roll about the optical axis, in degrees.
        public var roll = 0.0
        /// Names the random numbers.
        public var seed: UInt64 = 0

        /// A steady hand.
        public init() {}

        /// A hand that strays by these bounds.
        public init(position: Double, aim: Double, roll: Double, seed: UInt64) {
            self.position = position
            self.aim = aim
            self.roll = roll
            self.seed = seed
        }
    }

    /// `cameraFromWorld` of an upright camera (z is up) at `eye` that has `target` on its optical axis.
    ///
    /// - Precondition: the line of sight is not vertical.
    public static func looking(from eye: SIMD3<Double>, at target: SIMD3<Double>, roll: Double = 0) -> RigidTransform {
        let forward = (target - eye).normalized
        let right = forward.cross(SIMD3(0, 0, 1))
        precondition(right.length > 1e-9, "an upright camera cannot look straight up or down")
        let x = right.normalized
        let upright = Quaternion(rotationMatrix: Matrix3(rows: x, forward.cross(x), forward))
        let rotation = Quaternion(rotationVector: SIMD3(0, 0, roll * .pi / 180)) * upright
        return RigidTransform(rotation: rotation, translation: -rotation(eye))
    }

    /// Cameras on a circle, all towards `target`.
    ///
    /// - Parameters:
    ///   - distance: From target to cameras, in scene units.
    ///   - elevation: Degrees above the horizon as seen from the target.
    ///   - start: Azimuth of the first camera in degrees, counter-clockwise from +x seen from above.
    ///   - step: Degrees from one camera to the next.
    public static func ring(
        around target: SIMD3<Double>, distance: Double, elevation: Double, count: Int, start: Double = 0, step: Double,
        shake: Shake = Shake()
    ) -> [RigidTransform] {
        (0..<count).map { index in
            let azimuth = horizontal(degrees: start + step * Double(index))
            // The elevation turns about the horizontal axis to the right of the azimuth.
            let axis = SIMD3(azimuth.y, -azimuth.x, 0) * (elevation * .pi / 180)
            let eye = target + distance * Quaternion(rotationVector: axis)(azimuth)
            return shaken(from: eye, at: target, shake, index)
        }
    }

    /// Cameras on a straight line from `start` to `end`, each towards the point of the segment `targets` as far along it:
    /// with equal segments a walk along a façade, with short ones an arc.
    public static func sweep(
        from start: SIMD3<Double>, to end: SIMD3<Double>, targets: (SIMD3<Double>, SIMD3<Double>), count: Int,
        shake: Shake = Shake()
    ) -> [RigidTransform] {
        (0..<count).map { index in
            let share = count > 1 ? Double(index) / Double(count - 1) : 0
            return shaken(
                from: start + share * (end - start), at: targets.0 + share * (targets.1 - targets.0), shake, index)
        }
    }

    private static func shaken(
        from eye: SIMD3<Double>, at target: SIMD3<Double>, _ shake: Shake, _ index: Int
    ) -> RigidTransform {
        var random = RandomStream(seed: shake.seed, label: "hand", UInt64(index))
        let distance = (eye - target).length
        let stray = (0..<7).map { _ in 2 * random.uniformDouble() - 1 }
        let place = SIMD3(stray[0], stray[1], stray[2]) * (shake.position * distance)
        let aim = SIMD3(stray[3], stray[4], stray[5]) * (shake.aim * distance)
        return looking(from: eye + place, at: target + aim, roll: shake.roll * stray[6])
    }

    /// The horizontal unit vector at an azimuth.
    static func horizontal(degrees: Double) -> SIMD3<Double> {
        Quaternion(rotationVector: SIMD3(0, 0, degrees * .pi / 180))(SIMD3(1, 0, 0))
    }
}
