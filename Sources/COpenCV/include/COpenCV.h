// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

#include "zs_opencv_pnp.h"
#include "zs_opencv_sift.h"
#include "zs_opencv_twoview.h"

// OpenCV behind plain C. Buffers belong to the caller and come with their lengths; every call returns 0 or more for
// success and a negative number for failure, whose reason zs_opencv_last_error tells; no exception leaves.

#ifdef __cplusplus
extern "C" {
#endif

/// Version of the library, "4.6.0".
const char *zs_opencv_version(void);

/// Why the last call on this thread failed; empty when none did.
const char *zs_opencv_last_error(void);

#ifdef __cplusplus
}
#endif
