// SPDX-License-Identifier: Apache-2.0
// Nearest descriptors where a fast kernel takes elements up to 127 only: the few descriptors with larger ones are set apart,
// and the parts of the product are joined.
#include <string.h>

#include "CKernels.h"
#include "match_split.h"

static size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t zk_match_split_scratch(long row_count, long column_count) {
    size_t result = 0;
    const long counts[2] = {row_count, column_count};
    for (int side = 0; side < 2; side++) {
        size_t count = (size_t)counts[side];
        result += padded(count * ZK_DESCRIPTOR) + padded(count * sizeof(int32_t)) + padded(count * sizeof(zk_nearest));
    }
    return result;
}

// One side of the product: descriptors with small elements first, each part in its old order.
typedef struct {
    long count, narrow;
    uint8_t *descriptors;
    int32_t *numbers;    // where each was
    zk_nearest *nearest; // of the part at work
    zk_nearest *result;  // by old numbers
} side;

static int is_narrow(const uint8_t *descriptor) {
    uint8_t bits = 0;
    for (int k = 0; k < ZK_DESCRIPTOR; k++) bits |= descriptor[k];
    return bits < 128;
}

static side partitioned(long count, const uint8_t *descriptors, zk_nearest *result, char **scratch) {
    side s = {.count = count, .result = result};
    s.descriptors = (uint8_t *)*scratch;
    s.numbers = (int32_t *)(s.descriptors + padded((size_t)count * ZK_DESCRIPTOR));
    s.nearest = (zk_nearest *)((char *)s.numbers + padded((size_t)count * sizeof(int32_t)));
    *scratch = (char *)s.nearest + padded((size_t)count * sizeof(zk_nearest));
    for (long i = 0; i < count; i++) s.narrow += is_narrow(descriptors + i * ZK_DESCRIPTOR);
    long next[2] = {s.narrow, 0};
    for (long i = 0; i < count; i++) {
        long place = next[is_narrow(descriptors + i * ZK_DESCRIPTOR)]++;
        memcpy(s.descriptors + place * ZK_DESCRIPTOR, descriptors + i * ZK_DESCRIPTOR, ZK_DESCRIPTOR);
        s.numbers[place] = (int32_t)i;
        result[i] = (zk_nearest){.index = -1, .best = -1, .second = -1};
    }
    return s;
}

// Adds what a part found, the lowest number first among equals.
static void join(side *own, long first, long count, const int32_t *others) {
    for (long i = 0; i < count; i++) {
        zk_nearest found = own->nearest[i];
        if (found.index < 0) continue;
        found.index = others[found.index];
        zk_nearest *known = own->result + own->numbers[first + i];
        if (found.best > known->best || (found.best == known->best && found.index < known->index)) {
            if (known->best > found.second) found.second = known->best;
            *known = found;
        } else if (found.best > known->second) {
            known->second = found.best;
        }
    }
}

static void multiply(zk_match_kernel kernel, side *rows, long first_row, long row_count, side *columns, long first_column,
                     long column_count, void *scratch) {
    if (row_count == 0 || column_count == 0) return;
    kernel(row_count, rows->descriptors + first_row * ZK_DESCRIPTOR, column_count,
           columns->descriptors + first_column * ZK_DESCRIPTOR, rows->nearest, columns->nearest, scratch);
    join(rows, first_row, row_count, columns->numbers + first_column);
    join(columns, first_column, column_count, rows->numbers + first_row);
}

void zk_match_split(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns, zk_nearest *by_row,
                    zk_nearest *by_column, void *scratch, zk_match_kernel narrow, zk_match_kernel wide,
                    void *kernel_scratch) {
    char *free_memory = scratch;
    side left = partitioned(row_count, rows, by_row, &free_memory);
    side right = partitioned(column_count, columns, by_column, &free_memory);
    multiply(narrow, &left, 0, left.narrow, &right, 0, right.narrow, kernel_scratch);
    multiply(wide, &left, 0, left.narrow, &right, right.narrow, right.count - right.narrow, kernel_scratch);
    multiply(wide, &left, left.narrow, left.count - left.narrow, &right, 0, right.count, kernel_scratch);
}
