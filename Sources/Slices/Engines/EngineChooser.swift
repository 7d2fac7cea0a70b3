// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Chooses the engine for a set of sections.
///
/// The thin-plate field guesses between parallel slices as well as the network as long as the solid is thicker than the
/// gaps; where it is thinner, and between planes in all directions that leave large holes, it necks and tears. Measured
/// on shapes with known surfaces; see `docs/slices.md`.
public enum EngineChooser {
    /// Least thickness, in distances between slices, at which a stack goes to the thin-plate field.
    package static let leastThickness = 1.4

    /// An engine and why.
    public struct Choice: Hashable, Sendable {
        /// The engine.
        public let engine: SliceEngine
        /// A few words.
        public let reason: String
    }

    /// The engine that `options` name, or else the one that suits the sections.
    public static func choose(_ slices: SliceSet, options: SliceReconstructionOptions) -> Choice {
        if let engine = options.engine {
            return Choice(engine: engine, reason: engine == .occupancy ? "the default" : "as asked")
        }
        guard let spacing = spacing(slices) else {
            return Choice(engine: .occupancy, reason: "the planes are not one parallel stack")
        }
        let thickness = thickness(slices) / spacing
        let figure = (thickness * 100).rounded() / 100
        return thickness >= leastThickness
            ? Choice(engine: .thinPlate, reason: "a stack, \(figure) times as thick as the slices are apart")
            : Choice(engine: .occupancy, reason: "only \(figure) times as thick as the slices are apart")
    }

    /// Mean distance between neighbouring planes with contours, in world units; `nil` unless all are parallel.
    static func spacing(_ slices: SliceSet) -> Double? {
        guard slices.isParallelStack() else { return nil }
        let planes = slices.sections.filter { !$0.isEmpty }.map(\.plane)
        let heights = planes.map { planes[0].normal.dot($0.origin) }
        guard let low = heights.min(), let high = heights.max(), high > low else { return nil }
        return (high - low) / Double(planes.count - 1)
    }

    /// Twice the area of all sections over the length of their borders, in world units: the width of a long strip, the
    /// radius of a disc.
    static func thickness(_ slices: SliceSet) -> Double {
        var area = 0.0
        var length = 0.0
        for section in slices.sections where !section.isEmpty {
            let region = PlaneRegion(section)
            // Green's theorem over the border, which has the inside on one known side.
            for edge in region.boundaryEdges {
                area += 0.5 * (0.5 * (edge.start + edge.end)).dot(edge.outwardNormal) * edge.length
            }
            length += region.boundaryLength
        }
        return length > 0 ? 2 * area / length : 0
    }
}
