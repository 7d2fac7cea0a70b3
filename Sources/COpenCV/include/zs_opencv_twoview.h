// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Model of two views sought by zs_estimate_two_view; matrices are row by row.
enum {
    /// x₂ᵀ F x₁ = 0
    ZS_FUNDAMENTAL = 0,
    /// x₂ᵀ E x₁ = 0 for x = (position / focal_length, 1)
    ZS_ESSENTIAL = 1,
    /// x₂ ~ H x₁
    ZS_HOMOGRAPHY = 2
};

typedef struct {
    /// Pixels beyond which a match does not count at all.
    double threshold;
    double confidence;
    int32_t iterations;
    /// State of the generator of samples; the same state gives the same model.
    int32_t seed;
    /// For ZS_ESSENTIAL: pixels of length 1; positions are relative to the principal point.
    double focal_length;
} zs_two_view_options;

/// Fits a model to matches with outliers by MAGSAC++ (Barath et al. 2020) in OpenCV's USAC framework (Raguram et al. 2013).
///
/// - first, second: [count × 2] pixels.
/// - model: [9].
/// - Returns 1 when a model was found, 0 when none was, or -1.
int zs_estimate_two_view(int32_t kind, int32_t count, const double *first, const double *second,
                         const zs_two_view_options *options, double *model);

/// The two rotations [9] and the direction [3] of the four relative poses (R, ±t) of an essential matrix.
/// Returns 0 or -1.
int zs_decompose_essential(const double *essential, double *rotation_a, double *rotation_b, double *translation);

/// Up to four relative poses that a homography between normalised directions admits, x₂ = R x₁ + t for points with
/// n · x₁ = 1 (Malis and Vargas 2007): rotations [4 × 9], translations [4 × 3], normals [4 × 3].
/// Returns their number, or -1.
int zs_decompose_homography(const double *homography, double *rotations, double *translations, double *normals);

/// The rotation [9] nearest to a matrix [9] in the Frobenius norm. Returns 0 or -1.
int zs_nearest_rotation(const double *matrix, double *rotation);

#ifdef __cplusplus
}
#endif
