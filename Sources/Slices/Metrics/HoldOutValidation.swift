// SPDX-License-Identifier: Apache-2.0

import Geometry

/// How well an engine guesses slices that it has not seen.
///
/// Inner planes are dealt into folds in turn; each fold is left out once, and the field made of the others is compared with
/// its contours. Planes at the ends of a parallel stack are never left out: what lies beyond the last slice nobody can know.
/// The gaps are twice as wide as those of the real input, so the figures are a ranking, not an estimate of the true error.
public struct HoldOutValidation: Sendable, Codable, Hashable {
    /// A plane that was left out.
    public struct Plane: Sendable, Codable, Hashable {
        /// Number of the plane in its file, from 1.
        public let number: Int
        /// Intersection over union of the guess and the plane's contours.
        public let iou: Double
    }

    /// Times that a field was made.
    public let folds: Int
    /// What made it.
    public let engine: SliceEngine
    /// All planes that were left out, by number.
    public let planes: [Plane]

    /// Unweighted mean over planes; 1 when no plane could be left out.
    public var meanIoU: Double {
        planes.isEmpty ? 1 : planes.map(\.iou).reduce(0, +) / Double(planes.count)
    }
    /// The plane that was guessed worst.
    public var worst: Plane? { planes.min { $0.iou < $1.iou } }

    /// Runs the validation; takes as long as `folds` reconstructions without meshes.
    ///
    /// - Parameters:
    ///   - slices: Sections in world units; fewer than three planes leave nothing to hold out.
    ///   - engine: What guesses the planes that are left out.
    ///   - options: Of the engine.
    ///   - folds: 2 or more; never more than there are inner planes.
    ///   - threads: Bound on concurrency; the result does not depend on it.
    ///   - progress: Told how far each reconstruction is.
    ///   - cancellation: Asked several times a second.
    /// - Returns: `nil` when `cancellation` said so.
    /// - Throws: `OptionsError`, ``SliceSetError``.
    public static func measure(
        _ slices: SliceSet, engine: SliceEngine, options: SliceReconstructionOptions, folds: Int = 3, threads: Int,
        progress: ProgressHandler? = nil, cancellation: CancellationCheck? = nil
    ) throws -> HoldOutValidation? {
        precondition(folds >= 2, "validation needs at least 2 folds, got \(folds)")
        let inner = innerSections(slices)
        let count = min(folds, inner.count)
        var planes: [Plane] = []
        for fold in 0..<count {
            let held = Set(stride(from: fold, to: inner.count, by: count).map { inner[$0] })
            let rest = slices.sections.indices.filter { !held.contains($0) }.map { slices.sections[$0] }
            guard
                let field = try EngineField.make(
                    try SliceSet(sections: rest), engine: engine, options: options, threads: threads,
                    progress: progress, cancellation: cancellation)
            else { return nil }
            let score = try field.agreement(with: held.sorted().map { slices.sections[$0] }, threads: threads)
            planes += score.planes.map { Plane(number: $0.number, iou: $0.iou) }
        }
        return HoldOutValidation(folds: count, engine: engine, planes: planes.sorted { $0.number < $1.number })
    }

    /// Places of the planes with contours that may be left out, in the order in which they are dealt.
    private static func innerSections(_ slices: SliceSet) -> [Int] {
        let filled = slices.sections.indices.filter { !slices.sections[$0].isEmpty }
        guard slices.isParallelStack() else { return filled.count > 2 ? filled : [] }
        let normal = slices.sections[filled[0]].plane.normal
        let sorted = filled.sorted {
            normal.dot(slices.sections[$0].plane.origin) < normal.dot(slices.sections[$1].plane.origin)
        }
        return Array(sorted.dropFirst().dropLast())
    }
}
