// SPDX-License-Identifier: Apache-2.0
#include "zs_resize.h"

#include <string.h>

// The input that one output pixel covers along one axis: whole pixels `first ..< last` (in part at both ends), with the
// share of the first and of the last; for one pixel only, `first_share` is all.
typedef struct {
    int64_t first, last;
    float first_share, last_share;
} span;

// Output pixel `index` covers [index · size / new_size, (index + 1) · size / new_size): exact in integers.
static span span_of(int64_t index, int64_t size, int64_t new_size) {
    int64_t begin = index * size, end = begin + size;
    span result = {.first = begin / new_size, .last = (end + new_size - 1) / new_size};
    float unit = 1.0f / (float)new_size;
    if (result.last - result.first == 1) {
        result.first_share = (float)size * unit;
        result.last_share = 0;
    } else {
        result.first_share = (float)((result.first + 1) * new_size - begin) * unit;
        result.last_share = (float)(end - (result.last - 1) * new_size) * unit;
    }
    return result;
}

size_t zs_resize_area_scratch(int64_t width, int channels) { return (size_t)width * (size_t)channels; }

static void add_row(float *restrict sums, const uint8_t *restrict row, size_t count, float share) {
    for (size_t index = 0; index < count; index++) sums[index] += share * (float)row[index];
}

static uint8_t rounded(float value) { return (uint8_t)(value < 255.0f ? value + 0.5f : 255.0f); }

static void shrink_row(const float *sums, int64_t width, int channels, int64_t new_width, float scale,
                       uint8_t *output) {
    for (int64_t x = 0; x < new_width; x++) {
        span across = span_of(x, width, new_width);
        for (int channel = 0; channel < channels; channel++) {
            const float *place = sums + across.first * channels + channel;
            float sum = across.first_share * *place;
            for (int64_t column = across.first + 1; column < across.last - 1; column++) sum += *(place += channels);
            if (across.last - across.first > 1) sum += across.last_share * place[channels];
            output[x * channels + channel] = rounded(sum * scale);
        }
    }
}

void zs_resize_area(const uint8_t *samples, int64_t width, int64_t height, int channels, int64_t new_width,
                    int64_t new_height, uint8_t *output, float *scratch) {
    size_t row_size = (size_t)width * (size_t)channels;
    float scale = (float)((double)new_width / (double)width * ((double)new_height / (double)height));
    for (int64_t y = 0; y < new_height; y++) {
        span down = span_of(y, height, new_height);
        memset(scratch, 0, row_size * sizeof(float));
        for (int64_t row = down.first; row < down.last; row++) {
            float share = row == down.first ? down.first_share : row == down.last - 1 ? down.last_share : 1;
            add_row(scratch, samples + (size_t)row * row_size, row_size, share);
        }
        shrink_row(scratch, width, channels, new_width, scale, output + (size_t)y * (size_t)new_width * (size_t)channels);
    }
}
