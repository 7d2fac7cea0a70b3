// SPDX-License-Identifier: Apache-2.0

import Slices
import Testing

@Suite struct CSLReaderTests {
    @Test func squareTowerIsRead() throws {
        let (set, repairs) = try CSLReader.parse(bytes: Array(Samples.squareTower.utf8))
        #expect(repairs.isEmpty)
        #expect(set.sections.count == 2)
        #expect(set.boundingBox.minimum == SIMD3(0, 0, 0))
        #expect(set.boundingBox.maximum == SIMD3(1, 1, 2))
    }
}
