// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

// What a call returns.
enum {
    // Done.
    ZS_IMAGE_OK = 0,
    // The picture is there, but the file is cut off or corrupt: some of the samples are missing (0) or wrong.
    ZS_IMAGE_DAMAGED = 1,
    // Not a valid file: nothing can be shown.
    ZS_IMAGE_MALFORMED = -1,
    // A valid file of a kind that is not read here.
    ZS_IMAGE_UNSUPPORTED = -2,
    // The caller's buffer is too small, or memory is short.
    ZS_IMAGE_NO_ROOM = -3,
};

// Bytes of the text buffer that every call takes: why it did not return ZS_IMAGE_OK, else empty; ends with a zero.
#define ZS_IMAGE_MESSAGE_SIZE 256

// Bytes of a text in `zs_exif`, with the zero at its end.
#define ZS_EXIF_TEXT_SIZE 64

// What EXIF tells; 0 or an empty text where it tells nothing or nonsense.
typedef struct zs_exif {
    double focal_length;             // millimetres
    double focal_length_35mm;        // millimetres on 35 mm film
    double focal_plane_resolution;   // sensor pixels per millimetre, across
    double focal_plane_width;        // width in pixels that this resolution speaks of
    double latitude, longitude;      // degrees north and east
    double altitude;                 // metres above sea level
    int32_t has_position;            // whether latitude and longitude are known
    int32_t has_altitude;
    int32_t has_orientation;
    int32_t orientation;             // as stored; 1 to 8 make sense, others occur
    char make[ZS_EXIF_TEXT_SIZE];
    char model[ZS_EXIF_TEXT_SIZE];
} zs_exif;

// What a file says of its picture before any sample is read.
typedef struct zs_image_header {
    int64_t width, height;    // pixels, at least 1
    int32_t channels;         // samples of one pixel in the file
    int32_t bits;             // bits of one sample in the file
    int32_t output_channels;  // samples of one decoded pixel: 1 (grey) or 3 (red, green, blue)
    zs_exif exif;
} zs_image_header;
