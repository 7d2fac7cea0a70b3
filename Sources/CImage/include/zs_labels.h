// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Reads grey shades and palette indices as the numbers they are stored as, for pictures whose pixels are labels:
// `[height × width]`, row by row from the top, neither scaled nor expanded; alpha is dropped. `width` and `height` are those
// that the header told. Pictures in colour give ZS_IMAGE_UNSUPPORTED.
int zs_png_labels(const uint8_t *bytes, size_t count, int64_t width, int64_t height, uint16_t *samples,
                  size_t sample_count, char *message);

// The same for the first picture of a TIFF file with 8 or 16 bits a sample. Where a file says that 0 is white, numbers are
// counted down from the largest.
int zs_tiff_labels(const uint8_t *bytes, size_t count, int64_t width, int64_t height, uint16_t *samples,
                   size_t sample_count, char *message);
