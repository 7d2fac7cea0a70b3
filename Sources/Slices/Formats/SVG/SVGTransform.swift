// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads the `transform` attribute (SVG 1.1, section 7.6).
enum SVGTransform {
    static func parse(_ text: String) throws(SVGError) -> PlanarTransform {
        var result = PlanarTransform.identity
        var scanner = SVGNumbers(text)
        while !scanner.isAtEnd() {
            guard let name = scanner.text(upTo: UInt8(ascii: "(")),
                let inner = scanner.text(upTo: UInt8(ascii: ")"))
            else { throw .syntax("the transform \"\(text.prefix(60))\"") }
            var numbers = SVGNumbers(inner)
            var values: [Double] = []
            while values.count < 7, let value = numbers.number() { values.append(value) }
            guard numbers.isAtEnd(), let step = transform(name.filter { !$0.isWhitespace && $0 != "," }, values) else {
                throw .syntax("the transform \"\(text.prefix(60))\"")
            }
            result = result * step
        }
        return result
    }

    private static func transform(_ name: String, _ v: [Double]) -> PlanarTransform? {
        switch (name, v.count) {
        case ("matrix", 6):
            PlanarTransform(columnX: SIMD2(v[0], v[1]), columnY: SIMD2(v[2], v[3]), offset: SIMD2(v[4], v[5]))
        case ("translate", 1): PlanarTransform(offset: SIMD2(v[0], 0))
        case ("translate", 2): PlanarTransform(offset: SIMD2(v[0], v[1]))
        case ("scale", 1): PlanarTransform(columnX: SIMD2(v[0], 0), columnY: SIMD2(0, v[0]))
        case ("scale", 2): PlanarTransform(columnX: SIMD2(v[0], 0), columnY: SIMD2(0, v[1]))
        case ("rotate", 1): rotation(v[0])
        case ("rotate", 3):
            PlanarTransform(offset: SIMD2(v[1], v[2])) * rotation(v[0]) * PlanarTransform(offset: SIMD2(-v[1], -v[2]))
        case ("skewX", 1): PlanarTransform(columnY: SIMD2(tan(v[0] * Double.pi / 180), 1))
        case ("skewY", 1): PlanarTransform(columnX: SIMD2(1, tan(v[0] * Double.pi / 180)))
        default: nil
        }
    }

    private static func rotation(_ degrees: Double) -> PlanarTransform {
        let angle = degrees * Double.pi / 180
        return PlanarTransform(columnX: SIMD2(cos(angle), sin(angle)), columnY: SIMD2(-sin(angle), cos(angle)))
    }
}
