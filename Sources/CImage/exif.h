// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "zs_image_types.h"

// Fills `exif` from a TIFF structure as JPEG files (after "Exif\0\0") and PNG files (in eXIf) carry it. Nonsense is
// ignored; nothing here fails.
void zs_exif_parse(const uint8_t *bytes, size_t count, zs_exif *exif);

// Copies printable text without the spaces around it, at most `count` bytes or up to a zero.
void zs_exif_copy_text(char target[ZS_EXIF_TEXT_SIZE], const uint8_t *text, size_t count);

// A finite number above zero, or 0.
double zs_exif_positive(double value);

// Position from absolute degrees, minutes, seconds and the letters of the hemispheres; ignored when out of range.
void zs_exif_set_position(zs_exif *exif, const double latitude[3], char north, const double longitude[3], char east);

// Pixels per millimetre from a resolution and its EXIF unit (2 inch, 3 centimetre, 4 millimetre, 5 micrometre), or 0.
double zs_exif_pixels_per_millimetre(double resolution, int unit);
