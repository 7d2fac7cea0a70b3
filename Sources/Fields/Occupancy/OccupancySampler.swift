// SPDX-License-Identifier: Apache-2.0

/// Where training samples of an occupancy field come from.
public protocol OccupancySampler: Sendable {
    /// Draws the samples of one tile; the same call always draws the same samples.
    ///
    /// May be called from several threads at once.
    ///
    /// - Parameters:
    ///   - step: Number of the training step; names the random numbers together with `tile`.
    ///   - tile: Number of the tile within its step.
    ///   - progress: Position in the training, `0 ..< 1`; decides the refinement level.
    ///   - rows: Samples to write.
    ///   - nearRows: The first `nearRows` samples must lie near the boundary: the gradient penalty looks at these.
    ///   - points: `[rows × 4]` positions (x, y, z, 0) in the normalised cube.
    ///   - labels: `[rows]` occupancy: 1 inside, 0 outside, 0.5 on the boundary.
    func fill(
        step: Int, tile: Int, progress: Double, rows: Int, nearRows: Int, points: UnsafeMutablePointer<Float>,
        labels: UnsafeMutablePointer<Float>)
}
