// SPDX-License-Identifier: Apache-2.0

/// Builds a mesh from loose faces; corners at exactly equal positions (+0 and −0 are equal) become one vertex.
///
/// Vertices are numbered by first appearance; the dictionary is only asked, never walked, so its order reaches nothing.
struct WeldedMeshBuilder {
    private(set) var mesh = TriangleMesh()
    private var numbers: [SIMD3<Double>: UInt32] = [:]

    /// The vertex at `position`, made when there is none; `nil` when 32-bit indices run out.
    mutating func vertex(at position: SIMD3<Double>) -> UInt32? {
        if let known = numbers[position] { return known }
        guard let number = UInt32(exactly: mesh.positions.count), number < .max else { return nil }
        numbers[position] = number
        mesh.positions.append(position)
        return number
    }

    /// Adds one face.
    mutating func add(_ corners: [SIMD3<Double>], at place: MeshFileError.Place) throws(MeshFileError) {
        var face = SIMD3<UInt32>.zero
        for (index, corner) in corners.prefix(3).enumerated() {
            guard let vertex = vertex(at: corner) else { throw .malformed(.stl, place, "too many vertices.") }
            face[index] = vertex
        }
        mesh.triangles.append(face)
    }
}
