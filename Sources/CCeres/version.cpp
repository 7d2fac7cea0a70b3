// SPDX-License-Identifier: Apache-2.0
#include <ceres/version.h>

#include "CCeres.h"
#include "guard.h"

const char *zs_ceres_version(void) { return CERES_VERSION_STRING; }

const char *zs_ceres_last_error(void) { return zeroset::lastError().c_str(); }
