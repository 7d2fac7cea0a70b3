// SPDX-License-Identifier: Apache-2.0

import Geometry

/// One slice of labels: pixels, and where their centres lie in the world.
struct LabelImage {
    let width: Int
    let height: Int
    /// One or more layers, each with `[height × width]` codes, row by row, and the label of each code.
    let layers: [LabelVolume.Layer]
    /// World position of the centre of the first pixel.
    let origin: SIMD3<Double>
    /// World vectors to the next pixel of a row, and to the next row. They may be at any angle but 0.
    let columnStep, rowStep: SIMD3<Double>

    /// What the slice says: the contours of all labels on its plane.
    ///
    /// - Complexity: O(pixels + n log n) for n pixels on borders.
    func section(number: Int) -> CrossSection {
        let plane = SlicePlane(origin: origin, normal: columnStep.cross(rowStep))
        // Contours keep their direction, since the normal is on the side from which columns turn to rows.
        let columnAxis = SIMD2(columnStep.dot(plane.axisU), columnStep.dot(plane.axisV))
        let rowAxis = SIMD2(rowStep.dot(plane.axisU), rowStep.dot(plane.axisV))
        var polygons: [SlicePolygon] = []
        for layer in layers {
            let first = polygons.count
            for contour in LabelBorders(layer.codes, width: width, height: height).contours() {
                polygons.append(
                    SlicePolygon(
                        points: contour.corners.map { corner in
                            0.5 * (Double(corner.x) * columnAxis + Double(corner.y) * rowAxis)
                        }, label: layer.labels[Int(contour.code)], parent: contour.parent.map { first + $0 }))
            }
        }
        return CrossSection(plane: plane, polygons: polygons, number: number)
    }
}
