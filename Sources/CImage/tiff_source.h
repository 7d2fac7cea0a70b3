// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tiffio.h>

#include "message.h"

// A TIFF file in memory, with what libtiff complains of. The last message wins: it names the cause, the first ones of a
// failure are often about symptoms.
typedef struct {
    const uint8_t *bytes;
    uint64_t count, offset;
    char *message;
    int complaints;  // errors and warnings so far
} zs_tiff_source;

// Opens the file at its first directory, or returns NULL with a message.
TIFF *zs_tiff_open(zs_tiff_source *source, const uint8_t *bytes, size_t count, char *message);

// How the samples of a picture lie in the file.
typedef struct {
    uint32_t width, height;
    uint16_t samples, bits, photometric, planar;
    int output_channels;                // 1 or 3
    int is_direct;                      // read by us; else by libtiff's converter to RGBA
    const uint16_t *red, *green, *blue; // of a palette
    int palette_shift;                  // from its numbers to 8 bits
} zs_tiff_layout;

// Finds the layout of the current picture; a status.
int zs_tiff_read_layout(TIFF *tiff, zs_tiff_layout *layout, char *message);
