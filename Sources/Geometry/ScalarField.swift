// SPDX-License-Identifier: Apache-2.0

/// A real-valued function of space that can be asked at many points at once: a neural field, an analytic shape, a grid.
public protocol ScalarField: Sendable {
    /// Evaluates the field.
    ///
    /// May be called from several threads at once, and must return the same bits for a point whatever its neighbours in
    /// the batch are, so that extraction does not depend on how points are grouped.
    ///
    /// - Parameters:
    ///   - points: Positions in the field's own frame.
    ///   - values: As many places as there are points; `values[i]` is written with the value at `points[i]`.
    func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>)
}

extension ScalarField {
    /// Evaluates the field at `points` and returns one value for each.
    public func values(at points: [SIMD3<Float>]) -> [Float] {
        [Float](unsafeUninitializedCapacity: points.count) { buffer, count in
            let values = UnsafeMutableBufferPointer(rebasing: buffer[..<points.count])
            points.withUnsafeBufferPointer { evaluate(at: $0, into: values) }
            count = points.count
        }
    }
}

/// A field given by a closure; for analytic shapes and tests.
public struct ClosureField: ScalarField {
    private let function: @Sendable (SIMD3<Float>) -> Float

    /// Wraps `function`, which must be pure.
    public init(_ function: @escaping @Sendable (SIMD3<Float>) -> Float) {
        self.function = function
    }

    /// Calls the closure for each point.
    public func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>) {
        for index in points.indices { values[index] = function(points[index]) }
    }
}
