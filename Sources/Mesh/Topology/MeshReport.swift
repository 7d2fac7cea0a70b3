// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What there is to say about one mesh: size, extent, and how its faces hang together.
public struct MeshReport: Hashable, Sendable, Codable {
    /// Vertices, including those that no face uses.
    public let vertices: Int
    /// Faces, including degenerate ones.
    public let triangles: Int
    /// Smallest coordinates of all vertices, or `nil` when there are none; units of the mesh.
    public let minimum: [Double]?
    /// Largest coordinates of all vertices.
    public let maximum: [Double]?
    /// Sum of the face areas, in squared units of the mesh; `nil` when it overflows.
    public let area: Double?
    /// Enclosed volume in cubed units of the mesh; `nil` unless the mesh is closed and consistently wound.
    public let volume: Double?
    /// Pieces not connected through shared vertices.
    public let components: Int
    /// Whether there are faces and no boundary.
    public let isClosed: Bool
    /// Whether each edge has at most two faces and the faces around each vertex form one fan.
    public let isManifold: Bool
    /// Whether neighbouring faces agree on which side is outside.
    public let isConsistentlyWound: Bool
    /// Vertices − edges + faces.
    public let eulerCharacteristic: Int
    /// Number of handles; `nil` unless the mesh is a closed, oriented manifold.
    public let genus: Int?
    /// The counts behind the answers above.
    public let topology: MeshTopology
    /// Whether vertices carry normals.
    public let hasNormals: Bool
    /// Whether vertices carry colours.
    public let hasColors: Bool
    /// Whether vertices carry confidences.
    public let hasConfidences: Bool

    /// Examines `mesh`.
    ///
    /// - Throws: ``MeshInvariantError`` when the mesh names vertices that do not exist.
    public init(of mesh: TriangleMesh) throws(MeshInvariantError) {
        let topology = try MeshTopology(of: mesh)
        let bounds = mesh.bounds
        vertices = mesh.positions.count
        triangles = mesh.triangles.count
        minimum = bounds.map { [$0.minimum.x, $0.minimum.y, $0.minimum.z] }
        maximum = bounds.map { [$0.maximum.x, $0.maximum.y, $0.maximum.z] }
        area = mesh.area.isFinite ? mesh.area : nil
        volume = topology.isClosed && topology.isConsistentlyWound && mesh.volume.isFinite ? mesh.volume : nil
        components = topology.components
        isClosed = topology.isClosed
        isManifold = topology.isManifold
        isConsistentlyWound = topology.isConsistentlyWound
        eulerCharacteristic = topology.eulerCharacteristic
        genus = topology.genus
        self.topology = topology
        hasNormals = mesh.normals != nil
        hasColors = mesh.colors != nil
        hasConfidences = mesh.confidences != nil
    }
}
