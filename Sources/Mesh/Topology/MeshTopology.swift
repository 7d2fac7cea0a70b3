// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How the faces of a mesh hang together. Counts say how many places break a rule; all rules hold when they are 0.
public struct MeshTopology: Hashable, Sendable, Codable {
    /// Vertices that some proper face uses.
    public private(set) var vertices = 0
    /// Distinct undirected edges.
    public private(set) var edges = 0
    /// Faces with three different vertices.
    public private(set) var faces = 0
    /// Vertices that no proper face uses.
    public private(set) var unreferencedVertices = 0
    /// Faces that name a vertex twice; they take no part in the other counts.
    public private(set) var collapsedFaces = 0
    /// Faces with three different vertices and an area of exactly 0.
    public private(set) var zeroAreaFaces = 0
    /// Edges with one face.
    public private(set) var boundaryEdges = 0
    /// Edges with three faces or more.
    public private(set) var nonManifoldEdges = 0
    /// Vertices whose faces form more than one fan.
    public private(set) var nonManifoldVertices = 0
    /// Edges with two faces that walk them in the same direction.
    public private(set) var misorientedEdges = 0
    /// Pieces not connected through shared vertices.
    public private(set) var components = 0

    /// Whether there are faces and no boundary.
    public var isClosed: Bool { faces > 0 && boundaryEdges == 0 }
    /// Whether each edge has at most two faces and the faces around each vertex form one fan.
    public var isManifold: Bool { nonManifoldEdges == 0 && nonManifoldVertices == 0 }
    /// Whether neighbouring faces agree on which side is outside.
    public var isConsistentlyWound: Bool { misorientedEdges == 0 && nonManifoldEdges == 0 }
    /// Vertices − edges + faces.
    public var eulerCharacteristic: Int { vertices - edges + faces }
    /// Number of handles, summed over components; `nil` unless the mesh is a closed, oriented manifold.
    public var genus: Int? {
        guard isClosed, isManifold, isConsistentlyWound else { return nil }
        return (2 * components - eulerCharacteristic) / 2
    }

    /// Examines `mesh`.
    ///
    /// - Throws: ``MeshInvariantError`` when the mesh names vertices that do not exist.
    /// - Complexity: O(n log n) at worst, linear for meshes with bounded valence.
    public init(of mesh: TriangleMesh) throws(MeshInvariantError) {
        try mesh.checkInvariants()
        countFaces(of: mesh)
        var pieces = DisjointSets(count: mesh.positions.count)
        var fans = DisjointSets(count: 3 * mesh.triangles.count)
        EdgeTable(mesh).forEachEdge { lower, sides in
            countEdge(sides)
            pieces.join(lower, Int(sides[sides.startIndex].upper))
            // Corners of neighbouring faces at either end of their common edge belong to one fan.
            let first = sides[sides.startIndex]
            for side in sides.dropFirst() {
                fans.join(first.corner(at: .lower), side.corner(at: .lower))
                fans.join(first.corner(at: .upper), side.corner(at: .upper))
            }
        }
        countVertices(of: mesh, pieces: &pieces, fans: &fans)
    }

    private mutating func countFaces(of mesh: TriangleMesh) {
        for (index, face) in mesh.triangles.enumerated() {
            guard face.isProper else {
                collapsedFaces += 1
                continue
            }
            faces += 1
            let (a, b, c) = mesh.corners(of: index)
            if (b - a).cross(c - a) == .zero { zeroAreaFaces += 1 }
        }
    }

    private mutating func countEdge(_ sides: ArraySlice<EdgeTable.Side>) {
        edges += 1
        switch sides.count {
        case 1: boundaryEdges += 1
        case 2:
            if sides[sides.startIndex].ascending == sides[sides.startIndex + 1].ascending { misorientedEdges += 1 }
        default: nonManifoldEdges += 1
        }
    }

    private mutating func countVertices(of mesh: TriangleMesh, pieces: inout DisjointSets, fans: inout DisjointSets) {
        var fanCount = [UInt32](repeating: 0, count: mesh.positions.count)
        for (index, face) in mesh.triangles.enumerated() where face.isProper {
            for corner in 0..<3 where fans.root(of: 3 * index + corner) == 3 * index + corner {
                fanCount[Int(face[corner])] += 1
            }
        }
        for (vertex, count) in fanCount.enumerated() {
            if count == 0 { unreferencedVertices += 1 } else { vertices += 1 }
            if count > 1 { nonManifoldVertices += 1 }
            if count > 0, pieces.root(of: vertex) == vertex { components += 1 }
        }
    }
}

extension EdgeTable.Side {
    enum End { case lower, upper }

    /// The corner of this side's face at one end of the edge.
    func corner(at end: End) -> Int {
        let start = Int(corner)
        let next = start % 3 == 2 ? start - 2 : start + 1
        return (end == .lower) == ascending ? start : next
    }
}

extension SIMD3<UInt32> {
    /// Whether a face names three different vertices.
    var isProper: Bool { x != y && y != z && z != x }
}
