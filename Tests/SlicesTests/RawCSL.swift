// SPDX-License-Identifier: Apache-2.0

import Geometry
import TestSupport

/// A second, independent way from the tokens of a well-formed CSL file to inside masks: no repairs, planes by Newell's
/// formula, rows filled by sorted crossings.
struct RawCSL {
    struct Component {
        var parent: Int?
        var label: Int
        var indices: [Int]
    }

    struct Plane {
        var vertices: [SIMD3<Double>]
        var components: [Component]

        /// Newell's normal of the longest contour.
        var normal: SIMD3<Double> {
            let longest = components.max { $0.indices.count < $1.indices.count }?.indices ?? []
            var sum = SIMD3<Double>()
            for (place, index) in longest.enumerated() {
                let a = vertices[index] - vertices[longest[0]]
                let b = vertices[longest[(place + 1) % longest.count]] - vertices[longest[0]]
                sum += a.cross(b)
            }
            return sum.normalized
        }

        func label(of component: Component) -> Int {
            component.parent.map { components[$0].label } ?? component.label
        }
    }

    var planes: [Plane] = []

    init(_ text: String) {
        var lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }.filter { !$0.isEmpty }
            .dropFirst(2)
        while let head = lines.popFirst() {
            var plane = Plane(vertices: [], components: [])
            for _ in 0..<(Int(head[1]) ?? 0) {
                let numbers = (lines.popFirst() ?? []).compactMap { Double($0) }
                plane.vertices.append(SIMD3(numbers[0], numbers[1], numbers[2]))
            }
            for _ in 0..<(Int(head[2]) ?? 0) {
                let tokens = lines.popFirst() ?? []
                let parts = tokens[0].split(separator: "h")
                plane.components.append(
                    Component(
                        parent: parts.count > 1 ? Int(parts[1]) : nil, label: Int(tokens[1]) ?? 0,
                        indices: tokens.dropFirst(2).compactMap { Int($0) }))
            }
            planes.append(plane)
        }
    }
}
