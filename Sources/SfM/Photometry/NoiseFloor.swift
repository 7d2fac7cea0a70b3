// SPDX-License-Identifier: Apache-2.0

/// How much greys vary where a picture shows nothing: what is no more than that is no texture.
///
/// Patches on a plain surface differ by noise, which is different in every picture; taken for texture they contradict each
/// other everywhere, and would be carved away.
package enum NoiseFloor {
    /// Side of the blocks that are looked at, in pixels: that of a patch.
    private static let side = 7
    /// Share of the blocks that are supposed to be plain.
    private static let plainShare = 0.1
    /// A picture without a plain place has texture in all of its blocks; its noise is not taken for more than this.
    private static let largest: Float = 16

    /// The variance, in squared grey levels, that a tenth of all blocks stays below, 16 at most.
    package static func variance(of image: PackedImage) -> Float {
        var variances: [Float] = []
        for top in stride(from: 0, through: image.height - side, by: side) {
            for left in stride(from: 0, through: image.width - side, by: side) {
                var (sum, squares) = (0, 0)
                for row in top..<top + side {
                    for column in left..<left + side {
                        let gray = Int(image.words[row * image.width + column] & 255)
                        sum += gray
                        squares += gray * gray
                    }
                }
                let count = side * side
                variances.append(Float(count * squares - sum * sum) / Float(count * count))
            }
        }
        guard !variances.isEmpty else { return 0 }
        variances.sort()
        return min(variances[Int(plainShare * Double(variances.count))], largest)
    }
}
