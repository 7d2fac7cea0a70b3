// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "jpeg_error.h"
#include "zs_jpeg.h"

// One write. Lives in the caller of the function that calls setjmp, so that its values outlast a long jump.
typedef struct {
    zs_jpeg_errors errors;
    struct jpeg_compress_struct codec;
    struct jpeg_destination_mgr target;
} writer;

static void begin(j_compress_ptr codec) { (void)codec; }

static boolean refuse(j_compress_ptr codec) {
    ERREXIT(codec, JERR_BUFFER_SIZE);
    return FALSE;
}

static void finish(j_compress_ptr codec) { (void)codec; }

size_t zs_jpeg_bound(int64_t width, int64_t height, int channels) {
    // As libjpeg-turbo's tjBufSize: a block of 64 samples never takes more than 128 bytes, and headers fit in 2 KiB.
    size_t blocks = (size_t)((width + 7) / 8) * (size_t)((height + 7) / 8);
    return blocks * 128 * (size_t)channels + 2048;
}

static int try_encode(writer *self, const uint8_t *samples, int64_t width, int64_t height, int channels, int quality) {
    if (setjmp(self->errors.escape)) return ZS_IMAGE_NO_ROOM;
    j_compress_ptr codec = &self->codec;
    jpeg_create_compress(codec);
    codec->dest = &self->target;
    codec->image_width = (JDIMENSION)width;
    codec->image_height = (JDIMENSION)height;
    codec->input_components = channels;
    codec->in_color_space = channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, quality, TRUE);
    for (int component = 0; component < codec->num_components; component++) {
        codec->comp_info[component].h_samp_factor = 1;
        codec->comp_info[component].v_samp_factor = 1;
    }
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        // libjpeg asks for samples that may be written, but does not write them.
        JSAMPLE *row = (JSAMPLE *)samples + (size_t)codec->next_scanline * (size_t)width * (size_t)channels;
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
    return ZS_IMAGE_OK;
}

int zs_jpeg_encode(const uint8_t *samples, int64_t width, int64_t height, int channels, int quality, uint8_t *bytes,
                   size_t capacity, size_t *written, char *message) {
    message[0] = 0;
    *written = 0;
    if (width < 1 || height < 1 || width > JPEG_MAX_DIMENSION || height > JPEG_MAX_DIMENSION
        || (channels != 1 && channels != 3))
        return ZS_FAIL(
            message, ZS_IMAGE_UNSUPPORTED, "no JPEG file holds such a picture: the longest side is %ld",
            JPEG_MAX_DIMENSION);
    writer self = {0};
    self.codec.err = zs_jpeg_install(&self.errors, message);
    self.target = (struct jpeg_destination_mgr){
        .next_output_byte = bytes, .free_in_buffer = capacity, .init_destination = begin, .empty_output_buffer = refuse,
        .term_destination = finish};
    int status = try_encode(&self, samples, width, height, channels, quality);
    jpeg_destroy_compress(&self.codec);
    *written = capacity - self.target.free_in_buffer;
    return status;
}
