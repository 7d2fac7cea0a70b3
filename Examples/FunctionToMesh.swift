// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// Writes the surface where a formula is zero as a closed mesh; here a torus about the z axis.
public func writeTorus(majorRadius: Float, minorRadius: Float, cells: Int, to path: String) throws -> TriangleMesh {
    let torus = ClosureField { point in
        let ring = (point.x * point.x + point.y * point.y).squareRoot() - majorRadius
        return (ring * ring + point.z * point.z).squareRoot() - minorRadius
    }
    let reach = Double(majorRadius + minorRadius)
    let box = Box(
        minimum: SIMD3(-reach, -reach, -Double(minorRadius)), maximum: SIMD3(reach, reach, Double(minorRadius)))
    let grid = RegularGrid(covering: box.expanded(by: 0.1 * reach), cells: cells)
    let mesh = try MarchingCubes.extract(from: torus, grid: grid).mesh
    try MeshFile.write(mesh, to: path)
    return mesh
}
