// SPDX-License-Identifier: Apache-2.0

/// Parts that charts share.
enum SVG {
    /// A coordinate with a decimal, which is finer than any screen.
    static func number(_ value: Double) -> String {
        let tenths = Int((10 * value).rounded())
        let rest = abs(tenths) % 10
        return (tenths < 0 ? "-" : "") + String(abs(tenths) / 10) + (rest == 0 ? "" : ".\(rest)")
    }

    /// A horizontal line with its value at the left.
    static func gridLine(y: Double, from left: Double, to right: Double, label: String) -> HTML {
        """
        <line class="grid" x1="\(number(left))" x2="\(number(right))" y1="\(number(y))" y2="\(number(y))"/>\
        <text x="\(number(left - 6))" y="\(number(y + 4))" text-anchor="end">\(label)</text>
        """
    }

    /// A line of text in the middle.
    static func caption(_ text: String, x: Double, y: Double) -> HTML {
        "<text class=\"caption\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"middle\">\(text)</text>"
    }
}
