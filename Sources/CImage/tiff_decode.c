// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "tiff_source.h"
#include "zs_labels.h"
#include "zs_tiff.h"

// One picture on its way from the file to the caller.
typedef struct {
    zs_tiff_source source;
    zs_tiff_layout layout;
    TIFF *tiff;
    uint8_t *samples;  // decoded pixels, or NULL when `labels` are wanted
    uint16_t *labels;  // first samples as stored
    int is_damaged;
} reader;

static uint8_t to_byte(const zs_tiff_layout *layout, const uint8_t *row, size_t index) {
    unsigned value = row[index];
    // 16 bits are rounded to 8: the nearest of value · 255 / 65535.
    if (layout->bits == 16) value = (((const uint16_t *)(const void *)row)[index] * 255u + 32895u) >> 16;
    return (uint8_t)(layout->photometric == PHOTOMETRIC_MINISWHITE ? 255 - value : value);
}

static void expand_palette(const zs_tiff_layout *layout, const uint8_t *row, size_t step, size_t count, uint8_t *out) {
    for (size_t x = 0; x < count; x++) {
        uint8_t index = row[x * step];
        out[3 * x] = (uint8_t)(layout->red[index] >> layout->palette_shift);
        out[3 * x + 1] = (uint8_t)(layout->green[index] >> layout->palette_shift);
        out[3 * x + 2] = (uint8_t)(layout->blue[index] >> layout->palette_shift);
    }
}

static void copy_labels(const zs_tiff_layout *layout, const uint8_t *row, size_t step, size_t count, uint16_t *out) {
    unsigned largest = layout->photometric == PHOTOMETRIC_MINISWHITE ? (1u << layout->bits) - 1 : 0;
    for (size_t x = 0; x < count; x++) {
        unsigned value = layout->bits == 16 ? ((const uint16_t *)(const void *)row)[x * step] : row[x * step];
        out[x] = (uint16_t)(largest ? largest - value : value);
    }
}

// Puts `count` pixels of a stored row at column `x` of row `y`; `plane` is the one they belong to when planes are apart.
static void place(reader *self, const uint8_t *row, uint32_t x, uint32_t y, size_t count, uint16_t plane) {
    const zs_tiff_layout *layout = &self->layout;
    int is_apart = layout->planar == PLANARCONFIG_SEPARATE;
    size_t step = is_apart ? 1 : layout->samples;
    size_t pixel = (size_t)y * layout->width + x;
    if (self->labels) {
        copy_labels(layout, row, step, count, self->labels + pixel);
        return;
    }
    size_t channels = (size_t)layout->output_channels;
    uint8_t *out = self->samples + pixel * channels;
    if (layout->photometric == PHOTOMETRIC_PALETTE) {
        expand_palette(layout, row, step, count, out);
    } else if (is_apart) {
        for (size_t i = 0; i < count; i++) out[i * channels + plane] = to_byte(layout, row, i);
    } else {
        for (size_t i = 0; i < count; i++)
            for (size_t channel = 0; channel < channels; channel++)
                out[i * channels + channel] = to_byte(layout, row, i * step + channel);
    }
}

// Planes that must be read: alpha and other extra ones are left out.
static uint16_t planes_of(const zs_tiff_layout *layout) {
    if (layout->planar != PLANARCONFIG_SEPARATE) return 1;
    return layout->photometric == PHOTOMETRIC_PALETTE ? 1 : (uint16_t)layout->output_channels;
}

// Bytes of `width` stored pixels.
static uint64_t stored_size(const zs_tiff_layout *layout, uint64_t width) {
    uint64_t samples = layout->planar == PLANARCONFIG_SEPARATE ? 1 : layout->samples;
    return (width * samples * layout->bits + 7) / 8;
}

