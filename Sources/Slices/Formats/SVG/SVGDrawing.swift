// SPDX-License-Identifier: Apache-2.0

/// The outlines of an SVG drawing, in the coordinates of its root element (those of `viewBox`).
///
/// Paths, rectangles, circles, ellipses, polygons and polylines are read, with all transforms; text, pictures, clones
/// (`use`) and what is only defined (`defs`, `symbol`, `clipPath` and so on) or not displayed is not.
struct SVGDrawing {
    /// All outlines, in the order of the document, each with the ids and labels of the groups around it and its own.
    private(set) var outlines: [(outline: SVGOutline, names: Set<String>)] = []
    private var names: Set<String> = []

    private struct Level {
        var transform: PlanarTransform
        var names: Set<String>
        var isHidden: Bool
    }

    private static let definitions: Set<String> = [
        "defs", "symbol", "clipPath", "mask", "pattern", "marker", "metadata",
    ]

    init(_ bytes: [UInt8]) throws(SVGError) {
        var tags = try XMLTags(bytes)
        var levels: [Level] = []
        while let tag = try tags.next() {
            guard tag.opens else {
                levels.removeLast()
                continue
            }
            let name = tag.name.split(separator: ":").last.map(String.init) ?? tag.name
            guard !levels.isEmpty || name == "svg" else { throw .syntax("its root is \"\(name)\", not \"svg\"") }
            let parent = levels.last ?? Level(transform: .identity, names: [], isHidden: false)
            let own = ["id", "inkscape:label"].compactMap { tag.attributes[$0] }
            let level = Level(
                transform: parent.transform * (try tag.attributes["transform"].map(Self.parseTransform) ?? .identity),
                names: parent.names.union(own),
                isHidden: parent.isHidden || Self.definitions.contains(name) || Self.isHidden(tag.attributes))
            names.formUnion(own)
            if !level.isHidden {
                for outline in try SVGShape.outlines(name, tag.attributes) where !outline.pieces.isEmpty {
                    outlines.append((outline.transformed(by: level.transform), level.names))
                }
            }
            if !tag.closes { levels.append(level) }
        }
    }

    /// Outlines of the group or shape with this id or Inkscape label, or all.
    ///
    /// - Throws: ``SVGError/noLayer(_:)`` when nothing has this name.
    func outlines(in layer: String?) throws(SVGError) -> [SVGOutline] {
        guard let layer else { return outlines.map(\.outline) }
        guard names.contains(layer) else { throw .noLayer(layer) }
        return outlines.filter { $0.names.contains(layer) }.map(\.outline)
    }

    private static func parseTransform(_ text: String) throws(SVGError) -> PlanarTransform {
        try SVGTransform.parse(text)
    }

    private static func isHidden(_ attributes: [String: String]) -> Bool {
        let style = (attributes["style"] ?? "").filter { !$0.isWhitespace }
        return attributes["display"] == "none" || style.split(separator: ";").contains("display:none")
    }
}
