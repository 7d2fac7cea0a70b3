// SPDX-License-Identifier: Apache-2.0

/// Upright bars with labels below, as SVG that takes its colours from the page.
struct BarChart {
    /// One bar.
    struct Bar {
        /// Not negative.
        var value: Double
        /// Below the bar; not all are drawn where there is no room.
        var label: String
        /// What a pointer that rests on the bar shows.
        var detail: String
        /// Whether the bar stands out as one to look at.
        var isConspicuous = false
    }

    var bars: [Bar]
    /// Below the axis.
    var caption: String
    /// Value at the lower end of the axis.
    var floor = 0.0
    /// Value at the upper end; `nil` for the largest bar's.
    var ceiling: Double?
    /// How a value on the axis is written.
    var format: (Double) -> String

    private static let (width, height) = (480.0, 200.0)
    private static let (left, bottom, top, right) = (52.0, 40.0, 10.0, 8.0)

    /// Nothing for no bars.
    var svg: HTML {
        guard !bars.isEmpty else { return .none }
        let upper = max(ceiling ?? bars.map(\.value).max() ?? 1, floor + 1e-9)
        let (w, h) = (Self.width - Self.left - Self.right, Self.height - Self.top - Self.bottom)
        let step = w / Double(bars.count)
        let gap = min(2, 0.2 * step)
        func y(_ value: Double) -> Double {
            Self.top + h * (1 - min(max((value - floor) / (upper - floor), 0), 1))
        }
        let stride = max(1, Int((36 / step).rounded(.up)))
        let shapes = bars.enumerated().map { index, bar -> HTML in
            let x = Self.left + Double(index) * step
            let place = y(bar.value)
            // A bar of nothing still has a place where a pointer can rest.
            let size = max(Self.top + h - place, 0.5)
            let label: HTML =
                index % stride == 0
                ? "<text x=\"\(SVG.number(x + 0.5 * step))\" y=\"\(SVG.number(Self.top + h + 15))\" text-anchor=\"middle\">\(bar.label)</text>"
                : .none
            return """
                <rect class="\(bar.isConspicuous ? "bad" : "bar")" x="\(SVG.number(x + 0.5 * gap))" y="\(SVG.number(place))" \
                width="\(SVG.number(step - gap))" height="\(SVG.number(size))"><title>\(bar.detail)</title></rect>\(label)
                """
        }
        let axis = [floor, 0.5 * (floor + upper), upper].map { value in
            SVG.gridLine(y: y(value), from: Self.left, to: Self.width - Self.right, label: format(value))
        }
        return """
            <svg class="chart" viewBox="0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))" role="img" aria-label="\(caption)">\
            \(axis)\(shapes)\(SVG.caption(caption, x: Self.left + 0.5 * w, y: Self.height - 6))</svg>
            """
    }
}
