// SPDX-License-Identifier: Apache-2.0

import CKernels
import Geometry

/// Which kernels this processor runs, and whether they compute what the plain ones do.
public enum KernelHealth {
    /// The instruction set of the kernels in use.
    public static var instructionSet: String { name(of: zk_widest_isa()) }

    /// Largest difference between a matrix product by the kernels in use and by the plain ones, relative to the largest
    /// entry; rounding alone gives less than 1e-5.
    public static func largestDifference() -> Float {
        let (rows, inner, columns) = (31, 48, 32)
        var random = RandomStream(seed: 1, label: "kernel health")
        let a = (0..<rows * inner).map { _ in random.uniform(in: -1..<1) }
        let b = (0..<inner * columns).map { _ in random.uniform(in: -1..<1) }
        func product(limitedTo isa: Int) -> [Float] {
            var c = [Float](repeating: 0, count: rows * columns)
            let usual = zk_isa()
            zk_limit_isa(Int32(isa))
            zk_gemm(rows, columns, inner, a, inner, b, columns, &c, columns, 0)
            zk_limit_isa(usual)
            return c
        }
        let plain = product(limitedTo: ZK_ISA_BASELINE)
        let fast = product(limitedTo: Int(zk_widest_isa()))
        let largest = plain.reduce(0) { max($0, abs($1)) }
        return zip(plain, fast).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
    }

    private static func name(of isa: Int32) -> String {
        switch Int(isa) {
        case ZK_ISA_AVX512_VNNI: "AVX-512 with VNNI"
        case ZK_ISA_AVX512: "AVX-512"
        case ZK_ISA_AVX2: "AVX2"
        default: "no vector extensions beyond the baseline"
        }
    }
}
