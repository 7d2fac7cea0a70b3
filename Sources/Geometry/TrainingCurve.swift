// SPDX-License-Identifier: Apache-2.0

/// The loss of a training over its steps, in at most ``limit`` values however long it runs.
///
/// Each value is the mean of as many neighbouring steps; when there are too many values, neighbours are joined. What comes out
/// depends on the losses alone.
public struct TrainingCurve: Hashable, Sendable, Codable {
    /// Steps that each value is the mean of.
    public private(set) var stepsPerValue = 1
    /// Means of the finished groups of steps.
    public private(set) var values: [Double] = []
    private var sum = 0.0
    private var pending = 0

    /// Values that are kept at most.
    public static let limit = 256

    /// A curve without steps.
    public init() {}

    /// Adds the loss of the next step; one that is not finite has no place in a curve and is passed over.
    public mutating func add(_ loss: Double) {
        guard loss.isFinite else { return }
        sum += loss
        pending += 1
        guard pending == stepsPerValue else { return }
        values.append(sum / Double(pending))
        (sum, pending) = (0, 0)
        guard values.count == Self.limit else { return }
        values = stride(from: 0, to: values.count, by: 2).map { 0.5 * (values[$0] + values[$0 + 1]) }
        stepsPerValue *= 2
    }
}
