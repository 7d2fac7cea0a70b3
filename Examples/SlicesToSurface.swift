// SPDX-License-Identifier: Apache-2.0

import Fields
import Mesh
import Slices

/// Fits a closed surface to the cross-sections in a CSL file, and measures how well it agrees with them.
///
/// - Parameter steps: Training steps; the default of ``SliceReconstructionOptions`` takes about half a minute.
public func fitSurface(
    toSlicesAt path: String, steps: Int = SliceReconstructionOptions().training.steps, threads: Int = 2
) throws -> (mesh: TriangleMesh, agreement: SliceAgreement) {
    let (slices, repairs) = try CSLReader.read(path: path)
    for repair in repairs { print(repair) }

    var options = SliceReconstructionOptions(quality: .default)
    options.training.steps = steps
    let reconstructor = try SliceReconstructor(slices, options: options, threads: threads)
    while !reconstructor.trainer.isFinished { reconstructor.advance() }

    let mesh = try reconstructor.extract().mesh
    let agreement = try SliceAgreement.measure(
        slices, positions: mesh.positions, triangles: mesh.triangles, threads: threads)
    return (mesh, agreement)
}
