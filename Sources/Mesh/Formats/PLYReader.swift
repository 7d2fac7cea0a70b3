// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads PLY 1.0 files: text, little- and big-endian.
///
/// Taken are `x y z`, `nx ny nz`, `red green blue [alpha]`, `confidence` of `vertex` and `vertex_indices` (or
/// `vertex_index`) of `face`; everything else is passed over. Polygons become fans. A file without faces gives a mesh of points.
struct PLYReader {
    private var body: PLYBody
    private var mesh = TriangleMesh()

    static func read(_ bytes: UnsafeRawBufferPointer) throws(MeshFileError) -> TriangleMesh {
        let header = try PLYHeader(bytes)
        var reader = PLYReader(body: PLYBody(bytes, header: header))
        guard let vertices = header.elements.first(where: { $0.name == "vertex" }) else {
            throw reader.body.error("there is no element vertex.")
        }
        if header.elements.contains(where: { $0.name == "tristrips" && $0.count > 0 }) {
            throw reader.body.error("triangle strips are not supported; save the mesh with plain faces.")
        }
        for element in header.elements {
            let least = element.properties.reduce(0) { $0 + reader.body.leastSize($1.countType ?? $1.type) }
            try reader.body.require(element.count, of: least, "\(element.name) rows")
            switch element.name {
            case "vertex": try reader.vertices(element)
            case "face": try reader.faces(element, vertexCount: vertices.count)
            default: try reader.body.skip(element)
            }
        }
        try reader.body.expectEnd()
        return reader.mesh
    }

    private init(body: PLYBody) { self.body = body }

    // MARK: Vertices

    /// What a vertex property means.
    private enum Role { case position(Int), normal(Int), color(Int), confidence, other }

    private func role(_ property: PLYHeader.Property) -> Role {
        guard property.countType == nil else { return .other }
        switch property.name {
        case "x": return .position(0)
        case "y": return .position(1)
        case "z": return .position(2)
        case "nx": return .normal(0)
        case "ny": return .normal(1)
        case "nz": return .normal(2)
        case "red": return .color(0)
        case "green": return .color(1)
        case "blue": return .color(2)
        case "alpha": return .color(3)
        case "confidence": return .confidence
        default: return .other
        }
    }

    private mutating func vertices(_ element: PLYHeader.Element) throws(MeshFileError) {
        let roles = element.properties.map { role($0) }
        let names = Set(element.properties.filter { $0.countType == nil }.map { $0.name })
        guard names.isSuperset(of: ["x", "y", "z"]) else { throw body.error("vertices need x, y and z.") }
        guard element.count < Int(UInt32.max) else { throw body.error("more vertices than 32-bit indices can name.") }
        let hasNormals = names.isSuperset(of: ["nx", "ny", "nz"])
        let hasColors = names.isSuperset(of: ["red", "green", "blue"])
        var normals: [SIMD3<Float>] = []
        var colors: [SIMD4<UInt8>] = []
        let hasConfidences = names.contains("confidence")
        var confidences: [Float] = []
        mesh.positions.reserveCapacity(element.count)
        for _ in 0..<element.count {
            var position = SIMD3<Double>.zero
            var normal = SIMD3<Float>.zero
            var color = SIMD4<UInt8>(repeating: 255)
            var confidence: Float = 0
            for (index, property) in element.properties.enumerated() {
                switch roles[index] {
                case .position(let axis): position[axis] = try body.next(property.type)
                case .normal(let axis): normal[axis] = Float(try body.next(property.type))
                case .color(let channel): color[channel] = Self.channel(try body.next(property.type), property.type)
                case .confidence: confidence = Float(try body.next(property.type))
                case .other: try body.skip(property)
                }
            }
            guard position.x.isFinite, position.y.isFinite, position.z.isFinite else {
                throw body.error("a coordinate is NaN or infinite.")
            }
            mesh.positions.append(position)
            if hasNormals { normals.append((normal.x + normal.y + normal.z).isFinite ? normal : .zero) }
            if hasColors { colors.append(color) }
            if hasConfidences { confidences.append(confidence.isFinite ? confidence : 0) }
        }
        mesh.normals = hasNormals ? normals : nil
        mesh.colors = hasColors ? colors : nil
        mesh.confidences = hasConfidences ? confidences : nil
    }

    /// A colour channel as a byte: floats run from 0 to 1, integers over their type's range.
    private static func channel(_ value: Double, _ type: PLYHeader.Scalar) -> UInt8 {
        let scaled =
            switch type {
            case .float, .double: value * 255
            case .int16, .uint16: value / 257
            case .int8, .uint8, .int32, .uint32: value
            }
        return scaled > 0 ? UInt8(min(scaled, 255).rounded()) : 0
    }

    // MARK: Faces

    private mutating func faces(_ element: PLYHeader.Element, vertexCount: Int) throws(MeshFileError) {
        let isCorners = element.properties.map {
            $0.countType != nil && ($0.name == "vertex_indices" || $0.name == "vertex_index")
        }
        guard isCorners.filter({ $0 }).count == 1 || element.count == 0 else {
            throw body.error("faces need one list of vertex_indices.")
        }
        mesh.triangles.reserveCapacity(element.count)
        for _ in 0..<element.count {
            for (index, property) in element.properties.enumerated() {
                if isCorners[index], let countType = property.countType {
                    try corners(countType, property.type, vertexCount: vertexCount)
                } else {
                    try body.skip(property)
                }
            }
        }
    }

    private mutating func corners(
        _ countType: PLYHeader.Scalar, _ type: PLYHeader.Scalar, vertexCount: Int
    ) throws(MeshFileError) {
        let count = Int(try body.nextWhole(countType))
        guard count >= 3 else { throw body.error("a face has \(count) corners; it needs at least three.") }
        try body.require(count, of: body.leastSize(type), "corners")
        let first = try corner(type, vertexCount)
        var previous = try corner(type, vertexCount)
        for _ in 2..<count {
            let next = try corner(type, vertexCount)
            mesh.triangles.append(SIMD3(first, previous, next))
            previous = next
        }
    }

    private mutating func corner(_ type: PLYHeader.Scalar, _ vertexCount: Int) throws(MeshFileError) -> UInt32 {
        let index = try body.nextWhole(type)
        guard Int(index) < vertexCount else {
            throw body.error("a face names vertex \(index), but there are \(vertexCount).")
        }
        return index
    }
}
