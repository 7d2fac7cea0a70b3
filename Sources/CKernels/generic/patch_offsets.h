// SPDX-License-Identifier: Apache-2.0
// Where the pixels of a patch lie, row by row, and three without weight that fill up the last vector.
#ifndef ZEROSET_KERNEL_PATCH_OFFSETS_H
#define ZEROSET_KERNEL_PATCH_OFFSETS_H
#include "zk_patch.h"

#define ZK_PATCH_ROW5(value) value(-2) value(-1) value(0) value(1) value(2)
#define ZK_PATCH_ROW7(value) value(-3) ZK_PATCH_ROW5(value) value(3)
#define ZK_PATCH_COLUMN(x) (float)(x),
#define ZK_PATCH_5(y) y, y, y, y, y
#define ZK_PATCH_7(y) ZK_PATCH_5(y), y, y
static const float zk_patch_x[ZK_PATCH_LANES] = {
    ZK_PATCH_ROW5(ZK_PATCH_COLUMN) ZK_PATCH_ROW7(ZK_PATCH_COLUMN) ZK_PATCH_ROW7(ZK_PATCH_COLUMN)
    ZK_PATCH_ROW7(ZK_PATCH_COLUMN) ZK_PATCH_ROW7(ZK_PATCH_COLUMN) ZK_PATCH_ROW7(ZK_PATCH_COLUMN)
    ZK_PATCH_ROW5(ZK_PATCH_COLUMN) 0, 0, 0};
static const float zk_patch_y[ZK_PATCH_LANES] = {ZK_PATCH_5(-3), ZK_PATCH_7(-2), ZK_PATCH_7(-1), ZK_PATCH_7(0),
                                                 ZK_PATCH_7(1),  ZK_PATCH_7(2),  ZK_PATCH_5(3),  0, 0, 0};
static const float zk_patch_counts[ZK_PATCH_LANES] = {ZK_PATCH_5(1), ZK_PATCH_7(1), ZK_PATCH_7(1), ZK_PATCH_7(1),
                                                      ZK_PATCH_7(1), ZK_PATCH_7(1), ZK_PATCH_5(1), 0, 0, 0};
#endif
