// SPDX-License-Identifier: Apache-2.0

/// How one voxel is stored.
enum VoxelType: String, Sendable, CaseIterable {
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

    /// Bytes of a voxel.
    var size: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// The smallest unsigned type that holds labels up to `largest`.
    init(holding largest: Int) { self = largest < 256 ? .uint8 : largest < 65536 ? .uint16 : .int32 }
}
