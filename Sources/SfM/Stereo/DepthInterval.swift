// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Where along each pixel's ray a surface is looked for.
struct DepthInterval {
    let view: StereoView
    let range: ClosedRange<Float>
    let region: Box?

    /// Smallest and largest depth of a pixel in world units, or `nil` when its ray misses the region.
    func depths(column: Int, row: Int) -> ClosedRange<Float>? {
        guard let region else { return range }
        let x = view.normalized(column: column, row: row)
        // A unit along this direction is a unit of depth.
        let direction = view.rotation.transpose * SIMD3(x.x, x.y, 1)
        var (near, far) = (Double(range.lowerBound), Double(range.upperBound))
        // Inside the region the points' range says nothing that the region does not.
        near = min(near, 1e-3 * far)
        far = .infinity
        for axis in 0..<3 {
            let a = (region.minimum[axis] - view.center[axis]) / direction[axis]
            let b = (region.maximum[axis] - view.center[axis]) / direction[axis]
            // A ray within a face gives 0/0, which bounds nothing.
            if a.isNaN || b.isNaN { continue }
            near = max(near, min(a, b))
            far = min(far, max(a, b))
        }
        guard near < far, far.isFinite else { return nil }
        return Float(near)...Float(far)
    }
}
