// SPDX-License-Identifier: Apache-2.0
#include "CGzip.h"

#include <zlib.h>

// zlib counts in 32 bits: input is fed in pieces of this size.
static const size_t largest_piece = 1u << 30;

// Window of 32 KiB, with the header and trailer of gzip.
static const int gzip_window = 15 + 16;

// Gives the stream more input when it has none; `*offset` counts what was given.
static void feed(z_stream *stream, const uint8_t *bytes, size_t count, size_t *offset) {
    if (stream->avail_in > 0) return;
    size_t piece = count - *offset < largest_piece ? count - *offset : largest_piece;
    stream->next_in = (Bytef *)(bytes + *offset);
    stream->avail_in = (uInt)piece;
    *offset += piece;
}

static int inflate_all(z_stream *stream, const uint8_t *bytes, size_t count, size_t limit, uint8_t *chunk,
                       size_t chunk_size, zs_gzip_consumer consume, void *context) {
    size_t offset = 0, produced = 0;
    for (;;) {
        feed(stream, bytes, count, &offset);
        // At the limit one more byte is asked for: at the end of a stream none comes, but the check sum is compared.
        size_t wanted = limit - produced < chunk_size ? limit - produced : chunk_size;
        stream->next_out = chunk;
        stream->avail_out = wanted > 0 ? (uInt)wanted : 1;
        uInt room = stream->avail_out;
        int status = inflate(stream, Z_NO_FLUSH);
        size_t fresh = room - stream->avail_out;
        if (wanted == 0 && fresh > 0) return ZS_GZIP_OK;
        if (fresh > 0 && consume(context, chunk, fresh) != 0) return ZS_GZIP_STOPPED;
        produced += fresh;
        switch (status) {
        case Z_OK: break;
        case Z_STREAM_END:
            // Another member may follow; writers of parallel gzip make many.
            if (produced == limit || (stream->avail_in == 0 && offset == count)) return ZS_GZIP_OK;
            if (inflateReset(stream) != Z_OK) return ZS_GZIP_CORRUPT;
            break;
        case Z_BUF_ERROR:
            if (stream->avail_in == 0 && offset == count) return ZS_GZIP_CUT_OFF;
            break;
        case Z_MEM_ERROR: return ZS_GZIP_NO_ROOM;
        default: return ZS_GZIP_CORRUPT;
        }
    }
}

int zs_gzip_decompress(const uint8_t *bytes, size_t count, size_t limit, uint8_t *chunk, size_t chunk_size,
                       zs_gzip_consumer consume, void *context) {
    if (chunk_size == 0 || chunk_size > largest_piece) return ZS_GZIP_NO_ROOM;
    z_stream stream = {0};
    if (inflateInit2(&stream, gzip_window) != Z_OK) return ZS_GZIP_NO_ROOM;
    int status = inflate_all(&stream, bytes, count, limit, chunk, chunk_size, consume, context);
    inflateEnd(&stream);
    return status;
}

size_t zs_gzip_bound(size_t count) {
    // compressBound of zlib is for its own header of 6 bytes; that of gzip has 18.
    return compressBound((uLong)count) + 12;
}

int zs_gzip_compress(const uint8_t *bytes, size_t count, uint8_t *target, size_t capacity, size_t *written) {
    *written = 0;
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return ZS_GZIP_NO_ROOM;
    size_t offset = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        feed(&stream, bytes, count, &offset);
        size_t room = capacity - *written < largest_piece ? capacity - *written : largest_piece;
        stream.next_out = target + *written;
        stream.avail_out = (uInt)room;
        status = deflate(&stream, offset == count ? Z_FINISH : Z_NO_FLUSH);
        *written += room - stream.avail_out;
    }
    deflateEnd(&stream);
    return status == Z_STREAM_END ? ZS_GZIP_OK : ZS_GZIP_NO_ROOM;
}
