// SPDX-License-Identifier: Apache-2.0

/// Labels on a regular grid: 0 is outside, each other number is a part of the solid.
///
/// Usually one layer. Segmentations of 3D Slicer may overlap; then parts that overlap are in different layers.
public struct LabelVolume: Hashable, Sendable {
    /// One number for each voxel.
    public struct Layer: Hashable, Sendable {
        /// `[size.z × size.y × size.x]`, the first index fastest: places in ``labels``.
        public let codes: [UInt16]
        /// The label that each code stands for, ascending; the first is 0.
        public let labels: [Int]

        /// Creates a layer from codes and the label of each, in any order; several codes may stand for one label.
        ///
        /// - Precondition: every code has a label, and labels are in 0 ... 2³¹ − 1.
        public init(codes: [UInt16], labels: [Int]) {
            let ordered = Set(labels).union([0]).sorted()
            self.labels = ordered
            guard labels != ordered else {
                self.codes = codes
                return
            }
            // In the order of labels whatever the order in the file: what is made of codes does not depend on it.
            var places: [Int: UInt16] = [:]
            for (place, label) in ordered.enumerated() { places[label] = UInt16(place) }
            let newCodes = labels.map { places[$0] ?? 0 }
            self.codes = codes.map { newCodes[Int($0)] }
        }
    }

    /// Where the voxels lie.
    public let grid: VoxelGrid
    /// At least one; each has a code for every voxel. No label but 0 is in two layers.
    public let layers: [Layer]
    /// Names of labels that the file tells.
    public let names: [Int: String]

    /// Creates a volume.
    ///
    /// - Precondition: every layer fills the grid.
    public init(grid: VoxelGrid, layers: [Layer], names: [Int: String] = [:]) {
        precondition(!layers.isEmpty && layers.allSatisfy { $0.codes.count == grid.count }, "layers fill the grid")
        self.grid = grid
        self.layers = layers
        self.names = names
    }

    /// Labels that occur, ascending, without 0.
    public var labels: [Int] { Set(layers.flatMap(\.labels)).subtracting([0]).sorted() }

    /// The label of a voxel in the first layer that has one there.
    package func label(_ i: Int, _ j: Int, _ k: Int) -> Int {
        let place = (k * grid.size.y + j) * grid.size.x + i
        for layer in layers where layer.codes[place] != 0 { return layer.labels[Int(layer.codes[place])] }
        return 0
    }
}