static int read_strips(reader *self) {
    const zs_tiff_layout *layout = &self->layout;
    uint32_t strip_height = 0;
    TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ROWSPERSTRIP, &strip_height);
    uint64_t row_size = stored_size(layout, layout->width);
    if (strip_height == 0 || TIFFScanlineSize64(self->tiff) != row_size)
        return ZS_FAIL(self->source.message, ZS_IMAGE_MALFORMED, "the strips do not fit the picture");
    uint8_t *row = calloc(row_size, 1);  // no chance bytes, should a codec leave a gap
    if (!row) return ZS_FAIL(self->source.message, ZS_IMAGE_NO_ROOM, "no memory for a row");
    for (uint16_t plane = 0; plane < planes_of(layout); plane++) {
        for (uint32_t y = 0; y < layout->height; y++) {
            if (TIFFReadScanline(self->tiff, row, y, plane) < 0) {
                // The rest of the strip is lost with this row; the next strip may be whole.
                self->is_damaged = 1;
                uint32_t left = strip_height - 1 - y % strip_height;
                if (left >= layout->height - y) break;
                y += left;
            } else {
                place(self, row, 0, y, layout->width, plane);
            }
        }
    }
    free(row);
    return ZS_IMAGE_OK;
}

// Size of a tile in pixels and bytes; whether it is sane.
static int measure_tiles(reader *self, uint32_t *width, uint32_t *height, uint64_t *size) {
    const zs_tiff_layout *layout = &self->layout;
    *width = *height = 0;
    TIFFGetField(self->tiff, TIFFTAG_TILEWIDTH, width);
    TIFFGetField(self->tiff, TIFFTAG_TILELENGTH, height);
    *size = TIFFTileSize64(self->tiff);
    if (*width == 0 || *height == 0 || *size == 0 || *size > 256u << 20) return 0;
    // Tiles may stick out of the picture, but not so far that almost all work is for nothing.
    uint64_t tiles = (1 + (uint64_t)(layout->width - 1) / *width) * (1 + (uint64_t)(layout->height - 1) / *height);
    uint64_t picture = stored_size(layout, layout->width) * layout->height;
    return tiles <= (16 * picture + (64u << 20)) / *size;
}

static int read_tiles(reader *self) {
    const zs_tiff_layout *layout = &self->layout;
    uint32_t width, height;
    uint64_t size;
    if (!measure_tiles(self, &width, &height, &size)
        || size != stored_size(layout, width) * height)
        return ZS_FAIL(self->source.message, ZS_IMAGE_MALFORMED, "the tiles do not fit the picture");
    uint8_t *tile = malloc(size);
    if (!tile) return ZS_FAIL(self->source.message, ZS_IMAGE_NO_ROOM, "no memory for a tile");
    for (uint16_t plane = 0; plane < planes_of(layout); plane++)
        for (uint64_t y = 0; y < layout->height; y += height)
            for (uint64_t x = 0; x < layout->width; x += width) {
                memset(tile, 0, size);
                if (TIFFReadTile(self->tiff, tile, (uint32_t)x, (uint32_t)y, 0, plane) != (tmsize_t)size)
                    self->is_damaged = 1;
                uint64_t columns = layout->width - x < width ? layout->width - x : width;
                uint64_t rows = layout->height - y < height ? layout->height - y : height;
                for (uint64_t row = 0; row < rows; row++)
                    place(self, tile + row * stored_size(layout, width), (uint32_t)x, (uint32_t)(y + row), columns, plane);
            }
    free(tile);
    return ZS_IMAGE_OK;
}

