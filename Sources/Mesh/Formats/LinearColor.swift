// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Light behind the bytes of a picture.
enum LinearColor {
    /// Linear value of an sRGB byte, 0 to 65,535 (IEC 61966-2-1).
    static func value(ofSRGB byte: UInt8) -> UInt16 {
        let share = Double(byte) / 255
        let linear = share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        return UInt16((65_535 * linear).rounded())
    }
}
