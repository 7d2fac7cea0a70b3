// SPDX-License-Identifier: Apache-2.0
#include "tiff_source.h"

#include <string.h>

static tmsize_t fetch(thandle_t handle, void *target, tmsize_t wanted) {
    zs_tiff_source *self = handle;
    if (wanted <= 0 || self->offset >= self->count) return 0;
    uint64_t left = self->count - self->offset;
    uint64_t size = (uint64_t)wanted < left ? (uint64_t)wanted : left;
    memcpy(target, self->bytes + self->offset, size);
    self->offset += size;
    return (tmsize_t)size;
}

static tmsize_t refuse(thandle_t handle, void *bytes, tmsize_t count) {
    (void)handle;
    (void)bytes;
    (void)count;
    return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
    zs_tiff_source *self = handle;
    uint64_t base = origin == SEEK_CUR ? self->offset : origin == SEEK_END ? self->count : 0;
    self->offset = base + offset;
    return self->offset;
}

static int close_nothing(thandle_t handle) {
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle) { return ((zs_tiff_source *)handle)->count; }

static int complain(TIFF *tiff, void *handle, const char *module, const char *format, va_list arguments) {
    (void)tiff;
    (void)module;
    zs_tiff_source *self = handle;
    vsnprintf(self->message, ZS_IMAGE_MESSAGE_SIZE, format, arguments);
    self->complaints++;
    return 1;  // handled: nothing is printed
}

TIFF *zs_tiff_open(zs_tiff_source *source, const uint8_t *bytes, size_t count, char *message) {
    *source = (zs_tiff_source){.bytes = bytes, .count = count, .message = message};
    message[0] = 0;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) {
        zs_set_message(message, "no memory for a TIFF reader");
        return NULL;
    }
    TIFFOpenOptionsSetErrorHandlerExtR(options, complain, source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, complain, source);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)(256u << 20));
    // "m": no memory map; all bytes are copied by `fetch`, which knows where they end.
    TIFF *tiff = TIFFClientOpenExt(
        "file", "rm", source, fetch, refuse, seek, close_nothing, size_of, NULL, NULL, options);
    TIFFOpenOptionsFree(options);
    if (!tiff && message[0] == 0) zs_set_message(message, "not a TIFF file");
    return tiff;
}

// The common and sound ones. Old-style JPEG, JBIG, LERC, WebP and other rare ones are left out: code that few use.
static int is_read(uint16_t compression) {
    switch (compression) {
    case COMPRESSION_NONE:
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4:
    case COMPRESSION_LZW:
    case COMPRESSION_JPEG:
    case COMPRESSION_ADOBE_DEFLATE:
    case COMPRESSION_DEFLATE:
    case COMPRESSION_PACKBITS: return 1;
    default: return 0;
    }
}

static int is_direct(const zs_tiff_layout *layout) {
    if (layout->bits != 8 && layout->bits != 16) return 0;
    switch (layout->photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE: return 1;
    case PHOTOMETRIC_RGB: return layout->samples >= 3;
    case PHOTOMETRIC_PALETTE: return layout->bits == 8;
    default: return 0;
    }
}

static int is_converted(TIFF *tiff, const zs_tiff_layout *layout) {
    switch (layout->photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_PALETTE:
        if (layout->bits != 1 && layout->bits != 2 && layout->bits != 4) return 0;
        break;
    case PHOTOMETRIC_SEPARATED:
    case PHOTOMETRIC_YCBCR:
        if (layout->bits != 8) return 0;
        break;
    default: return 0;
    }
    char reason[1024] = "";
    return TIFFRGBAImageOK(tiff, reason);
}

static int find_palette(TIFF *tiff, zs_tiff_layout *layout) {
    uint16_t *red = NULL, *green = NULL, *blue = NULL;
    if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) || !red || !green || !blue) return 0;
    layout->red = red;
    layout->green = green;
    layout->blue = blue;
    // Some writers fill the 16-bit palette with 8-bit numbers.
    for (int index = 0; index < 256; index++)
        if (red[index] > 255 || green[index] > 255 || blue[index] > 255) layout->palette_shift = 8;
    return 1;
}

int zs_tiff_read_layout(TIFF *tiff, zs_tiff_layout *layout, char *message) {
    *layout = (zs_tiff_layout){0};
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout->width)
        || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout->height) || layout->width == 0 || layout->height == 0)
        return ZS_FAIL(message, ZS_IMAGE_MALFORMED, "no size");
    uint16_t compression = 0, format = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout->planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout->photometric))
        layout->photometric = layout->samples < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB;
    if (!is_read(compression))
        return ZS_FAIL(message, ZS_IMAGE_UNSUPPORTED, "compression scheme %u", compression);
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
        return ZS_FAIL(message, ZS_IMAGE_UNSUPPORTED, "samples that are signed or not whole numbers");
    if (layout->samples < 1 || layout->samples > 16)
        return ZS_FAIL(message, ZS_IMAGE_UNSUPPORTED, "%u samples per pixel", layout->samples);
    if (compression == COMPRESSION_JPEG && layout->photometric == PHOTOMETRIC_YCBCR && layout->bits == 8
        && layout->planar == PLANARCONFIG_CONTIG && TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB))
        layout->photometric = PHOTOMETRIC_RGB;
    int is_grey =
        layout->photometric == PHOTOMETRIC_MINISBLACK || layout->photometric == PHOTOMETRIC_MINISWHITE;
    layout->output_channels = is_grey ? 1 : 3;
    layout->is_direct = is_direct(layout);
    if (!layout->is_direct && !is_converted(tiff, layout))
        return ZS_FAIL(
            message, ZS_IMAGE_UNSUPPORTED, "%u samples of %u bits, photometric interpretation %u", layout->samples,
            layout->bits, layout->photometric);
    if (layout->is_direct && layout->photometric == PHOTOMETRIC_PALETTE && !find_palette(tiff, layout))
        return ZS_FAIL(message, ZS_IMAGE_MALFORMED, "no palette");
    return ZS_IMAGE_OK;
}
