// SPDX-License-Identifier: Apache-2.0

import CKernels
import Fields
import Testing

@Suite struct KernelHealthTests {
    @Test func kernelsAgreeUpToRounding() {
        let before = zk_isa()
        #expect(KernelHealth.largestDifference() < 1e-5)
        #expect(zk_isa() == before)
        #expect((KernelHealth.instructionSet.contains("AVX")) == (zk_widest_isa() > ZK_ISA_BASELINE))
    }
}
