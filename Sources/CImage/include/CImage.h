// SPDX-License-Identifier: Apache-2.0
#pragma once

// Picture codecs behind plain C: libpng, libjpeg, libtiff, libexif. Buffers belong to the caller and come with their
// lengths; every call returns a status of zs_image_types.h. The libraries' long jumps, warnings and prints stay inside.

#include "zs_image_types.h"
#include "zs_jpeg.h"
#include "zs_labels.h"
#include "zs_png.h"
#include "zs_resize.h"
#include "zs_tiff.h"
