// SPDX-License-Identifier: Apache-2.0

extension LabelImage {
    /// The slice of `volume` with place `index` along index axis `axis`; the earlier of the other axes runs along rows.
    init(of volume: LabelVolume, axis: Int, index: Int) {
        let (column, row) = (axis == 0 ? 1 : 0, axis == 2 ? 1 : 2)
        let size = volume.grid.size
        let strides = SIMD3(1, size.x, size.x * size.y)
        var first = SIMD3<Double>()
        first[axis] = Double(index)
        self.init(
            width: size[column], height: size[row],
            layers: volume.layers.map { layer in
                var codes: [UInt16] = []
                codes.reserveCapacity(size[column] * size[row])
                for y in 0..<size[row] {
                    let start = index * strides[axis] + y * strides[row]
                    for x in 0..<size[column] { codes.append(layer.codes[start + x * strides[column]]) }
                }
                return LabelVolume.Layer(codes: codes, labels: layer.labels)
            },
            origin: volume.grid.point(at: first), columnStep: volume.grid.step(column),
            rowStep: volume.grid.step(row))
    }
}
