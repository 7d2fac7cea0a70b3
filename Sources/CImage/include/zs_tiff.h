// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Reads the header of the first picture of the TIFF file in `bytes`.
int zs_tiff_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message);

// Decodes the first picture of the TIFF file in `bytes` into `samples`, row by row from the top as stored (orientation is
// not applied): 16 bits are rounded to 8, palettes and fewer bits expanded, alpha dropped. `width`, `height` and
// `channels` are those that zs_tiff_header told.
int zs_tiff_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                   size_t sample_count, char *message);
