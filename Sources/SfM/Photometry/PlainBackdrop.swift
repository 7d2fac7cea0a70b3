// SPDX-License-Identifier: Apache-2.0

import Images

/// The parts of a photo that show nothing but a plain backdrop: areas without texture that reach its border, such as sky, a
/// sheet of paper or a dark studio.
///
/// Stereo finds nothing to hold on to there, and yet they say much: no part of the scene stands before them. Each area is
/// described by a quadratic shading of its colours, and holds the pixels connected to it that this shading explains.
package struct PlainBackdrop {
    /// `[height × width]`: the number, from 1, of the area that a pixel belongs to, or 0.
    package let labels: [UInt8]
    /// Number of areas.
    package let count: Int

    /// Largest longer side of the small picture in which areas are found, in pixels.
    private static let smallSide = 256
    /// The small picture is smaller by this factor at least: means of that many pixels squared have little noise.
    private static let reduction = 4
    /// Largest difference of neighbouring samples of the small picture within an area, in grey levels.
    private static let largestStep = 3
    /// Smallest area, as a share of the picture.
    private static let smallestShare = 0.015
    /// Most areas.
    private static let maximumCount = 8
    /// Share of an area that its shading must explain.
    private static let explainedShare = 0.7
    /// Largest spread about the shading in the small picture, in grey levels.
    private static let largestSpread = 4.0
    /// Bounds on the difference from the shading of what still belongs to it: three times the spread lies between.
    private static let tolerances = 4.0...12.0

    /// Finds the areas; `nil` when there are none.
    package init?(of raster: Raster) {
        let small = raster.resized(
            longerSideAtMost: min(Self.smallSide, max(1, max(raster.width, raster.height) / Self.reduction)))
        let areas = Self.plainAreas(of: small)
        var labels: [UInt8] = []
        var count = 0
        for area in areas.prefix(Self.maximumCount) {
            guard let (shading, explained) = Self.shading(of: area, in: small) else { continue }
            let pixels = Self.connected(to: explained, size: (small.width, small.height), shading: shading, in: raster)
            guard Double(pixels.count) >= Self.smallestShare * Double(raster.width * raster.height) else { continue }
            if labels.isEmpty { labels = Array(repeating: 0, count: raster.width * raster.height) }
            count += 1
            for pixel in pixels where labels[pixel] == 0 { labels[pixel] = UInt8(count) }
        }
        guard count > 0 else { return nil }
        self.count = count
        self.labels = Self.eroded(labels, width: raster.width)
    }

    /// Connected pixels without steps between them, of each area that reaches the border, largest first.
    private static func plainAreas(of raster: Raster) -> [[Int]] {
        let (width, height) = (raster.width, raster.height)
        func isPlain(_ pixel: Int, _ other: Int) -> Bool {
            (0..<raster.channels).allSatisfy { channel in
                let a = Int(raster.samples[pixel * raster.channels + channel])
                return abs(a - Int(raster.samples[other * raster.channels + channel])) <= largestStep
            }
        }
        var plain = [Bool](repeating: true, count: width * height)
        for row in 0..<height {
            for column in 0..<width {
                let pixel = row * width + column
                let hasStep =
                    column + 1 < width && !isPlain(pixel, pixel + 1)
                    || row + 1 < height && !isPlain(pixel, pixel + width)
                if hasStep { plain[pixel] = false }
            }
        }
        var areas: [[Int]] = []
        var region = PixelRegion(width: width, height: height)
        for seed in PixelRegion.border(width: width, height: height) {
            let area = region.grow(from: [seed]) { plain[$0] }
            if Double(area.count) >= smallestShare * Double(width * height) { areas.append(area) }
        }
        // Of equal ones the first: sorting is stable in effect since the first pixel decides.
        return areas.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    }

    /// The shading of an area and the pixels that it explains; `nil` when it does not explain enough.
    private static func shading(of area: [Int], in raster: Raster) -> (QuadraticShading, [Int])? {
        var explained = area
        var shading: QuadraticShading?
        var spread = 0.0
        for _ in 0..<4 {
            guard let fit = QuadraticShading(of: explained, in: raster) else { return nil }
            let differences = area.map { fit.difference(at: $0, in: raster) }
            var squares = 0.0
            for pixel in explained {
                let difference = fit.difference(at: pixel, in: raster)
                squares += difference * difference
            }
            spread = (squares / Double(explained.count)).squareRoot()
            let limit = max(3, 2.5 * spread)
            explained = zip(area, differences).filter { $0.1 <= limit }.map(\.0)
            shading = fit
        }
        guard let shading, spread <= largestSpread,
            Double(explained.count) >= explainedShare * Double(area.count)
        else { return nil }
        return (shading, explained)
    }

    /// Pixels of the large picture that `shading` explains and that connect to the `area` of the small one.
    private static func connected(
        to area: [Int], size: (width: Int, height: Int), shading: QuadraticShading, in raster: Raster
    ) -> [Int] {
        let (width, height) = (raster.width, raster.height)
        let differences = (0..<width * height).map { Float(shading.difference(at: $0, in: raster)) }
        // The middle of what each small pixel covers.
        let seeds = area.map { pixel in
            let column = (2 * (pixel % size.width) + 1) * width / (2 * size.width)
            let row = (2 * (pixel / size.width) + 1) * height / (2 * size.height)
            return row * width + column
        }
        let squares = seeds.reduce(0.0) { $0 + Double(differences[$1] * differences[$1]) }
        let spread = (squares / Double(max(1, seeds.count))).squareRoot()
        let tolerance = Float(min(max(3 * spread, tolerances.lowerBound), tolerances.upperBound))
        // Noise makes single pixels differ: most of a pixel's neighbours decide.
        let fits = majority(of: differences.map { $0 <= tolerance }, width: width)
        var region = PixelRegion(width: width, height: height)
        return region.grow(from: seeds) { fits[$0] }
    }

    /// Whether more than half of the 3 × 3 pixels about each one are set; on the border as its neighbours inside.
    private static func majority(of set: [Bool], width: Int) -> [Bool] {
        let height = set.count / width
        guard width >= 3, height >= 3 else { return set }
        return set.indices.map { pixel in
            let column = min(max(pixel % width, 1), width - 2)
            let row = min(max(pixel / width, 1), height - 2)
            var count = 0
            for y in row - 1...row + 1 {
                for x in column - 1...column + 1 where set[y * width + x] { count += 1 }
            }
            return count > 4
        }
    }

    /// Without pixels that have another label, or none, beside them: edges are blurred.
    private static func eroded(_ labels: [UInt8], width: Int) -> [UInt8] {
        let height = labels.count / width
        return labels.indices.map { pixel in
            let (column, row) = (pixel % width, pixel / width)
            for y in max(row - 1, 0)...min(row + 1, height - 1) {
                for x in max(column - 1, 0)...min(column + 1, width - 1) where labels[y * width + x] != labels[pixel] {
                    return 0
                }
            }
            return labels[pixel]
        }
    }
}

