// SPDX-License-Identifier: Apache-2.0
//
// Patches of pictures, and their comparison through the tangent plane of a surface.
#ifndef ZEROSET_KERNEL_PATCH_H
#define ZEROSET_KERNEL_PATCH_H

#include <stdint.h>

// A patch has 45 pixels, 7 × 7 without the corners; places 45..47 have weight 0. Pictures are packed: byte 0 of a pixel's
// word is its grey, byte 1 that of its right neighbour, byte 2 below, byte 3 below to the right. Pixel centres lie at halves.
#define ZK_PATCH 48
#define ZK_PATCH_PIXELS 45
// Pixels from the middle to the border.
#define ZK_PATCH_REACH 3
// Variance of greys, 0...255, below which a patch has no texture to compare.
#define ZK_PATCH_LEAST_VARIANCE 1.0f

enum {
    ZK_PATCH_OK = 0,
    ZK_PATCH_OUTSIDE = 1, // some pixel lies beyond the border of the picture
    ZK_PATCH_BEHIND = 2,  // the plane is seen from behind or at a grazing angle, or lies behind the source's camera
};

// A patch of a reference picture.
typedef struct {
    float weight[ZK_PATCH]; // sum 1; falls with the distance from the middle and with the difference from its grey
    float gray[ZK_PATCH];   // minus the weighted mean
    float variance;         // weighted
    float texture;          // variance, all pixels counting alike
    float detail;           // what a ramp of greys leaves of that: a ramp looks the same wherever it is
} zk_patch;

// The tangent plane that a patch is seen on, in world coordinates.
typedef struct {
    float origin[3];  // centre of the reference camera
    float rays[3][3]; // towards the patch's middle pixel, of any length, and its changes by one column and one row
    float normal[3];  // unit vector, against the middle ray
    float arm[3];     // from the camera's centre to the point that the middle pixel sees
} zk_patch_plane;

// A picture to compare with, and its pinhole camera.
typedef struct {
    const uint32_t *words;
    int32_t width, height;
    float focal[2], center[2]; // pixels
    float rotation[9], translation[3]; // camera from world, row by row
} zk_patch_view;

typedef struct {
    float cost;         // 1 - weighted normalised cross-correlation, 0...2; 1 where either side has no texture
    float variance;     // of the source's greys
    float by_distance;  // derivative of the cost by the distance along the middle ray, the normal held
    float by_normal[3]; // by the normal, the point held
} zk_patch_comparison;

// Takes the patch about a pixel. `similarity` is the difference of greys at which a pixel counts half. Returns ZK_PATCH_OK
// or ZK_PATCH_OUTSIDE.
int zk_patch_prepare(const uint32_t *words, int32_t width, int32_t height, int32_t column, int32_t row, float similarity,
                     zk_patch *patch);
// Compares a patch with what a source picture shows of its plane, by bilinear samples. Returns a status; `result` is only
// written for ZK_PATCH_OK.
int zk_patch_compare(const zk_patch *patch, const zk_patch_plane *plane, const zk_patch_view *source,
                     zk_patch_comparison *result);

#endif
