// SPDX-License-Identifier: Apache-2.0

/// Outlines of the basic shapes (SVG 1.1, chapters 8 and 9).
enum SVGShape {
    /// - Returns: Nothing for elements that are no shapes, or shapes without size.
    static func outlines(_ name: String, _ attributes: [String: String]) throws(SVGError) -> [SVGOutline] {
        switch name {
        case "path": return try SVGPathParser.outlines(attributes["d"] ?? "")
        case "polygon", "polyline": return try polygon(attributes["points"] ?? "")
        case "circle":
            let radius = try number("r", attributes)
            return try ellipse(SIMD2(radius, radius), attributes)
        case "ellipse": return try ellipse(SIMD2(number("rx", attributes), number("ry", attributes)), attributes)
        case "rect": return try rectangle(attributes)
        default: return []
        }
    }

    private static func number(_ key: String, _ attributes: [String: String]) throws(SVGError) -> Double {
        guard let text = attributes[key] else { return 0 }
        var numbers = SVGNumbers(text)
        let value = numbers.number()
        // Units of length other than the drawing's own would need a resolution.
        guard let value, numbers.isAtEnd() || text.hasSuffix("px") else {
            throw .syntax("the length \(key) is \"\(text.prefix(40))\"; save it in user units")
        }
        return value
    }

    private static func polygon(_ text: String) throws(SVGError) -> [SVGOutline] {
        var numbers = SVGNumbers(text)
        var points: [SIMD2<Double>] = []
        while !numbers.isAtEnd() {
            guard let x = numbers.number(), let y = numbers.number() else {
                throw .syntax("the points of a polygon are not pairs of numbers")
            }
            points.append(SIMD2(x, y))
        }
        guard let first = points.first else { return [] }
        var outline = SVGOutline(start: first)
        for point in points.dropFirst() { outline.line(to: point) }
        return [outline]
    }

    private static func ellipse(
        _ radii: SIMD2<Double>, _ attributes: [String: String]
    ) throws(SVGError) -> [SVGOutline] {
        guard radii.min() > 0 else { return [] }
        let center = SIMD2(try number("cx", attributes), try number("cy", attributes))
        var outline = SVGOutline(start: center + SIMD2(radii.x, 0))
        SVGArc(center: center, radii: radii).append(to: &outline)
        return [outline]
    }

    private static func rectangle(_ attributes: [String: String]) throws(SVGError) -> [SVGOutline] {
        let (x, y) = (try number("x", attributes), try number("y", attributes))
        let (width, height) = (try number("width", attributes), try number("height", attributes))
        guard width > 0, height > 0 else { return [] }
        // One radius stands for both, and none is larger than half a side.
        let rx = min(try number(attributes["rx"] == nil ? "ry" : "rx", attributes), width / 2)
        let ry = min(try number(attributes["ry"] == nil ? "rx" : "ry", attributes), height / 2)
        guard rx > 0, ry > 0 else {
            return try polygon("\(x) \(y) \(x + width) \(y) \(x + width) \(y + height) \(x) \(y + height)")
        }
        return try SVGPathParser.outlines(
            """
            M\(x + rx) \(y)H\(x + width - rx)a\(rx) \(ry) 0 0 1 \(rx) \(ry)V\(y + height - ry)\
            a\(rx) \(ry) 0 0 1 \(-rx) \(ry)H\(x + rx)a\(rx) \(ry) 0 0 1 \(-rx) \(-ry)V\(y + ry)\
            a\(rx) \(ry) 0 0 1 \(rx) \(-ry)z
            """)
    }
}
