// SPDX-License-Identifier: Apache-2.0

import Glibc

// The one door to the C library's trigonometry, so that no other file of the module imports it.

func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func arcTangent2(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
