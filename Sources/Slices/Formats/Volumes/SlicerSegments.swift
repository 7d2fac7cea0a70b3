// SPDX-License-Identifier: Apache-2.0

/// What 3D Slicer writes about segments into a `.seg.nrrd` file: `Segment0_Name:=liver`, `Segment0_LabelValue:=1`,
/// `Segment0_Layer:=0` and so on.
struct SlicerSegments {
    struct Segment {
        var name: String
        var layer: Int
        var value: Int
    }

    /// In the order of the file.
    private(set) var segments: [Segment] = []

    init(_ annotations: [String: String], layers: Int) throws(VolumeFileError) {
        // Slicer numbers from 0 without gaps.
        while let value = annotations["Segment\(segments.count)_LabelValue"] {
            let prefix = "Segment\(segments.count)_"
            let layer = annotations[prefix + "Layer"] ?? "0"
            guard let value = Int(value), let layer = Int(layer), (1...Int(Int32.max)).contains(value),
                (0..<layers).contains(layer)
            else {
                throw .malformed("segment \(segments.count) has label value \(value) in layer \(layer) of \(layers)")
            }
            let name = annotations[prefix + "Name"] ?? annotations[prefix + "ID"] ?? "segment \(segments.count)"
            segments.append(Segment(name: name, layer: layer, value: value))
        }
    }

    /// The volume with names, and with labels that differ between layers.
    ///
    /// Where two layers use the same number, segments are numbered in the order of the file, from 1, and voxels without
    /// a segment are outside.
    func volume(grid: VoxelGrid, layers: [LabelVolume.Layer]) -> LabelVolume {
        let used = layers.flatMap { $0.labels.dropFirst() }
        guard Set(used).count < used.count else {
            let names = Dictionary(segments.map { ($0.value, $0.name) }) { first, _ in first }
            return LabelVolume(grid: grid, layers: layers, names: names)
        }
        var names: [Int: String] = [:]
        let renumbered = layers.enumerated().map { index, layer in
            var labels = layer.labels.map { _ in 0 }
            for (number, segment) in segments.enumerated() where segment.layer == index {
                guard let code = layer.labels.firstIndex(of: segment.value) else { continue }
                labels[code] = number + 1
                names[number + 1] = segment.name
            }
            return LabelVolume.Layer(codes: layer.codes, labels: labels)
        }
        return LabelVolume(grid: grid, layers: renumbered, names: names)
    }
}
