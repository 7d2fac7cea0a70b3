// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Processors that are switched on.
func activeProcessorCount() -> Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
