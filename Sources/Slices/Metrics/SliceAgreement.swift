// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How well a solid agrees with the cross-sections it was made from.
///
/// On every plane with contours a grid over the padded contour box is marked inside or outside twice, by the contours and
/// by the solid. Planes without contours are not scored.
public struct SliceAgreement: Sendable, Codable, Hashable {
    /// The score of one plane.
    public struct Plane: Sendable, Codable, Hashable {
        /// Number of the plane in its file, from 1.
        public let number: Int
        /// Points inside both, over points inside either; 1 when there are none.
        public let iou: Double
        /// Share of points on which both agree.
        public let accuracy: Double
        /// Area inside both, in square world units.
        public let intersectionArea: Double
        /// Area inside either, in square world units.
        public let unionArea: Double
    }

    /// Scores in the order of the set; never empty.
    public let planes: [Plane]

    /// Unweighted mean over planes.
    public var meanIoU: Double { planes.map(\.iou).reduce(0, +) / Double(planes.count) }
    /// Worst plane.
    public var minimumIoU: Double { planes.map(\.iou).min() ?? 1 }
    /// Intersection over union of the areas of all planes together.
    public var pooledIoU: Double {
        let union = planes.map(\.unionArea).reduce(0, +)
        return union > 0 ? planes.map(\.intersectionArea).reduce(0, +) / union : 1
    }
    /// Unweighted mean over planes.
    public var meanAccuracy: Double { planes.map(\.accuracy).reduce(0, +) / Double(planes.count) }

    /// Scores a triangle mesh, cut by each plane and filled by the even-odd rule.
    ///
    /// - Parameters:
    ///   - set: The cross-sections, in the frame of the mesh.
    ///   - positions: Corners, in the units of `set`.
    ///   - triangles: Indices into `positions`, all in range.
    ///   - options: Size of the grid on each plane.
    ///   - threads: Upper bound on concurrency, at least 1. It has no influence on the result.
    /// - Throws: `OptionsError`.
    public static func measure(
        _ set: SliceSet, positions: [SIMD3<Double>], triangles: [SIMD3<UInt32>],
        options: SliceAgreementOptions = SliceAgreementOptions(), threads: Int = Parallel.defaultThreadCount
    ) throws(OptionsError) -> SliceAgreement {
        try measure(set.sections, options: options, threads: threads) { grid in
            grid.mask(filling: MeshSection.cut(positions, triangles, by: grid.plane))
        }
    }

    /// Scores a solid that is given by a test of points in the frame of `set`.
    ///
    /// - Throws: `OptionsError`.
    public static func measure(
        _ set: SliceSet, options: SliceAgreementOptions = SliceAgreementOptions(),
        threads: Int = Parallel.defaultThreadCount, isInside: @Sendable (SIMD3<Double>) -> Bool
    ) throws(OptionsError) -> SliceAgreement {
        try measure(set.sections, options: options, threads: threads) { grid in
            grid.mask { isInside(grid.plane.point(at: $0)) }
        }
    }

    /// Scores a solid that is given by a field.
    ///
    /// - Parameters:
    ///   - set: The cross-sections.
    ///   - field: Asked for one row of the grid at a time.
    ///   - fieldFromWorld: From the frame of `set` to that of `field`.
    ///   - options: Size of the grid on each plane.
    ///   - threads: Upper bound on concurrency, at least 1.
    ///   - isInside: What a value means: `{ $0 > 0.5 }` for an occupancy, `{ $0 < 0 }` for a signed distance.
    /// - Throws: `OptionsError`.
    public static func measure(
        _ set: SliceSet, field: some ScalarField, fieldFromWorld: UniformSimilarity = .identity,
        options: SliceAgreementOptions = SliceAgreementOptions(), threads: Int = Parallel.defaultThreadCount,
        isInside: @Sendable (Float) -> Bool
    ) throws(OptionsError) -> SliceAgreement {
        try measure(
            set.sections, field: field, fieldFromWorld: fieldFromWorld, options: options, threads: threads,
            isInside: isInside)
    }

    /// Scores a field on any planes, be they too few for a ``SliceSet``.
    static func measure(
        _ sections: [CrossSection], field: some ScalarField, fieldFromWorld: UniformSimilarity,
        options: SliceAgreementOptions = SliceAgreementOptions(), threads: Int, isInside: @Sendable (Float) -> Bool
    ) throws(OptionsError) -> SliceAgreement {
        try measure(sections, options: options, threads: threads) { grid in
            (0..<grid.count).flatMap { row in
                let points = (0..<grid.count).map { column in
                    SIMD3<Float>(fieldFromWorld(grid.plane.point(at: grid.coordinates(row: row, column: column))))
                }
                return field.values(at: points).map(isInside)
            }
        }
    }

    private static func measure(
        _ sections: [CrossSection], options: SliceAgreementOptions, threads: Int, mask: @Sendable (PlaneGrid) -> [Bool]
    ) throws(OptionsError) -> SliceAgreement {
        try options.validate()
        let sections = sections.filter { !$0.isEmpty }
        let planes = [Plane](unsafeUninitializedCapacity: sections.count) { buffer, count in
            // Each item writes to its own place only.
            nonisolated(unsafe) let places = buffer
            Parallel.forEach(count: sections.count, threads: threads) { item, _ in
                let section = sections[item]
                let grid = PlaneGrid(section, count: options.gridSize, padding: options.padding)
                let region = PlaneRegion(section)
                let score = Plane(
                    number: section.number, expected: grid.mask { region.contains($0) }, actual: mask(grid),
                    cellArea: grid.cellArea)
                (places.baseAddress! + item).initialize(to: score)
            }
            count = sections.count
        }
        return SliceAgreement(planes: planes)
    }
}

extension SliceAgreement.Plane {
    fileprivate init(number: Int, expected: [Bool], actual: [Bool], cellArea: Double) {
        var both = 0
        var either = 0
        for (a, b) in zip(expected, actual) {
            both += a && b ? 1 : 0
            either += a || b ? 1 : 0
        }
        self.number = number
        iou = either > 0 ? Double(both) / Double(either) : 1
        accuracy = 1 - Double(either - both) / Double(expected.count)
        intersectionArea = Double(both) * cellArea
        unionArea = Double(either) * cellArea
    }
}
