// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// The field that an engine makes of sections, in one go.
struct EngineField {
    /// In the normalised cube.
    let field: any ScalarField
    /// Whether positive values are inside.
    let isPositiveInside: Bool
    /// From the world to the cube.
    let cubeFromWorld: UniformSimilarity

    /// Makes the field.
    ///
    /// - Returns: `nil` when `cancellation` said so.
    static func make(
        _ slices: SliceSet, engine: SliceEngine, options: SliceReconstructionOptions, threads: Int,
        progress: ProgressHandler?, cancellation: CancellationCheck?
    ) throws(OptionsError) -> EngineField? {
        switch engine {
        case .thinPlate:
            let plate = try ThinPlateReconstructor(slices, options: options, threads: threads)
            guard let fit = plate.fit(progress: progress, cancellation: cancellation) else { return nil }
            return EngineField(field: fit.field, isPositiveInside: false, cubeFromWorld: fit.cubeFromWorld)
        case .occupancy:
            let network = try SliceReconstructor(slices, options: options, threads: threads)
            while !network.trainer.isFinished {
                if cancellation?() == true { return nil }
                network.advance(progress: progress)
            }
            return EngineField(
                field: OccupancyField(network.trainer.network), isPositiveInside: true,
                cubeFromWorld: network.cubeFromWorld)
        }
    }

    /// Scores the field on sections in world units.
    func agreement(with sections: [CrossSection], threads: Int) throws(OptionsError) -> SliceAgreement {
        let isPositiveInside = isPositiveInside
        return try SliceAgreement.measure(
            sections, field: field, fieldFromWorld: cubeFromWorld, threads: threads
        ) { $0 != 0 && ($0 > 0) == isPositiveInside }
    }
}
