// SPDX-License-Identifier: Apache-2.0

/// One named tensor inside a ``ParameterVector``.
public struct TensorSpan: Hashable, Sendable {
    /// Name in checkpoints, for instance `layers.0.weight`.
    public let name: String
    /// Rows and columns; a vector has one row.
    public let rows: Int
    /// Columns that hold numbers.
    public let columns: Int
    /// Distance between rows, a multiple of 16.
    public let rowStride: Int
    /// Offset of the first number.
    public let offset: Int
}

/// All trainable numbers of a field in one padded vector, so that an optimiser needs no structure.
///
/// Padding is zero, gets zero gradients, and therefore stays zero under every optimiser.
public final class ParameterVector: Sendable {
    /// The tensors in ascending order of their offsets.
    public let tensors: [TensorSpan]
    package let buffer: FloatBuffer

    /// Lays tensors out one after the other, rows padded to multiples of 16 floats.
    init(_ shapes: [(name: String, rows: Int, columns: Int)]) {
        var spans: [TensorSpan] = []
        var offset = 0
        for shape in shapes {
            let stride = Self.rowStride(columns: shape.columns)
            spans.append(
                TensorSpan(
                    name: shape.name, rows: shape.rows, columns: shape.columns, rowStride: stride, offset: offset))
            offset += shape.rows * stride
        }
        tensors = spans
        buffer = FloatBuffer(count: offset)
    }

    /// Length including padding.
    public var count: Int { buffer.count }

    /// Trainable numbers, without padding.
    public var parameterCount: Int { tensors.reduce(0) { $0 + $1.rows * $1.columns } }

    /// Row stride for `columns` floats: padded to 16, and off powers of two, where rows would compete for cache sets.
    static func rowStride(columns: Int) -> Int {
        let padded = (columns + 15) / 16 * 16
        return padded % 128 == 0 ? padded + 16 : padded
    }

    /// The tensor called `name`.
    public func tensor(_ name: String) -> TensorSpan? { tensors.first { $0.name == name } }

    /// The numbers of `tensor`, `[rows × columns]` row-major without padding.
    public func values(of tensor: TensorSpan, in vector: UnsafePointer<Float>? = nil) -> [Float] {
        let base = vector ?? UnsafePointer(buffer.pointer)
        return (0..<tensor.rows).flatMap { row in
            let start = base + tensor.offset + row * tensor.rowStride
            return (0..<tensor.columns).map { start[$0] }
        }
    }

    /// Replaces the numbers of `tensor` with `values`, `[rows × columns]` row-major.
    public func set(_ tensor: TensorSpan, to values: [Float]) { set(tensor, to: values, in: buffer.pointer) }

    /// Replaces the numbers of `tensor` in `vector`, which has the layout of this one.
    func set(_ tensor: TensorSpan, to values: [Float], in vector: UnsafeMutablePointer<Float>) {
        precondition(
            values.count == tensor.rows * tensor.columns, "\(tensor.name) holds \(tensor.rows)×\(tensor.columns)")
        for row in 0..<tensor.rows {
            for column in 0..<tensor.columns {
                vector[tensor.offset + row * tensor.rowStride + column] = values[row * tensor.columns + column]
            }
        }
    }
}
