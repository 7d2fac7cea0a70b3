// SPDX-License-Identifier: Apache-2.0

/// Short digests that tell accidental changes apart; no protection against an adversary.
public enum Fingerprint {
    /// 64-bit FNV-1a (Fowler, Noll, Vo) of `bytes`.
    public static func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
