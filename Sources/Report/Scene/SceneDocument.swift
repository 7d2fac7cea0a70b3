// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Mesh

/// A 3D view as a page carries it: a JSON description of arrays, and their bytes in base 64.
///
/// Lengths are in units of ``SceneFrame/radius`` about its centre. Positions of the mesh are 16-bit places between the corners of
/// its box, a hundred-thousandth of its size; normals are left to the browser.
package struct SceneDocument {
    /// Says where the arrays are.
    package let description: String
    /// Little-endian arrays one after the other, each from a multiple of four bytes on, in base 64.
    package let data: String
    /// Bytes before the encoding.
    package let byteCount: Int

    private struct Description: Encodable {
        struct Slice: Encodable {
            var offset: Int
            var count: Int
        }
        struct Camera: Encodable {
            var name: String
            var row: Int
        }
        struct Mesh: Encodable {
            var lower: [Float]
            var upper: [Float]
            var positions: Slice
            var colors: Slice?
            var indices: Slice
            var isWide: Bool
        }
        var up: [Float]
        var cameras: [Camera]
        /// Centre and four corners of each camera.
        var frusta: Slice
        var links: Slice
        var strengths: Slice
        var points: Slice
        var pointColors: Slice
        var contours: Slice
        /// Corners of each contour.
        var contourSizes: [Int]
        var mesh: Mesh?
    }

    private struct Store {
        var bytes: [UInt8] = []

        mutating func append<Value: FixedWidthInteger>(_ values: [Value]) -> Description.Slice {
            while bytes.count % 4 != 0 { bytes.append(0) }
            let slice = Description.Slice(offset: bytes.count, count: values.count)
            for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
            return slice
        }

        mutating func append(_ points: [SIMD3<Float>]) -> Description.Slice {
            append(points.flatMap { [$0.x.bitPattern, $0.y.bitPattern, $0.z.bitPattern] })
        }
    }

    /// Encodes what is within ``SceneLimits``.
    package init(_ whole: SceneContent) throws {
        let content = whole.limited()
        let frame = SceneFrame(content)
        var store = Store()
        let near = content.points.indices.filter {
            (content.points[$0] - frame.center).length < SceneFrame.reach * frame.radius
        }
        let up = SIMD3<Float>(content.up)
        let description = Description(
            up: [up.x, up.y, up.z], cameras: content.cameras.map { .init(name: $0.name, row: $0.row) },
            frusta: store.append(
                content.cameras.flatMap { camera in ([camera.center] + camera.corners).map(frame.local) }),
            links: store.append(content.links.flatMap { [UInt32($0.first), UInt32($0.second)] }),
            strengths: store.append(content.links.map { UInt8(max(1, (255 * $0.strength).rounded())) }),
            points: store.append(near.map { frame.local(content.points[$0]) }),
            pointColors: store.append(
                near.flatMap { place -> [UInt8] in
                    let color = content.pointColors[place]
                    return [color.x, color.y, color.z]
                }),
            contours: store.append(content.contours.flatMap { $0.map(frame.local) }),
            contourSizes: content.contours.map(\.count),
            mesh: content.mesh.map { Self.encode($0, frame: frame, into: &store) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.description = String(decoding: try encoder.encode(description), as: UTF8.self)
        data = Data(store.bytes).base64EncodedString()
        byteCount = store.bytes.count
    }

    private static func encode(_ mesh: TriangleMesh, frame: SceneFrame, into store: inout Store) -> Description.Mesh {
        let local = mesh.positions.map { ($0 - frame.center) / frame.radius }
        let box = Box(enclosing: local) ?? Box(minimum: .zero, maximum: SIMD3(repeating: 1))
        let places = local.flatMap { position -> [UInt16] in
            let share = (position - box.minimum) / pointwiseMax(box.extent, SIMD3(repeating: 1e-12))
            return (0..<3).map { UInt16((65_535 * min(max(share[$0], 0), 1)).rounded()) }
        }
        let isWide = mesh.positions.count > 65_536
        let corners = mesh.triangles.flatMap { [$0.x, $0.y, $0.z] }
        func floats(_ v: SIMD3<Double>) -> [Float] { [Float(v.x), Float(v.y), Float(v.z)] }
        return Description.Mesh(
            lower: floats(box.minimum), upper: floats(box.maximum), positions: store.append(places),
            colors: mesh.colors.map { colors in store.append(colors.flatMap { [$0.x, $0.y, $0.z] }) },
            indices: isWide ? store.append(corners) : store.append(corners.map { UInt16($0) }), isWide: isWide)
    }
}
