// SPDX-License-Identifier: Apache-2.0
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "exif.h"
#include "message.h"
#include "zs_labels.h"
#include "zs_png.h"

// One read. Lives in the caller of the function that calls setjmp, so that its values outlast a long jump.
typedef struct {
    const uint8_t *bytes;
    size_t count, offset;
    char *message;
    png_structp png;
    png_infop info;
    png_bytep *rows;
    int has_samples;  // whether reading of samples has begun
} reader;

static void fail(png_structp png, png_const_charp text) {
    reader *self = png_get_error_ptr(png);
    zs_set_message(self->message, "%s", text);
    png_longjmp(png, 1);
}

// Warnings speak of chunks that do not matter here, or repeat what an error will say.
static void ignore(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void fetch(png_structp png, png_bytep target, size_t count) {
    reader *self = png_get_io_ptr(png);
    if (count > self->count - self->offset) png_error(png, "the file ends too early");
    memcpy(target, self->bytes + self->offset, count);
    self->offset += count;
}

static int begin(reader *self, const uint8_t *bytes, size_t count, char *message) {
    *self = (reader){.bytes = bytes, .count = count, .message = message};
    message[0] = 0;
    self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, fail, ignore);
    if (self->png) self->info = png_create_info_struct(self->png);
    return self->info ? ZS_IMAGE_OK : ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "no memory for a PNG reader");
}

static void end(reader *self) {
    png_destroy_read_struct(&self->png, &self->info, NULL);
    free(self->rows);
}

// Reads all that comes before the samples. Call below setjmp.
static void read_header(reader *self) {
    // Of the chunks that need not be there, only EXIF data is wanted: profiles and texts are skipped unread.
    static const uint8_t unwanted[] =
        "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0tRNS\0zTXt";
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, unwanted, (int)(sizeof unwanted / 5));
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_chunk_malloc_max(self->png, 8 << 20);
    // Sizes are limited by the caller, who can say more about them.
    png_set_user_limits(self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_read_fn(self->png, self, fetch);
    png_read_info(self->png, self->info);
}

static int output_channels(reader *self) {
    return png_get_color_type(self->png, self->info) & PNG_COLOR_MASK_COLOR ? 3 : 1;
}

static int try_header(reader *self, zs_image_header *header) {
    if (setjmp(png_jmpbuf(self->png))) return ZS_IMAGE_MALFORMED;
    read_header(self);
    header->width = png_get_image_width(self->png, self->info);
    header->height = png_get_image_height(self->png, self->info);
    header->channels = png_get_channels(self->png, self->info);
    header->bits = png_get_bit_depth(self->png, self->info);
    header->output_channels = output_channels(self);
    png_uint_32 count = 0;
    png_bytep exif = NULL;
    if (png_get_eXIf_1(self->png, self->info, &count, &exif)) zs_exif_parse(exif, count, &header->exif);
    return ZS_IMAGE_OK;
}

int zs_png_header(const uint8_t *bytes, size_t count, zs_image_header *header, char *message) {
    *header = (zs_image_header){0};
    reader self;
    int status = begin(&self, bytes, count, message);
    if (status == ZS_IMAGE_OK) status = try_header(&self, header);
    end(&self);
    return status;
}

// Reads all samples, `row_size` bytes a row, after the transformations were set. Call below setjmp.
static void read_rows(reader *self, int64_t width, int64_t height, size_t row_size, uint8_t *samples) {
    png_set_interlace_handling(self->png);
    png_read_update_info(self->png, self->info);
    if (png_get_image_width(self->png, self->info) != width || png_get_image_height(self->png, self->info) != height
        || png_get_rowbytes(self->png, self->info) != row_size)
        png_error(self->png, "the picture is not of the size and kind that its header told");
    self->rows = malloc((size_t)height * sizeof(png_bytep));
    if (!self->rows) png_error(self->png, "no memory for the rows");
    for (int64_t row = 0; row < height; row++) self->rows[row] = samples + (size_t)row * row_size;
    self->has_samples = 1;
    png_read_image(self->png, self->rows);
    png_read_end(self->png, NULL);
}

static int try_decode(reader *self, int64_t width, int64_t height, int channels, uint8_t *samples) {
    if (setjmp(png_jmpbuf(self->png))) return self->has_samples ? ZS_IMAGE_DAMAGED : ZS_IMAGE_MALFORMED;
    read_header(self);
    png_set_expand(self->png);
    png_set_scale_16(self->png);
    png_set_strip_alpha(self->png);
    if (output_channels(self) != channels)
        png_error(self->png, "the picture is not of the kind that its header told");
    read_rows(self, width, height, (size_t)width * (size_t)channels, samples);
    return ZS_IMAGE_OK;
}

int zs_png_decode(const uint8_t *bytes, size_t count, int64_t width, int64_t height, int channels, uint8_t *samples,
                  size_t sample_count, char *message) {
    if ((uint64_t)width * (uint64_t)height * (uint64_t)channels > sample_count)
        return ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "the buffer is too small");
    reader self;
    int status = begin(&self, bytes, count, message);
    if (status == ZS_IMAGE_OK) status = try_decode(&self, width, height, channels, samples);
    end(&self);
    return status;
}

static int is_label(reader *self) {
    int type = png_get_color_type(self->png, self->info);
    return type == PNG_COLOR_TYPE_PALETTE || !(type & PNG_COLOR_MASK_COLOR);
}

static int try_labels(reader *self, int64_t width, int64_t height, uint16_t *samples) {
    if (setjmp(png_jmpbuf(self->png))) return self->has_samples ? ZS_IMAGE_DAMAGED : ZS_IMAGE_MALFORMED;
    read_header(self);
    if (!is_label(self)) return ZS_FAIL(self->message, ZS_IMAGE_UNSUPPORTED, "a picture in colour");
    int is_wide = png_get_bit_depth(self->png, self->info) == 16;
    png_set_packing(self->png);
    png_set_strip_alpha(self->png);
    const uint16_t probe = 1;
    if (is_wide && *(const uint8_t *)&probe == 1) png_set_swap(self->png);
    // Rows of single bytes are read into the end of the buffer, and widened from its start.
    size_t total = (size_t)width * (size_t)height;
    uint8_t *bytes = (uint8_t *)samples + (is_wide ? 0 : total);
    read_rows(self, width, height, (size_t)width * (is_wide ? 2 : 1), bytes);
    if (!is_wide)
        for (size_t index = 0; index < total; index++) samples[index] = bytes[index];
    return ZS_IMAGE_OK;
}

int zs_png_labels(const uint8_t *bytes, size_t count, int64_t width, int64_t height, uint16_t *samples,
                  size_t sample_count, char *message) {
    if ((uint64_t)width * (uint64_t)height > sample_count)
        return ZS_FAIL(message, ZS_IMAGE_NO_ROOM, "the buffer is too small");
    reader self;
    int status = begin(&self, bytes, count, message);
    if (status == ZS_IMAGE_OK) status = try_labels(&self, width, height, samples);
    end(&self);
    return status;
}
