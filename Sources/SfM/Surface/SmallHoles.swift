// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Closes the small holes that cutting leaves, for instance where a thin bridge led from the surface to unknown solid.
struct SmallHoles {
    /// Longest boundary that is closed, in the units of the mesh.
    let maximumPerimeter: Double

    /// Closes holes by a fan about their middle; their boundaries must be among the edges of `candidates`.
    ///
    /// - Parameter candidates: Vertices of faces that were cut away.
    /// - Returns: Number of holes closed.
    func close(in mesh: inout TriangleMesh, candidates: [Bool]) -> Int {
        var sides: Set<UInt64> = []
        for face in mesh.triangles {
            for corner in 0..<3 {
                let (from, to) = (face[corner], face[(corner + 1) % 3])
                if candidates[Int(from)] && candidates[Int(to)] { sides.insert(Self.key(from, to)) }
            }
        }
        // A side without its opposite is on a boundary; the hole's own side runs the other way. The set is only asked:
        // order comes from the sorted list.
        let open = sides.filter { !sides.contains($0 << 32 | $0 >> 32) }.map { $0 << 32 | $0 >> 32 }.sorted()
        var next: [UInt32: UInt32] = [:]
        var branching: Set<UInt32> = []
        for side in open {
            let from = UInt32(side >> 32)
            if next.updateValue(UInt32(truncatingIfNeeded: side), forKey: from) != nil { branching.insert(from) }
        }
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

    private static func key(_ from: UInt32, _ to: UInt32) -> UInt64 { UInt64(from) << 32 | UInt64(to) }

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
        for index in loop.indices {
            mesh.triangles.append(SIMD3(loop[index], loop[(index + 1) % loop.count], middle))
        }
        return true
    }
}
