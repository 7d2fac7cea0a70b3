// SPDX-License-Identifier: Apache-2.0

import Images
import Testing

/// Area averaging, compared with whole-number arithmetic.
@Suite struct ResizeTests {
    /// Sums of overlaps in units of 1 / (newWidth · newHeight) of a pixel: exact.
    private func exact(_ raster: Raster, _ newWidth: Int, _ newHeight: Int) -> [Double] {
        func overlap(_ new: Int, _ old: Int, _ size: Int, _ newSize: Int) -> Int {
            max(0, min((new + 1) * size, (old + 1) * newSize) - max(new * size, old * newSize))
        }
        var result: [Double] = []
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                for c in 0..<raster.channels {
                    var sum = 0
                    for row in 0..<raster.height {
                        let down = overlap(y, row, raster.height, newHeight)
                        if down == 0 { continue }
                        for column in 0..<raster.width {
                            let share = down * overlap(x, column, raster.width, newWidth)
                            sum += share * Int(raster.samples[(row * raster.width + column) * raster.channels + c])
                        }
                    }
                    result.append(Double(sum) / Double(raster.width * raster.height))
                }
            }
        }
        return result
    }

    @Test(arguments: [(40, 30), (20, 15), (13, 29), (39, 1), (1, 1), (7, 30), (80, 60), (61, 31)], [1, 3])
    func eachPixelIsTheMeanOfWhatItCovers(size: (Int, Int), channels: Int) {
        let raster = Samples.noise(width: 40, height: 30, channels: channels)
        let resized = raster.resized(width: size.0, height: size.1)
        #expect(resized.width == size.0 && resized.height == size.1 && resized.channels == channels)
        for (sample, mean) in zip(resized.samples, exact(raster, size.0, size.1)) {
            #expect(abs(Double(sample) - mean) <= 0.5001)
        }
    }

    @Test func flatPicturesStayFlat() {
        for value: UInt8 in [0, 1, 127, 254, 255] {
            let flat = Raster(width: 101, height: 67, channels: 1, samples: [UInt8](repeating: value, count: 101 * 67))
            for (width, height) in [(100, 66), (33, 67), (3, 2), (150, 99)] {
                #expect(flat.resized(width: width, height: height).samples.allSatisfy { $0 == value })
            }
        }
    }

    @Test func longerSideIsFitted() {
        #expect(Raster.fittedSize(width: 3072, height: 2048, longerSideAtMost: 1600) == (1600, 1067))
        #expect(Raster.fittedSize(width: 2048, height: 3072, longerSideAtMost: 1600) == (1067, 1600))
        #expect(Raster.fittedSize(width: 1600, height: 900, longerSideAtMost: 1600) == (1600, 900))
        #expect(Raster.fittedSize(width: 5000, height: 1, longerSideAtMost: 10) == (10, 1))
        let small = Samples.noise(width: 20, height: 10, channels: 3)
        #expect(small.resized(longerSideAtMost: 20) == small)
        #expect(small.resized(longerSideAtMost: 10).height == 5)
    }
}
