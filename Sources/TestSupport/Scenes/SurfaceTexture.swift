// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Colours of a surface as a function of space: clouds of many sizes, patches of another colour, dots of two sizes.
///
/// Colours are linear reflectances of red, green and blue, `0 ... 1`.
public struct SurfaceTexture: Sendable {
    /// Darkest and lightest tone of the clouds.
    public var dark: SIMD3<Double>, light: SIMD3<Double>
    /// Colour of patches and of a third of the dots.
    public var accent: SIMD3<Double>
    /// Longest wave of the clouds, in scene units; each octave halves it.
    public var wavelength: Double
    /// Number of octaves of the clouds.
    public var octaves: Int
    /// Amplitude of each octave relative to the one before.
    public var persistence = 1.0
    /// Share of cells that hold a dot.
    public var speckleShare = 0.6
    private let noise: LatticeNoise
    private let patches: LatticeNoise

    /// Creates a texture; a different `seed` gives a different one of the same kind.
    public init(
        seed: UInt64, dark: SIMD3<Double>, light: SIMD3<Double>, accent: SIMD3<Double>, wavelength: Double = 0.33,
        octaves: Int = 6
    ) {
        self.dark = dark
        self.light = light
        self.accent = accent
        self.wavelength = wavelength
        self.octaves = octaves
        noise = LatticeNoise(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        patches = LatticeNoise(seed: seed &* 0xC2B2_AE3D_27D4_EB4F &+ 2)
    }

    /// Reflectance at `point`, `0 ... 1` for each channel.
    func albedo(at point: SIMD3<Double>) -> SIMD3<Double> {
        var q = point / wavelength
        var amplitude = 1.0
        var clouds = 0.0
        for _ in 0..<octaves {
            clouds += amplitude * noise.gradient(q)
            amplitude *= persistence
            // Shifted, so that the octaves' lattices have no common node.
            q = 2 * q + SIMD3(0.37, 0.71, 0.13)
        }
        let tone = min(max(0.5 + 0.7 * clouds, 0), 1)
        var color = dark + tone * (light - dark)
        let patch = patches.gradient(point / (1.3 * wavelength)) * 6 - 0.8
        color += min(max(patch, 0), 0.7) * ((0.4 + 1.2 * tone) * accent - color)
        // Dots of about 1/8 and 1/20 of the longest wave.
        for (number, size) in [0.24, 0.1].enumerated() {
            let cell = point / (size * wavelength) + SIMD3(repeating: 0.29 * Double(number))
            guard let speckle = patches.speckle(cell, share: speckleShare) else { continue }
            let target = speckle.kind % 3 == 0 ? accent : speckle.kind % 3 == 1 ? 0.35 * dark : 0.3 + 0.7 * light
            color += 0.85 * speckle.cover * (target - color)
        }
        return color
    }
}
