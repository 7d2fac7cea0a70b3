// SPDX-License-Identifier: Apache-2.0

import Geometry

/// The header of a NRRD file with gzip and little-endian voxels, in LPS as 3D Slicer writes it.
enum NRRDWriter {
    /// Colours of segments, in turn; from the palette of Okabe and Ito, which people with any colour vision can tell apart.
    private static let colors = [
        "0.9 0.6 0", "0.35 0.7 0.9", "0 0.6 0.5", "0.95 0.9 0.25", "0 0.45 0.7", "0.8 0.4 0", "0.8 0.6 0.7",
    ]

    static func header(_ volume: LabelVolume, type: VoxelType, withSegments: Bool) -> [UInt8] {
        let grid = volume.grid
        let typeName =
            switch type {
            case .uint8: "unsigned char"
            case .uint16: "unsigned short"
            default: "int"
            }
        var lines = [
            "NRRD0004", "type: \(typeName)", "dimension: 3", "space: left-posterior-superior",
            "sizes: \(grid.size.x) \(grid.size.y) \(grid.size.z)",
            "space directions: " + (0..<3).map { vector(grid.step($0)) }.joined(separator: " "),
            "kinds: domain domain domain", "endian: little", "encoding: gzip", "space origin: " + vector(grid.origin),
        ]
        if withSegments { lines += segments(volume) }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8)
    }

    private static func segments(_ volume: LabelVolume) -> [String] {
        let size = volume.grid.size
        var lines = [
            "Segmentation_MasterRepresentation:=Binary labelmap",
            "Segmentation_ReferenceImageExtentOffset:=0 0 0",
        ]
        for (number, label) in volume.labels.enumerated() {
            let name = (volume.names[label] ?? "label \(label)").filter { !$0.isNewline }
            lines += [
                "Segment\(number)_ID:=Segment_\(label)", "Segment\(number)_Name:=\(name)",
                "Segment\(number)_LabelValue:=\(label)", "Segment\(number)_Layer:=0",
                "Segment\(number)_Color:=\(colors[number % colors.count])",
                "Segment\(number)_Extent:=0 \(size.x - 1) 0 \(size.y - 1) 0 \(size.z - 1)",
            ]
        }
        return lines
    }

    /// RAS as LPS; the shortest texts that read back as the same numbers.
    private static func vector(_ ras: SIMD3<Double>) -> String {
        "(" + [-ras.x, -ras.y, ras.z].map { $0 == 0 ? "0" : "\($0)" }.joined(separator: ",") + ")"
    }
}
