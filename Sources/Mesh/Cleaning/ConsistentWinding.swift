// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Turns faces so that neighbours agree on which side is outside.
///
/// Faces are neighbours across edges with exactly two faces; at other edges nothing can be said. Within a patch of
/// neighbours the sense that holds more area stays, so a patch that already agrees is left as it is. A patch that had to be
/// changed and is closed is then turned outwards.
struct ConsistentWinding {
    /// Which faces must be turned.
    private(set) var isTurned: [Bool]
    /// Whether patches exist that cannot agree, such as a Möbius strip.
    private(set) var isOrientable = true

    init(_ mesh: TriangleMesh) {
        let count = mesh.triangles.count
        isTurned = [Bool](repeating: false, count: count)
        // Three slots for each face: the neighbour across each side, and whether it walks the side in the same direction.
        var neighbors = [(face: Int32, isEqual: Bool)](repeating: (-1, false), count: 3 * count)
        var isOpen = [Bool](repeating: false, count: count)
        EdgeTable(mesh).forEachEdge { _, sides in
            guard sides.count == 2, let a = sides.first, let b = sides.last else {
                for side in sides { isOpen[Int(side.corner) / 3] = true }
                return
            }
            let isEqual = a.ascending == b.ascending
            neighbors[Int(a.corner)] = (Int32(b.corner / 3), isEqual)
            neighbors[Int(b.corner)] = (Int32(a.corner / 3), isEqual)
        }
        var isVisited = [Bool](repeating: false, count: count)
        for start in 0..<count where !isVisited[start] {
            var patch = [start]
            isVisited[start] = true
            var next = 0
            while next < patch.count {
                let face = patch[next]
                next += 1
                for slot in 3 * face..<3 * face + 3 {
                    let other = Int(neighbors[slot].face)
                    guard other >= 0 else { continue }
                    let wanted = isTurned[face] != neighbors[slot].isEqual
                    if !isVisited[other] {
                        isVisited[other] = true
                        isTurned[other] = wanted
                        patch.append(other)
                    } else if isTurned[other] != wanted {
                        isOrientable = false
                    }
                }
            }
            settle(patch, of: mesh, isClosed: !patch.contains { isOpen[$0] })
        }
    }

    /// Chooses between the two senses of a patch.
    private mutating func settle(_ patch: [Int], of mesh: TriangleMesh, isClosed: Bool) {
        let origin = mesh.corners(of: patch[0]).0
        var (turned, kept, volume) = (0.0, 0.0, 0.0)
        for face in patch {
            let (a, b, c) = mesh.corners(of: face)
            let area = (b - a).cross(c - a).length
            if isTurned[face] { turned += area } else { kept += area }
            let part = (a - origin).dot((b - origin).cross(c - origin))
            volume += isTurned[face] ? -part : part
        }
        let hasBoth = patch.contains { isTurned[$0] }
        guard hasBoth else { return }
        let isInverted = isClosed && volume != 0 ? volume < 0 : turned > kept
        if isInverted { for face in patch { isTurned[face].toggle() } }
    }

    /// The mesh with these faces turned; normals are the caller's to renew.
    func apply(to mesh: TriangleMesh) -> TriangleMesh {
        var result = mesh
        for face in mesh.triangles.indices where isTurned[face] {
            let corners = mesh.triangles[face]
            result.triangles[face] = SIMD3(corners.x, corners.z, corners.y)
        }
        return result
    }
}
