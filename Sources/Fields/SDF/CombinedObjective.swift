// SPDX-License-Identifier: Apache-2.0

/// The sum of several losses: their blocks stand one after the other.
public struct CombinedObjective: SDFObjective {
    /// Blocks of all parts.
    public let blocks: [SDFBlockSize]
    private let parts: [any SDFObjective]
    /// Part and number within it of each block.
    private let places: [(part: Int, block: Int)]

    /// Adds up `parts`; their blocks are worked on in this order, so put the longest first.
    public init(_ parts: [any SDFObjective]) {
        self.parts = parts
        blocks = parts.flatMap(\.blocks)
        places = parts.enumerated().flatMap { part, objective in objective.blocks.indices.map { (part, $0) } }
    }

    /// Asks the part that the block belongs to.
    public func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        let place = places[block]
        parts[place.part].draw(block: place.block, points: points, notes: notes)
    }

    /// Asks the part that the block belongs to.
    public func differentiate(block: Int, samples: SDFSamples) -> Double {
        let place = places[block]
        return parts[place.part].differentiate(block: place.block, samples: samples)
    }
}
