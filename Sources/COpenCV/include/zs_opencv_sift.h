// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    /// Size at which features are sought, at most that of the picture.
    int32_t working_width, working_height;
    /// Layers of an octave.
    int32_t octave_layers;
    /// Smallest contrast times `octave_layers`, for grey levels in 0...1.
    double contrast_threshold;
    /// Largest ratio of the principal curvatures.
    double edge_threshold;
} zs_sift_options;

/// In pixels of the picture that came in, the centre of its top left pixel at (0.5, 0.5).
typedef struct {
    float x, y;
    /// Standard deviation of the blob, pixels.
    float scale;
    /// Radians, clockwise.
    float orientation;
} zs_keypoint;

/// SIFT keypoints (Lowe 2004) with RootSIFT descriptors (Arandjelović and Zisserman 2012): 512 √(d / Σ d), rounded, cut at 255.
///
/// When there are more than `capacity`, the image is cut into cells, each may fill an equal share with its largest scales,
/// and what is left goes to the largest scales of all. The result is in descending order of scale.
///
/// - gray: [height × width] from the top, rows `width` bytes apart.
/// - mask: of the same shape or NULL; no feature has its centre where it is 0.
/// - keypoints: [capacity]; descriptors: [capacity × 128].
/// - Returns the number of keypoints, or -1.
int zs_sift(const uint8_t *gray, const uint8_t *mask, int32_t width, int32_t height, const zs_sift_options *options,
            int32_t capacity, zs_keypoint *keypoints, uint8_t *descriptors);

#ifdef __cplusplus
}
#endif
