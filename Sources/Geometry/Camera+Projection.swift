// SPDX-License-Identifier: Apache-2.0

extension Camera {
    /// The pixel that sees `point`, or `nil` when it is not in front of the camera.
    ///
    /// - Parameter point: In camera coordinates, scene units.
    public func project(_ point: SIMD3<Double>) -> SIMD2<Double>? {
        guard point.z > 0 else { return nil }
        return pixel(ofNormalized: SIMD2(point.x, point.y) / point.z)
    }

    /// The pixel of the direction `(x, y, 1)`.
    public func pixel(ofNormalized x: SIMD2<Double>) -> SIMD2<Double> {
        focalLengths * distorted(x) + principalPoint
    }

    /// The direction `(x, y, 1)` in camera coordinates that `pixel` sees, as `(x, y)`.
    public func normalized(ofPixel pixel: SIMD2<Double>) -> SIMD2<Double> {
        undistorted((pixel - principalPoint) / focalLengths)
    }

    /// Unit vector in camera coordinates towards what `pixel` sees.
    public func ray(throughPixel pixel: SIMD2<Double>) -> SIMD3<Double> {
        let x = normalized(ofPixel: pixel)
        return SIMD3(x.x, x.y, 1).normalized
    }

    private func distorted(_ x: SIMD2<Double>) -> SIMD2<Double> {
        let r2 = x.dot(x)
        let d = distortion
        let first = d.startIndex
        switch model {
        case .simplePinhole, .pinhole: return x
        case .simpleRadial: return x * (1 + d[first] * r2)
        case .radial: return x * (1 + r2 * (d[first] + r2 * d[first + 1]))
        case .openCV:
            let (p1, p2) = (d[first + 2], d[first + 3])
            let tangential = SIMD2(
                2 * p1 * x.x * x.y + p2 * (r2 + 2 * x.x * x.x), p1 * (r2 + 2 * x.y * x.y) + 2 * p2 * x.x * x.y)
            return x * (1 + r2 * (d[first] + r2 * d[first + 1])) + tangential
        }
    }

    /// Inverts ``distorted(_:)`` by Newton's method; the derivative by central differences is exact enough, since the
    /// iteration only has to contract. Ends when a step is under 1e-12 (about 1e-9 pixels) or after 50 steps.
    private func undistorted(_ target: SIMD2<Double>) -> SIMD2<Double> {
        guard distortion.contains(where: { $0 != 0 }) else { return target }
        var x = target
        let h = 1e-6
        for _ in 0..<50 {
            let error = distorted(x) - target
            let dx = (distorted(x + SIMD2(h, 0)) - distorted(x - SIMD2(h, 0))) / (2 * h)
            let dy = (distorted(x + SIMD2(0, h)) - distorted(x - SIMD2(0, h))) / (2 * h)
            let determinant = dx.x * dy.y - dy.x * dx.y
            guard abs(determinant) > 1e-12 else { break }
            let step = SIMD2(error.x * dy.y - error.y * dy.x, dx.x * error.y - dx.y * error.x) / determinant
            x -= step
            if step.length < 1e-12 { break }
        }
        return x
    }
}
