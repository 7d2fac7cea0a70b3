// SPDX-License-Identifier: Apache-2.0
#include "exif.h"

#include <libexif/exif-data.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void zs_exif_copy_text(char target[ZS_EXIF_TEXT_SIZE], const uint8_t *text, size_t count) {
    size_t length = 0;
    for (size_t index = 0; index < count && text[index] != 0 && length < ZS_EXIF_TEXT_SIZE - 1; index++) {
        int printable = text[index] > 0x20 && text[index] < 0x7F;
        if (printable || (text[index] == ' ' && length > 0)) target[length++] = (char)text[index];
    }
    while (length > 0 && target[length - 1] == ' ') length--;
    target[length] = 0;
}

double zs_exif_positive(double value) { return isfinite(value) && value > 0 ? value : 0; }

void zs_exif_set_position(zs_exif *exif, const double latitude[3], char north, const double longitude[3], char east) {
    double y = latitude[0] + latitude[1] / 60 + latitude[2] / 3600;
    double x = longitude[0] + longitude[1] / 60 + longitude[2] / 3600;
    if (!(y >= 0 && y <= 90 && x >= 0 && x <= 180)) return;
    exif->latitude = north == 'S' ? -y : y;
    exif->longitude = east == 'W' ? -x : x;
    exif->has_position = 1;
}

double zs_exif_pixels_per_millimetre(double resolution, int unit) {
    switch (unit) {
    case 2: return zs_exif_positive(resolution / 25.4);
    case 3: return zs_exif_positive(resolution / 10);
    case 4: return zs_exif_positive(resolution);
    case 5: return zs_exif_positive(resolution * 1000);
    default: return 0;
    }
}

static ExifEntry *entry(ExifData *data, ExifIfd directory, int tag) {
    ExifEntry *found = exif_content_get_entry(data->ifd[directory], (ExifTag)tag);
    return found && found->data ? found : NULL;
}

// Number `index` of an entry of shorts, longs or rationals; NaN when it is not there.
static double number(ExifData *data, ExifEntry *found, unsigned index) {
    if (!found || index >= found->components) return NAN;
    unsigned width = exif_format_get_size(found->format);
    if (width == 0 || (uint64_t)width * (index + 1) > found->size) return NAN;
    const unsigned char *place = found->data + (size_t)width * index;
    ExifByteOrder order = exif_data_get_byte_order(data);
    switch (found->format) {
    case EXIF_FORMAT_BYTE: return place[0];
    case EXIF_FORMAT_SHORT: return exif_get_short(place, order);
    case EXIF_FORMAT_LONG: return exif_get_long(place, order);
    case EXIF_FORMAT_RATIONAL: {
        ExifRational value = exif_get_rational(place, order);
        return value.denominator == 0 ? NAN : (double)value.numerator / value.denominator;
    }
    case EXIF_FORMAT_SRATIONAL: {
        ExifSRational value = exif_get_srational(place, order);
        return value.denominator == 0 ? NAN : (double)value.numerator / value.denominator;
    }
    default: return NAN;
    }
}

static double number_of(ExifData *data, ExifIfd directory, int tag) {
    return number(data, entry(data, directory, tag), 0);
}

static void text_of(ExifData *data, int tag, char target[ZS_EXIF_TEXT_SIZE]) {
    ExifEntry *found = entry(data, EXIF_IFD_0, tag);
    if (found && found->format == EXIF_FORMAT_ASCII) zs_exif_copy_text(target, found->data, found->size);
}

static char letter_of(ExifData *data, int tag) {
    ExifEntry *found = entry(data, EXIF_IFD_GPS, tag);
    return found && found->format == EXIF_FORMAT_ASCII && found->size > 0 ? (char)found->data[0] : 0;
}

static void read_position(ExifData *data, zs_exif *exif) {
    double angles[2][3];
    const int tags[2] = {EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LONGITUDE};
    for (int axis = 0; axis < 2; axis++)
        for (unsigned part = 0; part < 3; part++)
            angles[axis][part] = number(data, entry(data, EXIF_IFD_GPS, tags[axis]), part);
    zs_exif_set_position(
        exif, angles[0], letter_of(data, EXIF_TAG_GPS_LATITUDE_REF), angles[1],
        letter_of(data, EXIF_TAG_GPS_LONGITUDE_REF));
    double altitude = number_of(data, EXIF_IFD_GPS, EXIF_TAG_GPS_ALTITUDE);
    if (!isfinite(altitude)) return;
    exif->altitude = number_of(data, EXIF_IFD_GPS, EXIF_TAG_GPS_ALTITUDE_REF) == 1 ? -altitude : altitude;
    exif->has_altitude = 1;
}

static void read_directories(ExifData *data, zs_exif *exif) {
    text_of(data, EXIF_TAG_MAKE, exif->make);
    text_of(data, EXIF_TAG_MODEL, exif->model);
    double orientation = number_of(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION);
    if (isfinite(orientation) && orientation <= UINT16_MAX) {
        exif->has_orientation = 1;
        exif->orientation = (int32_t)orientation;
    }
    exif->focal_length = zs_exif_positive(number_of(data, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_LENGTH));
    exif->focal_length_35mm = zs_exif_positive(number_of(data, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_LENGTH_IN_35MM_FILM));
    double unit = number_of(data, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_PLANE_RESOLUTION_UNIT);
    exif->focal_plane_resolution = zs_exif_pixels_per_millimetre(
        number_of(data, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_PLANE_X_RESOLUTION), isfinite(unit) && unit < 16 ? (int)unit : 0);
    exif->focal_plane_width = zs_exif_positive(number_of(data, EXIF_IFD_EXIF, EXIF_TAG_PIXEL_X_DIMENSION));
    read_position(data, exif);
}

void zs_exif_parse(const uint8_t *bytes, size_t count, zs_exif *exif) {
    static const uint8_t mark[6] = {'E', 'x', 'i', 'f', 0, 0};
    // libexif looks at no more than the 64 kB that fit a segment of a JPEG file.
    if (count < 8 || count > UINT16_MAX) return;
    uint8_t *marked = malloc(count + sizeof mark);
    if (!marked) return;
    memcpy(marked, mark, sizeof mark);
    memcpy(marked + sizeof mark, bytes, count);
    ExifData *data = exif_data_new();
    if (data) {
        // Following the specification would "repair" entries: invent some and drop others.
        exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
        exif_data_load_data(data, marked, (unsigned)(count + sizeof mark));
        read_directories(data, exif);
        exif_data_unref(data);
    }
    free(marked);
}
