// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh

extension MeshSamples {
    /// A sphere of latitudes and longitudes, closed, faces outwards, about 4 · rings² faces.
    static func sphere(_ radius: Double, center: SIMD3<Double> = .zero, rings: Int = 96) -> TriangleMesh {
        var mesh = TriangleMesh(positions: [center + SIMD3(0, 0, radius)])
        let around = 2 * rings
        for ring in 1..<rings {
            let polar = Double.pi * Double(ring) / Double(rings)
            for step in 0..<around {
                let angle = 2 * Double.pi * Double(step) / Double(around)
                mesh.positions.append(
                    center + radius * SIMD3(sin(polar) * cos(angle), sin(polar) * sin(angle), cos(polar)))
            }
        }
        mesh.positions.append(center + SIMD3(0, 0, -radius))
        let last = UInt32(mesh.positions.count - 1)
        for step in 0..<around {
            let next = (step + 1) % around
            let at = { (ring: Int, step: Int) in UInt32(1 + (ring - 1) * around + step) }
            mesh.triangles.append(SIMD3(0, at(1, step), at(1, next)))
            for ring in 1..<rings - 1 {
                mesh.triangles.append(SIMD3(at(ring, step), at(ring + 1, step), at(ring + 1, next)))
                mesh.triangles.append(SIMD3(at(ring, step), at(ring + 1, next), at(ring, next)))
            }
            mesh.triangles.append(SIMD3(at(rings - 1, step), last, at(rings - 1, next)))
        }
        return mesh
    }

    /// A torus about the z axis, closed, faces outwards, 2 · segments² faces.
    static func torus(_ major: Double, _ minor: Double, segments: Int) -> TriangleMesh {
        var mesh = TriangleMesh()
        for i in 0..<segments {
            for j in 0..<segments {
                let (u, v) = (
                    2 * Double.pi * Double(i) / Double(segments), 2 * Double.pi * Double(j) / Double(segments)
                )
                let out = major + minor * cos(v)
                mesh.positions.append(SIMD3(out * cos(u), out * sin(u), minor * sin(v)))
                let at = { (i: Int, j: Int) in UInt32(i % segments * segments + j % segments) }
                mesh.triangles.append(SIMD3(at(i, j), at(i + 1, j), at(i + 1, j + 1)))
                mesh.triangles.append(SIMD3(at(i, j), at(i + 1, j + 1), at(i, j + 1)))
            }
        }
        return mesh
    }

    /// A grid of 2 · cells² faces over the unit square at height 0, seen from above.
    static func plate(cells: Int) -> TriangleMesh {
        var mesh = TriangleMesh()
        for row in 0...cells {
            for column in 0...cells {
                mesh.positions.append(SIMD3(Double(column) / Double(cells), Double(row) / Double(cells), 0))
            }
        }
        for row in 0..<cells {
            for column in 0..<cells {
                let first = UInt32(row * (cells + 1) + column)
                let above = first + UInt32(cells + 1)
                mesh.triangles += [SIMD3(first, first + 1, above + 1), SIMD3(first, above + 1, above)]
            }
        }
        return mesh
    }
}
