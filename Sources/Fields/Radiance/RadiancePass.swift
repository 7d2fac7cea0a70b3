// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Renders one block of rays from values and gradients of the signed distance, and takes derivatives of a loss of what was
/// rendered back to them and to the networks of colour. Working memory of one thread.
///
/// Layers of a ray stand in slots, front to back: before the cube, within it, behind it.
final class RadiancePass {
    /// What came of one ray.
    struct Ray {
        /// Composited colour, each channel in 0...1.
        var color = SIMD3<Float>.zero
        /// Distance before which half of what is seen lies; infinite when less than half is matter.
        var distance: Float = .infinity
        /// Share of what is seen that lies within the cube.
        var opacity: Float = 0
        /// `Σ w n` over the layers within the cube, not of unit length.
        var normal = SIMD3<Float>.zero
        /// Derivative of the loss by ``color``.
        var colorAdjoint = SIMD3<Float>.zero
        /// Derivative of the loss by `Σ w (t - hit)` over the layers within the cube, or 0.
        var offsetAdjoint: Float = 0
        /// `Σ w (t - hit)`; 0 without a hit.
        var offset: Float = 0
        /// `Σ w` over the layers that reach to where the ray's point is seen; `nil` when none of them is rendered.
        var sightingWeight: Float?
        /// Derivative of the loss by ``sightingWeight``.
        var sightingAdjoint: Float = 0
        /// `Σ w` over the layers before the cube.
        var veil: Float = 0
        /// Derivative of the loss by ``veil``.
        var veilAdjoint: Float = 0
        var firstSlot = 0
        var slotCount = 0
        var firstOuterRow = 0
        var slotsBefore = 0
        var remaining: Float = 1
    }

    var rays = [Ray](repeating: Ray(), count: RayBatch.raysPerBlock)
    /// Samples whose colour counted in the latest block.
    var coloredRows = 0

    let networks: RadianceNetworks
    let colors: GridNetworkWorkspace
    let outers: GridNetworkWorkspace?
    private let buffer: FloatBuffer
    let colorRows: UnsafeMutablePointer<Int32>
    let densitySlopes: UnsafeMutablePointer<Float>
    let insideTransparencies: UnsafeMutablePointer<Float>
    let transparencies: UnsafeMutablePointer<Float>
    let weights: UnsafeMutablePointer<Float>
    let remainders: UnsafeMutablePointer<Float>
    let weightAdjoints: UnsafeMutablePointer<Float>
    let depthAdjoints: UnsafeMutablePointer<Float>

    static let capacity = GridBatchBuffers.capacity
    /// Layers that count for less than this keep no colour: their share is lost, at most this much of the light each.
    let leastWeight: Float

    init(_ networks: RadianceNetworks, leastWeight: Float) {
        self.networks = networks
        self.leastWeight = leastWeight
        colors = GridNetworkWorkspace(for: networks.color)
        outers = networks.surroundings.map { GridNetworkWorkspace(for: $0) }
        let (capacity, slots) = (Self.capacity, 2 * Self.capacity)
        buffer = FloatBuffer(count: 2 * capacity + 5 * slots)
        colorRows = .allocate(capacity: capacity)
        colorRows.initialize(repeating: -1, count: capacity)
        densitySlopes = buffer.pointer
        insideTransparencies = densitySlopes + capacity
        transparencies = insideTransparencies + capacity
        weights = transparencies + slots
        remainders = weights + slots
        weightAdjoints = remainders + slots
        depthAdjoints = weightAdjoints + slots
    }

    deinit { colorRows.deallocate() }

    /// Changes what the loss says of a ray.
    func setAdjoints(of ray: Int, color: SIMD3<Float>, offset: Float, sighting: Float, veil: Float) {
        rays[ray].colorAdjoint = color
        rays[ray].offsetAdjoint = offset
        rays[ray].sightingAdjoint = sighting
        rays[ray].veilAdjoint = veil
    }

    /// Share of the hidden units of the colour network that are active, over the latest block.
    var activeUnits: (active: Int, all: Int) { colors.activeUnits(rows: coloredRows) }
}
