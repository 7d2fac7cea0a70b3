// SPDX-License-Identifier: Apache-2.0

/// What a computation takes, expected or measured.
public struct ComputingCost: Hashable, Sendable, Codable {
    /// Wall seconds.
    public var seconds: Double
    /// Most memory that is resident at one time, in bytes.
    public var peakMemory: Int

    /// Creates a cost.
    public init(seconds: Double, peakMemory: Int) {
        self.seconds = seconds
        self.peakMemory = peakMemory
    }
}
