// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SightLine {
    /// Of backdrop pixels away from the backdrop's outline one in this many becomes a line.
    private static let sparseness = 16
    /// Pixels from the outline within which every one does: what lies beside them is what the lines tell of.
    private static let outlineReach = 2

    /// Lines through the whole cube for pixels that show a plain backdrop: they meet nothing.
    ///
    /// - Parameters:
    ///   - views: Each with the set of its plain areas that are backdrops, bit k for the area k.
    ///   - limit: Most lines; of more, every k-th counts.
    static func all(
        before backdrops: [UInt16], of views: [GrayView], in cube: SceneCube, limit: Int
    ) -> [SightLine] {
        var result: [SightLine] = []
        for (view, areas) in zip(views, backdrops) where areas != 0 {
            // Half the size of the picture is fine enough for outlines and halves the work.
            let level = view.levels[min(1, view.levels.count - 1)]
            guard let labels = level.backdrop else { continue }
            let (width, height) = (level.image.width, level.image.height)
            let isEmpty = labels.map { $0 != 0 && areas >> UInt16($0) & 1 == 1 }
            let center = cube.cubeFromWorld(view.cameraFromWorld.cameraCenterInWorld)
            let back = view.cameraFromWorld.rotation.inverse
            for row in 0..<height {
                for column in 0..<width where isEmpty[row * width + column] {
                    guard
                        (row * width + column) % sparseness == 0
                            || isNearOutline(isEmpty, column: column, row: row, width: width)
                    else { continue }
                    let pixel = SIMD2(Double(column) + 0.5, Double(row) + 0.5)
                    let slope = (pixel - level.principalPoint) / level.focalLengths
                    let direction = back(SIMD3(slope.x, slope.y, 1)).normalized
                    if let line = SightLine(through: center, along: direction) { result.append(line) }
                }
            }
        }
        let spacing = max(1, (result.count + limit - 1) / limit)
        guard spacing > 1 else { return result }
        return stride(from: 0, to: result.count, by: spacing).map { result[$0] }
    }

    private static func isNearOutline(_ isEmpty: [Bool], column: Int, row: Int, width: Int) -> Bool {
        let height = isEmpty.count / width
        let reach = outlineReach
        for (x, y) in [(column - reach, row), (column + reach, row), (column, row - reach), (column, row + reach)]
        where x >= 0 && y >= 0 && x < width && y < height && !isEmpty[y * width + x] { return true }
        return false
    }

    /// The part of a ray that lies in the region that samples are drawn from, as a line whose point is where the ray leaves;
    /// `nil` where it misses the region.
    private init?(through center: SIMD3<Double>, along direction: SIMD3<Double>) {
        let reach = 0.999 * Double(Self.reach)
        let region = Box(minimum: SIMD3(repeating: -reach), maximum: SIMD3(repeating: reach))
        guard let range = region.crossing(from: center, along: direction) else { return nil }
        point = SIMD3<Float>(center + range.upperBound * direction)
        towardsCamera = SIMD3<Float>(-direction)
        free = Float(range.upperBound - range.lowerBound)
        guard point.max() < Self.reach, point.min() > -Self.reach else { return nil }
    }
}
