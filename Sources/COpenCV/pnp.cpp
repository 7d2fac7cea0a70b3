// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>
#include <stdexcept>
#include <vector>

#include "COpenCV.h"
#include "guard.h"

namespace zeroset {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next() {
        uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    int below(int bound) { return int((__uint128_t(next()) * uint64_t(bound)) >> 64); }

  private:
    uint64_t state_;
};

struct Pose {
    double R[9];
    double t[3];
};

/// Squared distance of directions; infinite behind the camera.
double squaredError(const Pose &p, const double *X, const double *x) {
    const double Z = p.R[6] * X[0] + p.R[7] * X[1] + p.R[8] * X[2] + p.t[2];
    if (!(Z > 1e-9)) return INFINITY;
    const double dx = (p.R[0] * X[0] + p.R[1] * X[1] + p.R[2] * X[2] + p.t[0]) / Z - x[0];
    const double dy = (p.R[3] * X[0] + p.R[4] * X[1] + p.R[5] * X[2] + p.t[1]) / Z - x[1];
    return dx * dx + dy * dy;
}

/// Quaternion of a rotation matrix (Shepperd 1978): the largest component comes first, so that none divides by zero.
void quaternion(const double *R, double *q) {
    const double t[4] = {1 + R[0] + R[4] + R[8], 1 + R[0] - R[4] - R[8], 1 - R[0] + R[4] - R[8], 1 - R[0] - R[4] + R[8]};
    const int k = int(std::max_element(t, t + 4) - t);
    const double s = 0.5 / std::sqrt(t[k]);
    const double wx = (R[7] - R[5]) * s, wy = (R[2] - R[6]) * s, wz = (R[3] - R[1]) * s;
    const double xy = (R[1] + R[3]) * s, xz = (R[2] + R[6]) * s, yz = (R[5] + R[7]) * s, big = t[k] * s;
    switch (k) {
    case 0: q[0] = big, q[1] = wx, q[2] = wy, q[3] = wz; break;
    case 1: q[0] = wx, q[1] = big, q[2] = xy, q[3] = xz; break;
    case 2: q[0] = wy, q[1] = xy, q[2] = big, q[3] = yz; break;
    default: q[0] = wz, q[1] = xz, q[2] = yz, q[3] = big; break;
    }
    const double norm = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (int i = 0; i < 4; ++i) q[i] /= norm;
}

/// Samples still needed so that one was clean with the wanted confidence (Fischler and Bolles 1981).
int neededIterations(double inlierShare, const zs_opencv_pnp_options &o) {
    const double clean = inlierShare * inlierShare * inlierShare;
    if (clean >= 1 - 1e-12) return o.minimum_iterations;
    const double needed = std::log(1 - o.confidence) / std::log1p(-clean);
    return int(std::clamp(needed, double(o.minimum_iterations), double(o.maximum_iterations)));
}

int ransac(
    const double *points, const double *directions, int count, const zs_opencv_pnp_options &o, double *pose,
    uint8_t *inliers) {
    if (count < 0 || !(o.threshold > 0) || !(o.confidence > 0 && o.confidence < 1) || o.minimum_iterations < 0 ||
        o.maximum_iterations < o.minimum_iterations)
        throw std::invalid_argument("options of the pose search are out of range");
    std::fill(inliers, inliers + count, uint8_t(0));
    if (count < 4) return 0;

    Random random(o.seed);
    const double limit = o.threshold * o.threshold;
    double bestScore = limit * count;
    Pose best{};
    bool found = false;
    std::vector<cv::Mat> rotations, translations;
    const cv::Mat identity = cv::Mat::eye(3, 3, CV_64F);
    int needed = o.maximum_iterations;
    for (int iteration = 0; iteration < needed; ++iteration) {
        int sample[3];
        sample[0] = random.below(count);
        do sample[1] = random.below(count);
        while (sample[1] == sample[0]);
        do sample[2] = random.below(count);
        while (sample[2] == sample[0] || sample[2] == sample[1]);

        cv::Mat object(3, 3, CV_64F), image(3, 2, CV_64F);
        for (int i = 0; i < 3; ++i) {
            std::copy_n(points + 3 * sample[i], 3, object.ptr<double>(i));
            std::copy_n(directions + 2 * sample[i], 2, image.ptr<double>(i));
        }
        const int solutions = cv::solveP3P(
            object, image, identity, cv::noArray(), rotations, translations, cv::SOLVEPNP_AP3P);
        for (int s = 0; s < solutions; ++s) {
            cv::Mat R;
            cv::Rodrigues(rotations[size_t(s)], R);
            Pose candidate;
            std::copy_n(R.ptr<double>(), 9, candidate.R);
            std::copy_n(translations[size_t(s)].ptr<double>(), 3, candidate.t);
            if (!std::all_of(candidate.R, candidate.R + 9, [](double v) { return std::isfinite(v); })) continue;
            double score = 0;
            int agreeing = 0;
            for (int i = 0; i < count && score < bestScore; ++i) {
                const double error = squaredError(candidate, points + 3 * i, directions + 2 * i);
                agreeing += error <= limit;
                score += std::min(error, limit);
            }
            if (score >= bestScore) continue;
            bestScore = score;
            best = candidate;
            found = true;
            needed = neededIterations(double(agreeing) / count, o);
        }
    }
    if (!found) return 0;

    quaternion(best.R, pose);
    std::copy_n(best.t, 3, pose + 4);
    int result = 0;
    for (int i = 0; i < count; ++i) {
        inliers[i] = squaredError(best, points + 3 * i, directions + 2 * i) <= limit;
        result += inliers[i];
    }
    return result;
}

}  // namespace
}  // namespace zeroset

int zs_opencv_pnp_ransac(
    const double *points, const double *directions, int32_t count, const zs_opencv_pnp_options *options, double pose[7],
    uint8_t *inliers) {
    return zeroset::guarded([&] { return zeroset::ransac(points, directions, count, *options, pose, inliers); });
}
