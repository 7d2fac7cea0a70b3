// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

// Gzip streams behind plain C: zlib, linked from the system. Buffers belong to the caller and come with their lengths;
// nothing is kept between calls.

// What a call returns.
enum {
    // Done.
    ZS_GZIP_OK = 0,
    // The stream ends before its end mark.
    ZS_GZIP_CUT_OFF = -1,
    // Not a gzip stream, or its check sum does not match.
    ZS_GZIP_CORRUPT = -2,
    // Memory is short, or the buffer is too small.
    ZS_GZIP_NO_ROOM = -3,
    // The consumer asked to stop.
    ZS_GZIP_STOPPED = -4,
};

// Takes the next decompressed bytes; returns 0 to go on.
typedef int (*zs_gzip_consumer)(void *context, const uint8_t *chunk, size_t count);

// Decompresses the gzip stream in `bytes`, of one or several members, and hands it over in pieces of at most `chunk_size`
// bytes, which are made in `chunk`. Stops without an error when `limit` bytes came out; when the stream ends at this very
// place, its check sum has been compared.
int zs_gzip_decompress(const uint8_t *bytes, size_t count, size_t limit, uint8_t *chunk, size_t chunk_size,
                       zs_gzip_consumer consume, void *context);

// The most bytes that zs_gzip_compress may need.
size_t zs_gzip_bound(size_t count);

// Compresses `bytes` into one member without name and time: the same bytes give the same stream.
// `*written` becomes its size.
int zs_gzip_compress(const uint8_t *bytes, size_t count, uint8_t *target, size_t capacity, size_t *written);
