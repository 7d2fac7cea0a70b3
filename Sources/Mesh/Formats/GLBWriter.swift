// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Writes glTF 2.0 binary files with one mesh of one primitive.
///
/// Coordinates are 32-bit floats there. Where they would lose too much, they are stored about the middle of the bounds
/// and the node carries the middle as its translation. Axes and units are the user's; glTF itself expects metres, y up.
/// Colours are linear there, not sRGB as elsewhere, so they take 16 bits; the material is matt and seen from both sides,
/// since the default would be a metal.
enum GLBWriter {
    static func binary(_ mesh: TriangleMesh) -> [[UInt8]] {
        guard let bounds = mesh.bounds, !mesh.isEmpty else {
            return file(json: #"{"asset":{"version":"2.0"}}"#, data: [])
        }
        let center = mesh.needsDoublePositions ? bounds.center : .zero
        var layout = Layout()
        let linear = mesh.colors == nil ? [] : (0...255).map { LinearColor.value(ofSRGB: UInt8($0)) }
        let (json, size) = layout.describe(mesh, bounds: bounds, center: center)
        let data = ByteWriter.bytes(size) { writer in
            for position in mesh.positions { writer.put(SIMD3<Float>(clamping: position - center)) }
            for normal in mesh.normals ?? [] { writer.put(normal) }
            for color in mesh.colors ?? [] {
                for channel in 0..<3 { writer.put(linear[Int(color[channel])]) }
                writer.put(257 * UInt16(color.w))
            }
            for face in mesh.triangles { writer.put(face) }
        }
        return file(json: json, data: data)
    }

    /// Header, JSON chunk padded with spaces, data chunk; every length is a multiple of 4.
    private static func file(json: String, data: [UInt8]) -> [[UInt8]] {
        var text = Array(json.utf8)
        while text.count % 4 != 0 { text.append(0x20) }
        let total = 12 + 8 + text.count + (data.isEmpty ? 0 : 8 + data.count)
        let head = ByteWriter.bytes(20 + text.count) { writer in
            writer.put(Array("glTF".utf8))
            writer.put(UInt32(2))
            writer.put(UInt32(truncatingIfNeeded: total))
            writer.put(UInt32(text.count))
            writer.put(Array("JSON".utf8))
            writer.put(text)
        }
        guard !data.isEmpty else { return [head] }
        let dataHead = ByteWriter.bytes(8) { writer in
            writer.put(UInt32(truncatingIfNeeded: data.count))
            writer.put(Array("BIN\0".utf8))
        }
        return [head, dataHead, data]
    }

    /// Collects buffer views and accessors.
    private struct Layout {
        var views: [String] = []
        var accessors: [String] = []
        var size = 0

        /// Adds one array and returns its accessor; `target` is 34962 for attributes, 34963 for indices.
        mutating func add(_ count: Int, stride: Int, type: String, component: Int, target: Int, extra: String = "")
            -> Int
        {
            views.append(
                #"{"buffer":0,"byteOffset":\#(size),"byteLength":\#(count * stride),"target":\#(target)}"#)
            accessors.append(
                #"{"bufferView":\#(views.count - 1),"componentType":\#(component),"count":\#(count),"#
                    + #""type":"\#(type)"\#(extra)}"#)
            size += count * stride
            return accessors.count - 1
        }

        mutating func describe(_ mesh: TriangleMesh, bounds: Box, center: SIMD3<Double>) -> (String, Int) {
            let count = mesh.positions.count
            let low = SIMD3<Float>(clamping: bounds.minimum - center)
            let high = SIMD3<Float>(clamping: bounds.maximum - center)
            let range = #","min":[\#(low.x),\#(low.y),\#(low.z)],"max":[\#(high.x),\#(high.y),\#(high.z)]"#
            let positions = add(count, stride: 12, type: "VEC3", component: 5126, target: 34_962, extra: range)
            var attributes = #""POSITION":\#(positions)"#
            if mesh.normals != nil {
                attributes += #","NORMAL":\#(add(count, stride: 12, type: "VEC3", component: 5126, target: 34_962))"#
            }
            if mesh.colors != nil {
                let colors = add(
                    count, stride: 8, type: "VEC4", component: 5123, target: 34_962, extra: #","normalized":true"#)
                attributes += #","COLOR_0":\#(colors)"#
            }
            let indices = add(
                3 * mesh.triangles.count, stride: 4, type: "SCALAR", component: 5125, target: 34_963)
            let place = center == .zero ? "" : #","translation":[\#(center.x),\#(center.y),\#(center.z)]"#
            let json =
                #"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0\#(place)}],"#
                + #""meshes":[{"primitives":[{"attributes":{\#(attributes)},"indices":\#(indices),"mode":4,"material":0}]}],"#
                + #""materials":[{"pbrMetallicRoughness":{"metallicFactor":0,"roughnessFactor":1},"doubleSided":true}],"#
                + #""accessors":[\#(accessors.joined(separator: ","))],"#
                + #""bufferViews":[\#(views.joined(separator: ","))],"buffers":[{"byteLength":\#(size)}]}"#
            return (json, size)
        }
    }
}