/// Pixels of a picture that were reached so far.
struct PixelRegion {
    private let width: Int
    private let height: Int
    private var isReached: [Bool]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        isReached = Array(repeating: false, count: width * height)
    }

    /// Pixels that connect over sides to `seeds` by pixels that belong, and were not reached before.
    mutating func grow(from seeds: [Int], belongs: (Int) -> Bool) -> [Int] {
        var result: [Int] = []
        for seed in seeds where !isReached[seed] && belongs(seed) {
            isReached[seed] = true
            result.append(seed)
        }
        var next = 0
        while next < result.count {
            let pixel = result[next]
            next += 1
            let (column, row) = (pixel % width, pixel / width)
            if column > 0 { reach(pixel - 1, belongs, &result) }
            if column + 1 < width { reach(pixel + 1, belongs, &result) }
            if row > 0 { reach(pixel - width, belongs, &result) }
            if row + 1 < height { reach(pixel + width, belongs, &result) }
        }
        return result
    }

    private mutating func reach(_ pixel: Int, _ belongs: (Int) -> Bool, _ result: inout [Int]) {
        guard !isReached[pixel], belongs(pixel) else { return }
        isReached[pixel] = true
        result.append(pixel)
    }

    /// Pixels on the border of a picture, each once.
    static func border(width: Int, height: Int) -> [Int] {
        (0..<width * height).filter { pixel in
            let (column, row) = (pixel % width, pixel / width)
            return column == 0 || row == 0 || column == width - 1 || row == height - 1
        }
    }
}
