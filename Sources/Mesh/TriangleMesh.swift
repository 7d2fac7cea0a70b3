// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A surface made of triangles that share vertices.
///
/// Positions are `Double`: surveys (UTM, 5·10⁶ m) and scanners (2,000 mm off the origin) put small objects far from the
/// origin, where `Float` would move vertices by a good part of a cell. Faces are counter-clockwise seen from outside.
public struct TriangleMesh: Hashable, Sendable {
    /// One position for each vertex, in the frame and units of the user.
    public var positions: [SIMD3<Double>]
    /// Vertex indices of each face, counter-clockwise seen from outside.
    public var triangles: [SIMD3<UInt32>]
    /// One unit normal for each vertex (zero where undefined), or `nil`.
    public var normals: [SIMD3<Float>]?
    /// One red, green, blue, alpha for each vertex, 0 to 255, or `nil`.
    public var colors: [SIMD4<UInt8>]?
    /// How much speaks for each vertex, from 0 (nothing) to 1, or `nil`; what makes it up is said where it is made.
    public var confidences: [Float]?

    /// Creates a mesh; see ``checkInvariants()`` for what must hold.
    public init(
        positions: [SIMD3<Double>] = [], triangles: [SIMD3<UInt32>] = [], normals: [SIMD3<Float>]? = nil,
        colors: [SIMD4<UInt8>]? = nil, confidences: [Float]? = nil
    ) {
        self.positions = positions
        self.triangles = triangles
        self.normals = normals
        self.colors = colors
        self.confidences = confidences
    }

    /// Whether there is no face.
    public var isEmpty: Bool { triangles.isEmpty }

    /// The three corners of face `index`.
    public func corners(of index: Int) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let face = triangles[index]
        return (positions[Int(face.x)], positions[Int(face.y)], positions[Int(face.z)])
    }

    /// The mesh in another frame: each position is mapped in `Double`; normals and winding stay, as the scale is positive.
    public func transformed(by map: UniformSimilarity) -> TriangleMesh {
        var result = self
        result.positions = positions.map { map($0) }
        return result
    }
}
