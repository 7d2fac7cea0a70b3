// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Floats of scratch memory that zs_resize_area needs.
size_t zs_resize_area_scratch(int64_t width, int channels);

// Scales a picture by area averaging: each output pixel is the mean of the rectangle of input that it covers, parts of
// pixels counted by their share; the result is rounded. `samples` are `[height × width × channels]`, `output`
// `[new_height × new_width × channels]`; all sizes are at least 1.
void zs_resize_area(const uint8_t *samples, int64_t width, int64_t height, int channels, int64_t new_width,
                    int64_t new_height, uint8_t *output, float *scratch);
