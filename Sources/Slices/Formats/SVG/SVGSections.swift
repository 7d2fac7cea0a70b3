// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Cross-sections from SVG drawings and a table of planes.
///
/// Rows of the table that say the same plane make one section. All outlines of one label are filled together by the
/// even-odd rule, whatever the drawing says; curves become polygons that are nowhere farther from them than
/// ``flatness`` of the diagonal of the drawing's outlines.
enum SVGSections {
    /// Largest distance of a polygon from its curve, as a share of the diagonal of all outlines of the layer.
    static let flatness = 2e-4
    /// Most outlines of one layer: nesting takes time with their square.
    private static let mostOutlines = 20_000

    /// Reads all drawings of `table`, which are in `folder`.
    ///
    /// - Throws: ``SVGError``, `FileError`.
    static func read(_ table: PlaneTable, folder: String) throws -> [CrossSection] {
        var drawings: [String: SVGDrawing] = [:]
        var sections: [CrossSection] = []
        var frames: [[SIMD3<Double>]] = []
        for row in table.rows {
            let plane = SlicePlane(origin: row.origin, normal: row.right.cross(row.down))
            do {
                if drawings[row.file] == nil {
                    // One at a time is kept; rows of one drawing mostly follow each other.
                    drawings = [row.file: try SVGDrawing(try InputFile.read(folder + row.file, limit: 1 << 28))]
                }
                let outlines = try drawings[row.file]?.outlines(in: row.layer) ?? []
                let polygons = try polygons(outlines, of: row, on: plane)
                let frame = [row.origin, row.right, row.down]
                if let known = frames.firstIndex(of: frame) {
                    sections[known].append(polygons)
                } else {
                    frames.append(frame)
                    sections.append(CrossSection(plane: plane, polygons: polygons, number: sections.count + 1))
                }
            } catch let error as SVGError {
                throw SVGError.drawing(name: row.file, error)
            }
        }
        return sections
    }

    private static func polygons(
        _ outlines: [SVGOutline], of row: PlaneTable.Row, on plane: SlicePlane
    ) throws(SVGError) -> [SlicePolygon] {
        guard outlines.count <= mostOutlines else { throw .syntax("more than \(mostOutlines) outlines in one layer") }
        let right = SIMD2(row.right.dot(plane.axisU), row.right.dot(plane.axisV))
        let down = SIMD2(row.down.dot(plane.axisU), row.down.dot(plane.axisV))
        let flat = outlines.map { $0.transformed(by: PlanarTransform(columnX: right, columnY: down)) }
        var lower = SIMD2<Double>(repeating: .infinity)
        var upper = SIMD2<Double>(repeating: -.infinity)
        for point in flat.flatMap({ outline in [outline.start] + outline.pieces.map(\.end) }) {
            lower = pointwiseMin(lower, point)
            upper = pointwiseMax(upper, point)
        }
        let diagonal = flat.isEmpty ? 0 : (upper - lower).length
        let contours = flat.map { $0.corners(tolerance: flatness * diagonal) }.filter { corners in
            corners.count >= 3 && abs(SlicePolygon(points: corners, label: 1).signedArea) > 1e-12 * diagonal * diagonal
        }
        return ContourNesting.polygons(contours, label: row.label)
    }
}
