// SPDX-License-Identifier: Apache-2.0

import Images
import Testing

@Test func grayFollowsTheWeightsOfBT601() {
    let raster = Raster(width: 4, height: 1, channels: 3, samples: [255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 200, 200])
    #expect(raster.gray.samples == [76, 150, 29, 200])
    #expect(raster.gray.gray == raster.gray)
}
