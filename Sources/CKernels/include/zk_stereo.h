// SPDX-License-Identifier: Apache-2.0
//
// Likeness of patches of two pictures under a plane of the scene: what PatchMatch stereo tries millions of times.
#ifndef ZEROSET_KERNEL_STEREO_H
#define ZEROSET_KERNEL_STEREO_H

#include "zk_patch.h"

// The cost of a patch of which any pixel falls beyond the source picture or behind its camera; others are 0...2.
#define ZK_STEREO_OUTSIDE 3.0f

// A plane as one camera sees it: inverse depth (along the optical axis) is an affine function of the pixel. Here it is at
// a patch's centre, with its changes from one column and one row to the next.
typedef struct {
    float inverse_depth, slope_x, slope_y;
} zk_stereo_plane;

// A source picture, with its geometry relative to the reference: a reference pixel at (x, y) from the principal point, with
// inverse depth w, lies at q0 / q2, q1 / q2 with q = x · along_x + y · along_y + axis + w · shift; whole numbers are centres
// of source pixels.
typedef struct {
    const uint32_t *words; // [height × width]: each pixel with its right, lower and lower right neighbour, bytes 0 to 3
    int32_t width, height;
    float along_x[3], along_y[3], axis[3], shift[3];
} zk_stereo_source;

// costs[p · source_count + s] = 1 - weighted normalised cross-correlation of the patch with source `s` under plane `p`, or
// ZK_STEREO_OUTSIDE, also where bit `s` of `chosen` is not set. 1 where the source's patch has a variance under 1: nothing
// can be said there.
//  - x, y: centre of the patch's middle pixel, in pixels from the principal point.
//  - source_count is at most 32.
void zk_stereo_costs(const zk_patch *patch, float x, float y, long source_count, const zk_stereo_source *sources,
                     uint32_t chosen, long plane_count, const zk_stereo_plane *planes, float *costs);

#endif