// Rare kinds (few bits, CMYK, uncompressed YCbCr) through libtiff's own conversion.
static int read_converted(reader *self) {
    const zs_tiff_layout *layout = &self->layout;
    uint32_t width, height;
    uint64_t size;
    if (TIFFIsTiled(self->tiff) && !measure_tiles(self, &width, &height, &size))
        return ZS_FAIL(self->source.message, ZS_IMAGE_MALFORMED, "the tiles do not fit the picture");
    size_t count = (size_t)layout->width * layout->height;
    uint32_t *pixels = calloc(count, sizeof *pixels);
    if (!pixels) return ZS_FAIL(self->source.message, ZS_IMAGE_NO_ROOM, "no memory for the picture");
    // The converter turns pictures by their orientation; this one stays as stored.
    TIFFSetField(self->tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (!TIFFReadRGBAImageOriented(self->tiff, layout->width, layout->height, pixels, ORIENTATION_TOPLEFT, 0))
        self->is_damaged = 1;
    for (size_t index = 0; index < count; index++) {
        if (layout->output_channels == 1) {
            self->samples[index] = (uint8_t)TIFFGetR(pixels[index]);
        } else {
            self->samples[3 * index] = (uint8_t)TIFFGetR(pixels[index]);
            self->samples[3 * index + 1] = (uint8_t)TIFFGetG(pixels[index]);
            self->samples[3 * index + 2] = (uint8_t)TIFFGetB(pixels[index]);
        }
    }
    free(pixels);
    return ZS_IMAGE_OK;
}

// Reads the picture that the layout tells, complaints about tags forgotten.
static int read_picture(reader *self) {
    // Complaints so far are about tags that do not matter; from here on each is about samples.
    self->source.complaints = 0;
    self->source.message[0] = 0;
    int status = ZS_IMAGE_OK;
    if (!self->layout.is_direct) status = read_converted(self);
    else if (TIFFIsTiled(self->tiff)) status = read_tiles(self);
    else status = read_strips(self);
    if (status == ZS_IMAGE_OK && (self->is_damaged || self->source.complaints > 0)) status = ZS_IMAGE_DAMAGED;
    if (status == ZS_IMAGE_DAMAGED && self->source.message[0] == 0)
        zs_set_message(self->source.message, "samples are missing");
    return status;
}

int zs_tiff_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                   size_t sample_count, char *message) {
    if ((uint64_t)width * (uint64_t)height * (uint64_t)channels > sample_count)
        return ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "the buffer is too small");
    reader self = {.samples = samples};
    self.tiff = zs_tiff_open(&self.source, bytes, count, message);
    if (!self.tiff) return ZS_IMAGE_MALFORMED;
    int status = zs_tiff_read_layout(self.tiff, &self.layout, message);
    if (status == ZS_IMAGE_OK
        && (self.layout.width != width || self.layout.height != height || self.layout.output_channels != channels))
        status = ZS_FAIL(message, ZS_IMAGE_MALFORMED, "the picture is not of the size and kind that its header told");
    if (status == ZS_IMAGE_OK) status = read_picture(&self);
    TIFFClose(self.tiff);
    return status;
}

int zs_tiff_labels(const uint8_t *bytes, size_t count, int64_t width, int64_t height, uint16_t *samples,
                   size_t sample_count, char *message) {
    if ((uint64_t)width * (uint64_t)height > sample_count)
        return ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "the buffer is too small");
    reader self = {.labels = samples};
    self.tiff = zs_tiff_open(&self.source, bytes, count, message);
    if (!self.tiff) return ZS_IMAGE_MALFORMED;
    int status = zs_tiff_read_layout(self.tiff, &self.layout, message);
    const zs_tiff_layout *layout = &self.layout;
    if (status == ZS_IMAGE_OK && (layout->width != width || layout->height != height))
        status = ZS_FAIL(message, ZS_IMAGE_MALFORMED, "the picture is not of the size that its header told");
    int is_label = layout->output_channels == 1 || layout->photometric == PHOTOMETRIC_PALETTE;
    if (status == ZS_IMAGE_OK && !(layout->is_direct && is_label))
        status = ZS_FAIL(message, ZS_IMAGE_UNSUPPORTED, "not grey or palette of 8 or 16 bits");
    if (status == ZS_IMAGE_OK) status = read_picture(&self);
    TIFFClose(self.tiff);
    return status;
}
