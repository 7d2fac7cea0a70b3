// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

// The pose of a calibrated camera from points of the scene and the directions in which it sees them.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    /// Largest distance between observed and projected direction (x/z, y/z) of an inlier: pixels over focal length.
    double threshold;
    /// Probability, under 1, that at least one sample was free of outliers.
    double confidence;
    int32_t minimum_iterations;
    int32_t maximum_iterations;
    uint64_t seed;
} zs_opencv_pnp_options;

/// Robust pose by samples of three points (AP3P: Ke and Roumeliotis 2017), scored by MSAC (Torr and Zisserman 2000).
///
/// points: [count × 3] in world coordinates; directions: [count × 2], undistorted. pose receives the camera from world as
/// a unit quaternion w x y z and a translation; inliers, [count], ones and zeros. Returns the number of inliers, 0 when no
/// sample gave a pose, or a negative number for failure. The same seed gives the same bytes.
int zs_opencv_pnp_ransac(
    const double *points, const double *directions, int32_t count, const zs_opencv_pnp_options *options, double pose[7],
    uint8_t *inliers);

#ifdef __cplusplus
}
#endif
