// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Turns the `d` attribute of a path into closed outlines (SVG 1.1, section 8.3); open ones are closed, as filling does.
struct SVGPathParser {
    private var numbers: SVGNumbers
    private var outlines: [SVGOutline] = []
    private var current: SVGOutline?
    private var point = SIMD2<Double>()
    /// Second control point of the last curve, for the smooth ones: of a cubic, of a quadratic.
    private var lastCubic: SIMD2<Double>?
    private var lastQuadratic: SIMD2<Double>?

    /// - Throws: ``SVGError/syntax(_:)`` where the path cannot be read.
    static func outlines(_ text: String) throws(SVGError) -> [SVGOutline] {
        var parser = SVGPathParser(numbers: SVGNumbers(text))
        try parser.parse()
        return parser.outlines
    }

    private init(numbers: SVGNumbers) { self.numbers = numbers }

    private mutating func parse() throws(SVGError) {
        var command: UInt8?
        while !numbers.isAtEnd() {
            if let letter = numbers.letter() {
                command = letter
            } else if command == UInt8(ascii: "M") || command == UInt8(ascii: "m") {
                // Further pairs after a move are lines.
                command = command.map { $0 == UInt8(ascii: "M") ? UInt8(ascii: "L") : UInt8(ascii: "l") }
            } else if command.map({ $0 | 0x20 == UInt8(ascii: "z") }) ?? true {
                throw .syntax("a path has a number where a command must be")
            }
            guard let command else { throw .syntax("a path does not start with a command") }
            try take(command)
        }
        close()
    }

    private mutating func take(_ command: UInt8) throws(SVGError) {
        let base = command & 0x20 == 0 ? SIMD2<Double>() : point
        var (cubic, quadratic): (SIMD2<Double>?, SIMD2<Double>?)
        switch command | 0x20 {
        case UInt8(ascii: "m"):
            close()
            point = base + (try pair())
            current = SVGOutline(start: point)
        case UInt8(ascii: "l"): try line(to: base + pair())
        case UInt8(ascii: "h"): try line(to: SIMD2(base.x + number(), point.y))
        case UInt8(ascii: "v"): try line(to: SIMD2(point.x, base.y + number()))
        case UInt8(ascii: "c"):
            let first = base + (try pair())
            let second = base + (try pair())
            try curve(first, second, to: base + pair())
            cubic = second
        case UInt8(ascii: "s"):
            let first = lastCubic.map { 2 * point - $0 } ?? point
            let second = base + (try pair())
            try curve(first, second, to: base + pair())
            cubic = second
        case UInt8(ascii: "q"), UInt8(ascii: "t"):
            let isSmooth = command | 0x20 == UInt8(ascii: "t")
            let control = isSmooth ? lastQuadratic.map { 2 * point - $0 } ?? point : base + (try pair())
            let end = base + (try pair())
            try curve(point + (control - point) * (2.0 / 3), end + (control - end) * (2.0 / 3), to: end)
            quadratic = control
        case UInt8(ascii: "a"): try arc(base)
        case UInt8(ascii: "z"): close()
        default: throw .syntax("a path has the unknown command \"\(Character(UnicodeScalar(command)))\"")
        }
        (lastCubic, lastQuadratic) = (cubic, quadratic)
    }

    // MARK: Pieces

    /// Begins an outline where the last one ended, when a path goes on after closing.
    private mutating func begin() throws(SVGError) {
        if current == nil {
            guard !outlines.isEmpty else { throw .syntax("a path does not start with a move") }
            current = SVGOutline(start: point)
        }
    }

    private mutating func line(to end: SIMD2<Double>) throws(SVGError) {
        try begin()
        current?.line(to: end)
        point = end
    }

    private mutating func curve(
        _ first: SIMD2<Double>, _ second: SIMD2<Double>, to end: SIMD2<Double>
    ) throws(SVGError) {
        try begin()
        current?.curve(first, second, to: end)
        point = end
    }

    private mutating func close() {
        guard let outline = current else { return }
        outlines.append(outline)
        point = outline.start
        current = nil
    }

    private mutating func number() throws(SVGError) -> Double {
        guard let value = numbers.number() else { throw .syntax("a path lacks a number, or has one beyond 1e30") }
        return value
    }

    private mutating func pair() throws(SVGError) -> SIMD2<Double> {
        let x = try number()
        return SIMD2(x, try number())
    }

    private mutating func flag() throws(SVGError) -> Bool {
        guard let value = numbers.flag() else { throw .syntax("an arc of a path lacks a flag") }
        return value
    }

    // MARK: Arcs

    private mutating func arc(_ base: SIMD2<Double>) throws(SVGError) {
        let radii = try pair()
        let rotation = try number() * Double.pi / 180
        let isLarge = try flag()
        let isPositive = try flag()
        let end = base + (try pair())
        try begin()
        let arc = SVGArc(
            from: point, to: end, radii: SIMD2(abs(radii.x), abs(radii.y)), rotation: rotation, isLarge: isLarge,
            isPositive: isPositive)
        guard let arc else { return try line(to: end) }
        arc.append(to: &current!)
        point = end
    }
}
