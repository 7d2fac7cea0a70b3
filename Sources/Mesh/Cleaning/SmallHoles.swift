// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Closes the small holes that cutting leaves, for instance where a thin bridge led from the surface to unknown solid.
package struct SmallHoles {
    /// Longest boundary that is closed, in the units of the mesh.
    package let maximumPerimeter: Double

    /// Closes holes with a boundary of at most `maximumPerimeter`, in the units of the mesh.
    package init(maximumPerimeter: Double) { self.maximumPerimeter = maximumPerimeter }

    /// Boundaries that cutting has left.
    private struct Boundaries {
        /// Sides that are missing for the surface to be closed, ascending; start vertex in the upper half.
        var sides: [UInt64] = []
        /// Where each missing side leads, by its start.
        var next: [UInt32: UInt32] = [:]
        /// Vertices at which boundaries touch.
        var pinched: Set<UInt32> = []
    }

    /// Finds the boundaries among `candidates`.
    private func boundaries(of mesh: TriangleMesh, candidates: [Bool]) -> Boundaries {
        var sides: Set<UInt64> = []
        for face in mesh.triangles {
            for corner in 0..<3 {
                let (from, to) = (face[corner], face[(corner + 1) % 3])
                if candidates[Int(from)] && candidates[Int(to)] { sides.insert(UInt64(from) << 32 | UInt64(to)) }
            }
        }
        // A side without its opposite is on a boundary; the hole's own side runs the other way. The set is only asked:
        // order comes from the sorted list.
        var result = Boundaries()
        result.sides = sides.map { $0 << 32 | $0 >> 32 }.filter { !sides.contains($0) }.sorted()
        for side in result.sides {
            let from = UInt32(side >> 32)
            if result.next.updateValue(UInt32(truncatingIfNeeded: side), forKey: from) != nil {
                result.pinched.insert(from)
            }
        }
        return result
    }

    /// Closes holes by a fan about their middle; their boundaries must be among the edges of `candidates`.
    ///
    /// Faces at places where boundaries touch are cut away first: there a hole has no definite outline.
    ///
    /// - Parameter candidates: Vertices of faces that were cut away.
    /// - Returns: Number of holes closed.
    package func close(in mesh: inout TriangleMesh, candidates: [Bool]) -> Int {
        var candidates = candidates
        var found = boundaries(of: mesh, candidates: candidates)
        for _ in 0..<4 where !found.pinched.isEmpty {
            let isCut = mesh.triangles.map { face in (0..<3).contains { found.pinched.contains(face[$0]) } }
            for (face, corners) in mesh.triangles.enumerated() where isCut[face] {
                for corner in 0..<3 { candidates[Int(corners[corner])] = true }
            }
            mesh.triangles = mesh.triangles.indices.filter { !isCut[$0] }.map { mesh.triangles[$0] }
            found = boundaries(of: mesh, candidates: candidates)
        }
        let (open, next, branching) = (found.sides, found.next, found.pinched)
        var visited: Set<UInt32> = []
        var closed = 0
        for side in open {
            let start = UInt32(side >> 32)
            guard !visited.contains(start) else { continue }
            var loop: [UInt32] = []
            var vertex = start
            repeat {
                visited.insert(vertex)
                loop.append(vertex)
                guard let following = next[vertex] else { break }
                vertex = following
            } while !visited.contains(vertex)
            // Where boundaries touch, a loop is ambiguous.
            guard vertex == start, loop.count >= 3, !loop.contains(where: branching.contains) else { continue }
            if fill(loop, in: &mesh) { closed += 1 }
        }
        return closed
    }

    /// Adds the fan of one hole unless it is too large; says whether it did.
    private func fill(_ loop: [UInt32], in mesh: inout TriangleMesh) -> Bool {
        let corners = loop.map { mesh.positions[Int($0)] }
        var perimeter = 0.0
        for index in corners.indices { perimeter += (corners[(index + 1) % corners.count] - corners[index]).length }
        guard perimeter <= maximumPerimeter, mesh.positions.count < Int(UInt32.max) else { return false }
        if loop.count == 3 {
            mesh.triangles.append(SIMD3(loop[0], loop[1], loop[2]))
            return true
        }
        let middle = UInt32(mesh.positions.count)
        mesh.positions.append(corners.reduce(.zero, +) / Double(corners.count))
        if let colors = mesh.colors {
            var sum = SIMD4<Float>.zero
            for vertex in loop { sum += SIMD4<Float>(colors[Int(vertex)]) }
            mesh.colors?.append(
                SIMD4<UInt8>(clamping: SIMD4<Int32>((sum / Float(loop.count)).rounded(.toNearestOrEven))))
        }
        if let normals = mesh.normals {
            mesh.normals?.append(loop.reduce(SIMD3<Float>.zero) { $0 + normals[Int($1)] }.normalized)
        }
        // Nothing speaks for what fills a hole.
        mesh.confidences?.append(0)
        for index in loop.indices {
            mesh.triangles.append(SIMD3(loop[index], loop[(index + 1) % loop.count], middle))
        }
        return true
    }
}
