// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "exif.h"
#include "jpeg_error.h"
#include "zs_jpeg.h"

// Progressive files of cameras and editors have about ten scans. Each goes over the whole picture, however few bytes it
// has, so a small file with very many would keep a processor busy for hours.
enum { most_scans = 100 };

// One read. Lives in the caller of the function that calls setjmp, so that its values outlast a long jump.
typedef struct {
    zs_jpeg_errors errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct codec;
    JSAMPLE *ink;     // one row of CMYK samples
    int has_samples;  // whether reading of samples has begun
} reader;

static void count_scans(j_common_ptr common) {
    j_decompress_ptr codec = (j_decompress_ptr)common;
    if (codec->input_scan_number <= most_scans) return;
    reader *self = (reader *)codec->client_data;
    zs_set_message(self->errors.message, "more than %d scans", most_scans);
    longjmp(self->errors.escape, 1);
}

// Reads all that comes before the samples. Call below setjmp.
static void read_header(reader *self, const uint8_t *bytes, size_t count) {
    jpeg_create_decompress(&self->codec);
    self->codec.client_data = self;
    self->progress.progress_monitor = count_scans;
    self->codec.progress = &self->progress;
    jpeg_mem_src(&self->codec, bytes, count);
    jpeg_save_markers(&self->codec, JPEG_APP0 + 1, 0xFFFF);
    jpeg_read_header(&self->codec, TRUE);
}

// The channels that are decoded to, or 0 for a kind of picture that is not read.
static int output_channels(const reader *self) {
    switch (self->codec.jpeg_color_space) {
    case JCS_GRAYSCALE: return 1;
    case JCS_RGB:
    case JCS_YCbCr:
    case JCS_CMYK:
    case JCS_YCCK: return 3;
    default: return 0;
    }
}

static void read_exif(const reader *self, zs_exif *exif) {
    static const uint8_t mark[6] = {'E', 'x', 'i', 'f', 0, 0};
    for (jpeg_saved_marker_ptr marker = self->codec.marker_list; marker; marker = marker->next) {
        if (marker->data_length < sizeof mark || memcmp(marker->data, mark, sizeof mark) != 0) continue;
        zs_exif_parse(marker->data + sizeof mark, marker->data_length - sizeof mark, exif);
        return;
    }
}

static int try_header(reader *self, const uint8_t *bytes, size_t count, zs_image_header *header) {
    if (setjmp(self->errors.escape)) return ZS_IMAGE_MALFORMED;
    read_header(self, bytes, count);
    header->width = self->codec.image_width;
    header->height = self->codec.image_height;
    header->channels = self->codec.num_components;
    header->bits = self->codec.data_precision;
    header->output_channels = output_channels(self);
    if (header->output_channels == 0)
        return ZS_FAIL(
            self->errors.message, ZS_IMAGE_UNSUPPORTED, "%d colour components of unknown meaning",
            self->codec.num_components);
    read_exif(self, &header->exif);
    return ZS_IMAGE_OK;
}

static void end(reader *self) {
    jpeg_destroy_decompress(&self->codec);
    free(self->ink);
}

int zs_jpeg_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message) {
    *header = (zs_image_header){0};
    reader self = {0};
    self.codec.err = zs_jpeg_install(&self.errors, message);
    int status = try_header(&self, bytes, count, header);
    end(&self);
    return status;
}

// Adobe stores 255 − ink; all writers of CMYK files do as it does.
static void rgb_from_inverted_ink(const JSAMPLE *ink, JSAMPLE *rgb, size_t width) {
    for (size_t x = 0; x < width; x++, ink += 4, rgb += 3)
        for (int channel = 0; channel < 3; channel++) rgb[channel] = (JSAMPLE)((ink[channel] * ink[3] + 127) / 255);
}

static void read_rows(reader *self, uint8_t *samples, size_t row_size) {
    j_decompress_ptr codec = &self->codec;
    while (codec->output_scanline < codec->output_height) {
        JSAMPLE *row = samples + codec->output_scanline * row_size;
        JSAMPLE *target = self->ink ? self->ink : row;
        jpeg_read_scanlines(codec, &target, 1);
        if (self->ink) rgb_from_inverted_ink(self->ink, row, codec->output_width);
    }
}

static int try_decode(reader *self, const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels,
                      uint8_t *samples) {
    if (setjmp(self->errors.escape)) return self->has_samples ? ZS_IMAGE_DAMAGED : ZS_IMAGE_MALFORMED;
    read_header(self, bytes, count);
    j_decompress_ptr codec = &self->codec;
    if (codec->image_width != width || codec->image_height != height || output_channels(self) != channels)
        return ZS_FAIL(
            self->errors.message, ZS_IMAGE_MALFORMED, "the picture is not of the size and kind that its header told");
    if (codec->num_components == 4) {
        codec->out_color_space = JCS_CMYK;
        self->ink = malloc((size_t)width * 4);
        if (!self->ink) return ZS_FAIL(self->errors.message, ZS_IMAGE_NO_ROOM, "no memory for a row");
    } else {
        codec->out_color_space = channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    }
    jpeg_start_decompress(codec);
    self->has_samples = 1;
    read_rows(self, samples, (size_t)width * (size_t)channels);
    jpeg_finish_decompress(codec);
    return self->errors.is_damaged ? ZS_IMAGE_DAMAGED : ZS_IMAGE_OK;
}

int zs_jpeg_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                   size_t sample_count, char *message) {
    if ((uint64_t)width * (uint64_t)height * (uint64_t)channels > sample_count)
        return ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "the buffer is too small");
    reader self = {0};
    self.codec.err = zs_jpeg_install(&self.errors, message);
    int status = try_decode(&self, bytes, count, width, height, channels, samples);
    end(&self);
    return status;
}
