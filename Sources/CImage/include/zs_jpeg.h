// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Reads the header of the JPEG file in `bytes`.
int zs_jpeg_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message);

// Decodes the JPEG file in `bytes` into `samples`, row by row from the top. CMYK and YCCK become RGB as in Adobe's files,
// whose ink is stored inverted. `width`, `height` and `channels` are those that zs_jpeg_header told.
int zs_jpeg_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                   size_t sample_count, char *message);

// The most bytes that zs_jpeg_encode may need.
size_t zs_jpeg_bound(int64_t width, int64_t height, int channels);

// Encodes a picture of 1 or 3 channels without chroma subsampling; `quality` is 1 to 100.
// `*written` becomes the size of the file in `bytes`.
int zs_jpeg_encode(const uint8_t *samples, int64_t width, int64_t height, int channels, int quality, uint8_t *bytes,
                   size_t capacity, size_t *written, char *message);
