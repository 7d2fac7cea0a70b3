// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Reads the header of the PNG file in `bytes`.
int zs_png_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message);

// Decodes the PNG file in `bytes` into `samples`, row by row from the top, 8 bits each: 16 bits are rounded to 8, palettes
// and fewer bits expanded, alpha dropped. `width`, `height` and `channels` are those that zs_png_header told.
int zs_png_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                  size_t sample_count, char *message);

// The most bytes that zs_png_encode may need.
size_t zs_png_bound(int64_t width, int64_t height, int channels, int bits);

// Encodes a picture of 1 or 3 channels; `bits` is 8 or 16, samples of 16 bits come in the order of this processor.
// `*written` becomes the size of the file in `bytes`.
int zs_png_encode(const void *samples, int64_t width, int64_t height, int channels, int bits, uint8_t *bytes,
                  size_t capacity, size_t *written, char *message);
