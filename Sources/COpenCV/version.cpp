// SPDX-License-Identifier: Apache-2.0
#include <opencv2/core/version.hpp>

#include "COpenCV.h"
#include "guard.h"

const char *zs_opencv_version(void) { return CV_VERSION; }

const char *zs_opencv_last_error(void) { return zeroset::lastError().c_str(); }
