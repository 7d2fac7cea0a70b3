// SPDX-License-Identifier: Apache-2.0

/// Size of one block of samples.
public struct SDFBlockSize: Hashable, Sendable {
    /// Most samples of a block.
    public static let capacity = SDFWorkspace.capacity

    /// Samples of the block.
    public let rows: Int
    /// Leading samples at which the gradient by position is computed, too; it costs as much again as the value.
    public let gradientRows: Int

    /// Creates a size.
    ///
    /// - Precondition: `0 ≤ gradientRows ≤ rows ≤ capacity`.
    public init(rows: Int, gradientRows: Int) {
        precondition(
            0 <= gradientRows && gradientRows <= rows && rows <= Self.capacity,
            "a block has at most \(Self.capacity) rows, not \(rows) with \(gradientRows) gradients")
        self.rows = rows
        self.gradientRows = gradientRows
    }

    /// Blocks that hold `count` samples, all but the last one full.
    public static func covering(_ count: Int, gradients: Bool) -> [SDFBlockSize] {
        stride(from: 0, to: count, by: capacity).map { start in
            let rows = min(capacity, count - start)
            return SDFBlockSize(rows: rows, gradientRows: gradients ? rows : 0)
        }
    }
}

/// The samples of one block after evaluation, and places for the derivatives of a loss.
public struct SDFSamples {
    /// Positions as drawn, in the frame of the cube.
    public let points: UnsafeBufferPointer<SIMD3<Float>>
    /// What the objective noted for each sample when it drew them.
    public let notes: UnsafeBufferPointer<SIMD4<Float>>
    /// Values of the field.
    public let values: UnsafeBufferPointer<Float>
    /// Gradients by position of the leading samples.
    public let gradients: UnsafeBufferPointer<SIMD3<Float>>
    /// Derivative of the loss by each value; zero at first.
    public let valueAdjoints: UnsafeMutableBufferPointer<Float>
    /// Derivative of the loss by each gradient; zero at first.
    public let gradientAdjoints: UnsafeMutableBufferPointer<SIMD3<Float>>
}

/// What one training step minimises: where the field is asked, and how the loss depends on its values and gradients there.
///
/// A loss term only has to say its derivatives by value and gradient at a sample; everything behind them is the trainer's.
/// Samples whose derivatives all stay zero cost no backward pass. Losses that couple samples, such as those of one ray, keep
/// them in one block. Calls for different blocks run concurrently and must depend on nothing but the block's number.
public protocol SDFObjective: Sendable {
    /// Sizes of all blocks.
    var blocks: [SDFBlockSize] { get }

    /// Writes the positions of a block's samples, and notes on them that ``differentiate(block:samples:)`` gets back.
    func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>)

    /// Writes the derivatives of the loss; returns the block's share of the loss.
    func differentiate(block: Int, samples: SDFSamples) -> Double
}
