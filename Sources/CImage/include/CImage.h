// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

// Picture codecs behind plain C: libpng, libjpeg, libtiff, libexif. Buffers belong to the caller and come with their
// lengths; every call returns 0 or more for success and a negative number for failure.
