// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A part of an ellipse by its centre (SVG 1.1, appendix F.6.5).
struct SVGArc {
    private let center: SIMD2<Double>
    /// Half axes, as vectors.
    private let axisX, axisY: SIMD2<Double>
    private let startAngle, sweep: Double
    private let end: SIMD2<Double>

    /// The whole ellipse, from its first half axis.
    init(center: SIMD2<Double>, radii: SIMD2<Double>) {
        self.center = center
        axisX = SIMD2(radii.x, 0)
        axisY = SIMD2(0, radii.y)
        startAngle = 0
        sweep = 2 * Double.pi
        end = center + axisX
    }

    /// The arc between two points, or `nil` when it is a straight line; radii that are too small are enlarged.
    init?(
        from start: SIMD2<Double>, to end: SIMD2<Double>, radii: SIMD2<Double>, rotation: Double, isLarge: Bool,
        isPositive: Bool
    ) {
        guard start != end, radii.x > 0, radii.y > 0 else { return nil }
        let direction = SIMD2(cos(rotation), sin(rotation))
        let normal = SIMD2(-direction.y, direction.x)
        // In a frame in which the ellipse is the unit circle.
        let half = 0.5 * (start - end)
        var unit = SIMD2((half * direction).sum() / radii.x, (half * normal).sum() / radii.y)
        let length = (unit * unit).sum().squareRoot()
        guard length > 0, length.isFinite else { return nil }
        let scale = max(1, length)
        unit /= scale
        let square = (unit * unit).sum()
        var side = max(0, 1 / square - 1).squareRoot()
        if isLarge == isPositive { side = -side }
        let unitCenter = side * SIMD2(unit.y, -unit.x)
        axisX = scale * radii.x * direction
        axisY = scale * radii.y * normal
        center = 0.5 * (start + end) + unitCenter.x * axisX + unitCenter.y * axisY
        let (first, last) = (unit - unitCenter, -unit - unitCenter)
        startAngle = atan2(first.y, first.x)
        var sweep = atan2(last.y, last.x) - startAngle
        if isPositive, sweep < 0 { sweep += 2 * Double.pi }
        if !isPositive, sweep > 0 { sweep -= 2 * Double.pi }
        self.sweep = sweep
        self.end = end
    }

    /// Appends cubic curves of at most 30°: these differ from the ellipse by less than 1e-6 of its radius.
    func append(to outline: inout SVGOutline) {
        let count = max(1, Int((abs(sweep) / (Double.pi / 6)).rounded(.up)))
        let step = sweep / Double(count)
        let handle = 4.0 / 3 * tan(step / 4)
        for index in 0..<count {
            let (a, b) = (startAngle + Double(index) * step, startAngle + Double(index + 1) * step)
            let last = index + 1 == count ? end : point(b)
            outline.curve(point(a) + handle * tangent(a), last - handle * tangent(b), to: last)
        }
    }

    /// The point at an angle.
    func point(_ angle: Double) -> SIMD2<Double> { center + cos(angle) * axisX + sin(angle) * axisY }

    private func tangent(_ angle: Double) -> SIMD2<Double> { cos(angle) * axisY - sin(angle) * axisX }
}
