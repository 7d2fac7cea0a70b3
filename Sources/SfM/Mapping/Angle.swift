// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Angles and their cosines.
package enum Angle {
    package static func cosine(degrees: Double) -> Double { cos(degrees * .pi / 180) }

    /// The angle in `0 ... π`; values beyond ±1, which rounding makes, count as ±1.
    package static func radians(cosine: Double) -> Double { acos(min(max(cosine, -1), 1)) }

    package static func degrees(radians: Double) -> Double { radians * 180 / .pi }
}
