// SPDX-License-Identifier: Apache-2.0
// Kernels for any processor: 4-wide, which is SSE2 on x86-64 and NEON on AArch64.
#define ISA baseline
#define VW 4
#define BLOCK_ROWS 4
#define BLOCK_VECTORS 2
#include "generic/all.h"
