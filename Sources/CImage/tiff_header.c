// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <string.h>

#include "exif.h"
#include "tiff_source.h"
#include "zs_tiff.h"

// Up to `count` numbers of a field of the current directory; whether they are there. libtiff hands out a field in the type
// it keeps, which its description tells; fields of an unexpected description are left alone.
static int numbers(TIFF *tiff, uint32_t tag, double *values, int count) {
    const TIFFField *field = TIFFFindField(tiff, tag, TIFF_ANY);
    if (!field || TIFFFieldPassCount(field) || TIFFFieldReadCount(field) != count) return 0;
    TIFFDataType type = TIFFFieldDataType(field);
    int size = TIFFFieldSetGetSize(field);
    if (count > 1) {
        void *list = NULL;
        if (type != TIFF_RATIONAL || !TIFFGetField(tiff, tag, &list) || !list) return 0;
        for (int index = 0; index < count; index++)
            values[index] = size == 8 ? ((double *)list)[index] : size == 4 ? ((float *)list)[index] : NAN;
        return 1;
    }
    union {
        double rational;
        float short_rational;
        uint8_t byte;
        uint16_t word;
        uint32_t long_word;
    } value = {0};
    if (!TIFFGetField(tiff, tag, &value)) return 0;
    switch (size) {
    case 8: *values = type == TIFF_RATIONAL ? value.rational : NAN; break;
    case 4: *values = type == TIFF_RATIONAL ? value.short_rational : value.long_word; break;
    case 2: *values = value.word; break;
    case 1: *values = value.byte; break;
    default: return 0;
    }
    return 1;
}

static double number(TIFF *tiff, uint32_t tag) {
    double value = NAN;
    return numbers(tiff, tag, &value, 1) ? value : NAN;
}

static void text(TIFF *tiff, uint32_t tag, char target[ZS_EXIF_TEXT_SIZE]) {
    char *found = NULL;
    if (TIFFGetField(tiff, tag, &found) && found) zs_exif_copy_text(target, (const uint8_t *)found, strlen(found));
}

static void read_exif_directory(TIFF *tiff, zs_exif *exif) {
    exif->focal_length = zs_exif_positive(number(tiff, EXIFTAG_FOCALLENGTH));
    exif->focal_length_35mm = zs_exif_positive(number(tiff, EXIFTAG_FOCALLENGTHIN35MMFILM));
    exif->focal_plane_width = zs_exif_positive(number(tiff, EXIFTAG_PIXELXDIMENSION));
    double unit = number(tiff, EXIFTAG_FOCALPLANERESOLUTIONUNIT);
    exif->focal_plane_resolution = zs_exif_pixels_per_millimetre(
        number(tiff, EXIFTAG_FOCALPLANEXRESOLUTION), isfinite(unit) && unit < 16 ? (int)unit : 0);
}

static void read_position_directory(TIFF *tiff, zs_exif *exif) {
    double latitude[3], longitude[3];
    char north[ZS_EXIF_TEXT_SIZE] = "", east[ZS_EXIF_TEXT_SIZE] = "";
    text(tiff, GPSTAG_LATITUDEREF, north);
    text(tiff, GPSTAG_LONGITUDEREF, east);
    if (numbers(tiff, GPSTAG_LATITUDE, latitude, 3) && numbers(tiff, GPSTAG_LONGITUDE, longitude, 3))
        zs_exif_set_position(exif, latitude, north[0], longitude, east[0]);
    double altitude = number(tiff, GPSTAG_ALTITUDE);
    if (!isfinite(altitude)) return;
    exif->altitude = number(tiff, GPSTAG_ALTITUDEREF) == 1 ? -altitude : altitude;
    exif->has_altitude = 1;
}

// Leaves the first directory: the last thing to do with `tiff`.
static void read_exif(TIFF *tiff, zs_exif *exif) {
    text(tiff, TIFFTAG_MAKE, exif->make);
    text(tiff, TIFFTAG_MODEL, exif->model);
    uint16_t orientation = 0;
    if (TIFFGetField(tiff, TIFFTAG_ORIENTATION, &orientation)) {
        exif->has_orientation = 1;
        exif->orientation = orientation;
    }
    toff_t directory = 0, position = 0;
    int has_directory = TIFFGetField(tiff, TIFFTAG_EXIFIFD, &directory);
    int has_position = TIFFGetField(tiff, TIFFTAG_GPSIFD, &position);
    if (has_directory && TIFFReadEXIFDirectory(tiff, directory)) read_exif_directory(tiff, exif);
    if (has_position && TIFFReadGPSDirectory(tiff, position)) read_position_directory(tiff, exif);
}

int zs_tiff_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message) {
    *header = (zs_image_header){0};
    zs_tiff_source source;
    TIFF *tiff = zs_tiff_open(&source, bytes, count, message);
    if (!tiff) return ZS_IMAGE_MALFORMED;
    zs_tiff_layout layout;
    int status = zs_tiff_read_layout(tiff, &layout, message);
    header->width = layout.width;
    header->height = layout.height;
    header->channels = layout.samples;
    header->bits = layout.bits;
    header->output_channels = layout.output_channels;
    if (status == ZS_IMAGE_OK) read_exif(tiff, &header->exif);
    TIFFClose(tiff);
    return status;
}
