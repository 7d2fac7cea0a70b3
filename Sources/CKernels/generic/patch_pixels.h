// SPDX-License-Identifier: Apache-2.0
// The 45 pixels of a patch: 7 × 7 without the corners, row by row from the top; three lanes of weight 0 fill up to ZK_PATCH.
#ifndef ZEROSET_PATCH_PIXELS_H
#define ZEROSET_PATCH_PIXELS_H
#include "CKernels.h"

static const float zk_patch_columns[ZK_PATCH] = {
        -2, -1, 0, 1, 2,
    -3, -2, -1, 0, 1, 2, 3,
    -3, -2, -1, 0, 1, 2, 3,
    -3, -2, -1, 0, 1, 2, 3,
    -3, -2, -1, 0, 1, 2, 3,
    -3, -2, -1, 0, 1, 2, 3,
        -2, -1, 0, 1, 2,
    0, 0, 0,
};
static const float zk_patch_rows[ZK_PATCH] = {
        -3, -3, -3, -3, -3,
    -2, -2, -2, -2, -2, -2, -2,
    -1, -1, -1, -1, -1, -1, -1,
     0,  0,  0,  0,  0,  0,  0,
     1,  1,  1,  1,  1,  1,  1,
     2,  2,  2,  2,  2,  2,  2,
         3,  3,  3,  3,  3,
    0, 0, 0,
};
// exp(-r² / 18): a Gaussian whose standard deviation is the patch's reach.
static const float zk_patch_falloff[ZK_PATCH] = {
    0.485671785f, 0.573753421f, 0.606530660f, 0.573753421f, 0.485671785f,
    0.485671785f, 0.641180388f, 0.757465128f, 0.800737403f, 0.757465128f, 0.641180388f, 0.485671785f,
    0.573753421f, 0.757465128f, 0.894839317f, 0.945959469f, 0.894839317f, 0.757465128f, 0.573753421f,
    0.606530660f, 0.800737403f, 0.945959469f, 1.0f, 0.945959469f, 0.800737403f, 0.606530660f,
    0.573753421f, 0.757465128f, 0.894839317f, 0.945959469f, 0.894839317f, 0.757465128f, 0.573753421f,
    0.485671785f, 0.641180388f, 0.757465128f, 0.800737403f, 0.757465128f, 0.641180388f, 0.485671785f,
    0.485671785f, 0.573753421f, 0.606530660f, 0.573753421f, 0.485671785f,
    0, 0, 0,
};
// What an even weighting adds up.
static const float zk_patch_counts[ZK_PATCH] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0,
};
#endif
