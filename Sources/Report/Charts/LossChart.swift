// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc

/// The loss of a training over its steps, as SVG; logarithmic where all values are positive.
struct LossChart {
    var curve: TrainingCurve

    private static let (width, height) = (480.0, 200.0)
    private static let (left, bottom, top, right) = (64.0, 40.0, 10.0, 8.0)

    /// Nothing for fewer than two values.
    var svg: HTML {
        let values = curve.values
        guard values.count > 1 else { return .none }
        let isLogarithmic = values.allSatisfy { $0 > 0 }
        let heights = isLogarithmic ? values.map { log10($0) } : values
        let (low, high) = (heights.min() ?? 0, heights.max() ?? 1)
        let span = max(high - low, 1e-9)
        let (w, h) = (Self.width - Self.left - Self.right, Self.height - Self.top - Self.bottom)
        let points = heights.enumerated().map { index, value in
            let x = Self.left + w * Double(index) / Double(heights.count - 1)
            return "\(SVG.number(x)),\(SVG.number(Self.top + h * (high - value) / span))"
        }
        let axis = [0, 0.5, 1].map { share -> HTML in
            let value = low + share * span
            return SVG.gridLine(
                y: Self.top + h * (1 - share), from: Self.left, to: Self.width - Self.right,
                label: NumberText.significant(isLogarithmic ? pow(10, value) : value))
        }
        let steps = NumberText.grouped(values.count * curve.stepsPerValue)
        let caption = "loss over \(steps) steps\(isLogarithmic ? " (logarithmic)" : "")"
        return """
            <svg class="chart" viewBox="0 0 \(SVG.number(Self.width)) \(SVG.number(Self.height))" role="img" aria-label="\(caption)">\
            \(axis)<polyline class="line" points="\(points.joined(separator: " "))"/>\
            <text x="\(SVG.number(Self.left))" y="\(SVG.number(Self.top + h + 15))">0</text>\
            <text x="\(SVG.number(Self.left + w))" y="\(SVG.number(Self.top + h + 15))" text-anchor="end">\(steps)</text>\
            \(SVG.caption(caption, x: Self.left + 0.5 * w, y: Self.height - 6))</svg>
            """
    }
}
