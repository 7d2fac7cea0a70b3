// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Pieces of a mesh that hang together through shared vertices.
public struct ConnectedComponents: Sendable {
    /// For each vertex the number of its component, or `nil` when no face uses it.
    public let componentOfVertex: [Int?]
    /// For each face the number of its component.
    public let componentOfFace: [Int]
    /// Number of components; they are numbered by their smallest vertex.
    public let count: Int

    /// Finds the components of `mesh`.
    ///
    /// - Precondition: all indices are in range.
    /// - Complexity: O(vertices + faces), up to the inverse Ackermann function.
    public init(of mesh: TriangleMesh) {
        var sets = DisjointSets(count: mesh.positions.count)
        var used = [Bool](repeating: false, count: mesh.positions.count)
        for face in mesh.triangles {
            sets.join(Int(face.x), Int(face.y))
            sets.join(Int(face.x), Int(face.z))
            for corner in 0..<3 { used[Int(face[corner])] = true }
        }
        var numbers = [Int?](repeating: nil, count: mesh.positions.count)
        var next = 0
        for vertex in mesh.positions.indices where used[vertex] {
            let root = sets.root(of: vertex)
            if root == vertex {
                numbers[vertex] = next
                next += 1
            } else {
                numbers[vertex] = numbers[root]
            }
        }
        componentOfVertex = numbers
        componentOfFace = mesh.triangles.map { numbers[Int($0.x)] ?? 0 }
        count = next
    }
}

/// One component, described for a decision whether to keep it.
public struct ComponentSummary: Sendable {
    /// Number of the component.
    public let index: Int
    /// Number of its faces.
    public fileprivate(set) var faces = 0
    /// Box around its vertices.
    public fileprivate(set) var bounds: Box
    /// Sum of its face areas.
    public fileprivate(set) var area = 0.0
    /// Its signed volume; negative for cavities and for components turned inside out.
    public fileprivate(set) var volume = 0.0
    /// Its vertices, ascending.
    public fileprivate(set) var vertices: [Int] = []
}

extension ConnectedComponents {
    /// Describes all components, in their order.
    public func summaries(of mesh: TriangleMesh) -> [ComponentSummary] {
        let nothing = Box(
            minimum: SIMD3(repeating: .infinity), maximum: SIMD3(repeating: -.infinity))
        var result = (0..<count).map { ComponentSummary(index: $0, bounds: nothing) }
        for (vertex, component) in componentOfVertex.enumerated() {
            guard let component else { continue }
            let position = mesh.positions[vertex]
            result[component].vertices.append(vertex)
            result[component].bounds.minimum = pointwiseMin(result[component].bounds.minimum, position)
            result[component].bounds.maximum = pointwiseMax(result[component].bounds.maximum, position)
        }
        for (face, component) in componentOfFace.enumerated() {
            let center = result[component].bounds.center
            let (a, b, c) = mesh.corners(of: face)
            result[component].faces += 1
            result[component].area += 0.5 * (b - a).cross(c - a).length
            result[component].volume += (a - center).dot((b - center).cross(c - center)) / 6
        }
        return result
    }
}
