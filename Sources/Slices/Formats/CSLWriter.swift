// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Writes cross-sections as CSL text.
///
/// The same set gives the same bytes. Coordinates are written so that the very same `Double` is read back; a reader then
/// fits planes anew, so that a round trip repeats positions to about 1e-15 of the extent, not bit by bit.
public enum CSLWriter {
    /// The text of `set`, with line feeds and a final line end.
    public static func bytes(of set: SliceSet) -> [UInt8] {
        var text = "CSLC\n\(set.sections.count) \((set.labels.last ?? 0) + 1)\n"
        for (index, section) in set.sections.enumerated() { append(section, number: index + 1, to: &text) }
        return Array(text.utf8)
    }

    private static func append(_ section: CrossSection, number: Int, to text: inout String) {
        let plane = section.plane
        let vertices = section.vertices
        text += "\n\(number) \(vertices.count) \(section.polygons.count) "
        text += triple(plane.normal) + " " + decimal(-plane.normal.dot(plane.origin)) + "\n"
        for vertex in vertices { text += triple(vertex) + "\n" }
        var start = 0
        for polygon in section.polygons {
            text += "\(polygon.points.count)" + (polygon.parent.map { "h\($0)" } ?? "") + " \(polygon.label)"
            for index in start..<(start + polygon.points.count) { text += " \(index)" }
            text += "\n"
            start += polygon.points.count
        }
    }

    private static func triple(_ vector: SIMD3<Double>) -> String {
        decimal(vector.x) + " " + decimal(vector.y) + " " + decimal(vector.z)
    }

    /// The shortest text that reads back as `value`; never "-0.0".
    private static func decimal(_ value: Double) -> String { value == 0 ? "0" : "\(value)" }
}
