// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the arrays of a ``TriangleMesh``.
public enum MeshInvariantError: Error, Equatable, Sendable, CustomStringConvertible {
    /// More vertices than 32-bit indices can name.
    case tooManyVertices(Int)
    /// Face `face` names vertex `index`, but only `vertices` exist.
    case indexOutOfRange(face: Int, index: Int, vertices: Int)
    /// A coordinate of `vertex` is NaN or infinite.
    case positionNotFinite(vertex: Int)
    /// `attribute` has `count` entries for `vertices` vertices.
    case attributeCount(attribute: String, count: Int, vertices: Int)

    /// What happened, and to what.
    public var description: String {
        switch self {
        case .tooManyVertices(let count): "The mesh has \(count) vertices; 32-bit indices name at most \(UInt32.max)."
        case .indexOutOfRange(let face, let index, let vertices):
            "Face \(face) names vertex \(index), but there are \(vertices) vertices."
        case .positionNotFinite(let vertex): "Vertex \(vertex) has a coordinate that is NaN or infinite."
        case .attributeCount(let attribute, let count, let vertices):
            "There are \(count) \(attribute) for \(vertices) vertices."
        }
    }
}

extension TriangleMesh {
    /// Throws when an index is out of range, a position is not finite, or an attribute has the wrong length.
    ///
    /// - Complexity: O(vertices + faces).
    public func checkInvariants() throws(MeshInvariantError) {
        guard positions.count <= Int(UInt32.max) else { throw .tooManyVertices(positions.count) }
        for (face, corners) in triangles.enumerated() where Int(corners.max()) >= positions.count {
            throw .indexOutOfRange(face: face, index: Int(corners.max()), vertices: positions.count)
        }
        for (vertex, position) in positions.enumerated() {
            guard position.x.isFinite, position.y.isFinite, position.z.isFinite else {
                throw .positionNotFinite(vertex: vertex)
            }
        }
        for (name, count) in [
            ("normals", normals?.count), ("colors", colors?.count), ("confidences", confidences?.count),
        ] {
            guard let count, count != positions.count else { continue }
            throw .attributeCount(attribute: name, count: count, vertices: positions.count)
        }
    }
}
