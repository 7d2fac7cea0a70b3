// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <ceres/manifold.h>

#include <cmath>

namespace zeroset {

/// Poses (unit quaternion, translation) moved by a rotation vector applied after the rotation and by a translation.
///
/// `PlusJacobian` is the identity above a row of zeros because `reproject` already differentiates by the six numbers:
/// the product of both is what the solver needs, and neither has to know the derivative of a quaternion.
class PoseManifold final : public ceres::Manifold {
  public:
    /// `held` is the coordinate of the translation that stays, 0 to 2, or -1 for none.
    explicit PoseManifold(int held = -1) : held_(held) {}

    int AmbientSize() const override { return 7; }
    int TangentSize() const override { return held_ < 0 ? 6 : 5; }

    bool Plus(const double *x, const double *delta, double *sum) const override {
        double step[6] = {0, 0, 0, 0, 0, 0};
        for (int i = 0, j = 0; i < 6; ++i)
            if (i != held_ + 3 || held_ < 0) step[i] = delta[j++];
        const double angle = std::sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2]);
        const double factor = angle > 1e-6 ? std::sin(0.5 * angle) / angle : 0.5 - angle * angle / 48;
        const double w = std::cos(0.5 * angle), a = factor * step[0], b = factor * step[1], c = factor * step[2];
        double q[4] = {
            w * x[0] - a * x[1] - b * x[2] - c * x[3], w * x[1] + a * x[0] + b * x[3] - c * x[2],
            w * x[2] - a * x[3] + b * x[0] + c * x[1], w * x[3] + a * x[2] - b * x[1] + c * x[0]};
        const double norm = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        for (int i = 0; i < 4; ++i) sum[i] = q[i] / norm;
        for (int i = 0; i < 3; ++i) sum[4 + i] = x[4 + i] + step[3 + i];
        return true;
    }

    bool PlusJacobian(const double *, double *jacobian) const override {
        const int size = TangentSize();
        for (int i = 0; i < 7 * size; ++i) jacobian[i] = 0;
        for (int i = 0, j = 0; i < 6; ++i)
            if (i != held_ + 3 || held_ < 0) jacobian[i * size + j++] = 1;
        return true;
    }

    // Ceres needs these only for problems that we do not pose (covariance, line search).
    bool Minus(const double *, const double *, double *) const override { return false; }
    bool MinusJacobian(const double *, double *) const override { return false; }

  private:
    int held_;
};

}  // namespace zeroset
