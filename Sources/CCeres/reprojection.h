// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "lens.h"

namespace zeroset {

/// Smallest depth, in scene units, of a point that counts as in front of a camera.
constexpr double smallestDepth = 1e-9;

/// Projected minus observed pixel, with derivatives.
///
/// `byPose` is [2 × 7] and holds the derivatives by the six numbers that `PoseManifold` adds (rotation vector applied
/// after the rotation, translation) followed by a column of zeros. Null outputs are not computed. Returns false when the
/// point is behind the camera.
template <int Model>
bool reproject(
    const double *pose, const double *point, const double *camera, const double *observed, double *residual,
    double *byPose, double *byPoint, double *byCamera) {
    const double w = pose[0], a = pose[1], b = pose[2], c = pose[3];
    const double R[9] = {1 - 2 * (b * b + c * c), 2 * (a * b - w * c),     2 * (a * c + w * b),
                         2 * (a * b + w * c),     1 - 2 * (a * a + c * c), 2 * (b * c - w * a),
                         2 * (a * c - w * b),     2 * (b * c + w * a),     1 - 2 * (a * a + b * b)};
    const double rx = R[0] * point[0] + R[1] * point[1] + R[2] * point[2];
    const double ry = R[3] * point[0] + R[4] * point[1] + R[5] * point[2];
    const double rz = R[6] * point[0] + R[7] * point[1] + R[8] * point[2];
    const double Z = rz + pose[6];
    if (!(Z > smallestDepth)) return false;
    const double inverse = 1 / Z;
    const double x = (rx + pose[4]) * inverse, y = (ry + pose[5]) * inverse;

    double pixel[2], D[4];
    Lens<Model>::project(camera, x, y, pixel, D, byCamera);
    residual[0] = pixel[0] - observed[0];
    residual[1] = pixel[1] - observed[1];
    if (byPose == nullptr && byPoint == nullptr) return true;

    for (int row = 0; row < 2; ++row) {
        // By the point in camera coordinates.
        const double gx = D[2 * row] * inverse, gy = D[2 * row + 1] * inverse, gz = -(gx * x + gy * y);
        if (byPose != nullptr) {
            double *J = byPose + 7 * row;
            J[0] = gz * ry - gy * rz;
            J[1] = gx * rz - gz * rx;
            J[2] = gy * rx - gx * ry;
            J[3] = gx;
            J[4] = gy;
            J[5] = gz;
            J[6] = 0;
        }
        if (byPoint != nullptr) {
            double *J = byPoint + 3 * row;
            J[0] = gx * R[0] + gy * R[3] + gz * R[6];
            J[1] = gx * R[1] + gy * R[4] + gz * R[7];
            J[2] = gx * R[2] + gy * R[5] + gz * R[8];
        }
    }
    return true;
}

}  // namespace zeroset
