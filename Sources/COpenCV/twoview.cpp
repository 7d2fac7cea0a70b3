// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <opencv2/calib3d.hpp>
#include <vector>

#include "COpenCV.h"
#include "guard.h"
#include "threads.h"

namespace {

cv::Mat matrixOf(const double *values) { return cv::Mat(3, 3, CV_64F, const_cast<double *>(values)).clone(); }

void copy(const cv::Mat &from, double *to) {
    cv::Mat exact;
    from.convertTo(exact, CV_64F);
    std::copy_n(exact.ptr<double>(), exact.total(), to);
}

cv::UsacParams parameters(const zs_two_view_options &options) {
    cv::UsacParams result;
    result.confidence = options.confidence;
    result.isParallel = false;
    result.loIterations = 10;
    result.loMethod = cv::LOCAL_OPTIM_SIGMA;
    result.loSampleSize = 50;
    result.maxIterations = options.iterations;
    result.randomGeneratorState = options.seed;
    result.sampler = cv::SAMPLING_UNIFORM;
    result.score = cv::SCORE_METHOD_MAGSAC;
    result.threshold = options.threshold;
    return result;
}

}  // namespace

int zs_estimate_two_view(int32_t kind, int32_t count, const double *first, const double *second,
                         const zs_two_view_options *options, double *model) {
    return zeroset::guarded([&] {
        zeroset::staySerial();
        const cv::Mat a(count, 2, CV_64F, const_cast<double *>(first));
        const cv::Mat b(count, 2, CV_64F, const_cast<double *>(second));
        const cv::UsacParams usac = parameters(*options);
        cv::Mat mask, found;
        switch (kind) {
        case ZS_FUNDAMENTAL: found = cv::findFundamentalMat(a, b, mask, usac); break;
        case ZS_HOMOGRAPHY: found = cv::findHomography(a, b, mask, usac); break;
        default: {
            const double f = options->focal_length;
            const cv::Mat camera = (cv::Mat_<double>(3, 3) << f, 0, 0, 0, f, 0, 0, 0, 1);
            found = cv::findEssentialMat(a, b, camera, camera, cv::noArray(), cv::noArray(), mask, usac);
        }
        }
        if (found.rows != 3 || found.cols != 3 || !cv::checkRange(found)) return 0;
        copy(found, model);
        return 1;
    });
}

int zs_decompose_essential(const double *essential, double *rotation_a, double *rotation_b, double *translation) {
    return zeroset::guarded([&] {
        cv::Mat a, b, t;
        cv::decomposeEssentialMat(matrixOf(essential), a, b, t);
        copy(a, rotation_a);
        copy(b, rotation_b);
        copy(t, translation);
        return 0;
    });
}

int zs_decompose_homography(const double *homography, double *rotations, double *translations, double *normals) {
    return zeroset::guarded([&] {
        std::vector<cv::Mat> r, t, n;
        cv::decomposeHomographyMat(matrixOf(homography), cv::Mat::eye(3, 3, CV_64F), r, t, n);
        const int count = std::min<int>(4, static_cast<int>(r.size()));
        for (int i = 0; i < count; i++) {
            copy(r[i], rotations + 9 * i);
            copy(t[i], translations + 3 * i);
            copy(n[i], normals + 3 * i);
        }
        return count;
    });
}

int zs_nearest_rotation(const double *matrix, double *rotation) {
    return zeroset::guarded([&] {
        cv::Mat w, u, vt;
        cv::SVD::compute(matrixOf(matrix), w, u, vt);
        cv::Mat nearest = u * vt;
        if (cv::determinant(nearest) < 0) {
            u.col(2) *= -1;
            nearest = u * vt;
        }
        copy(nearest, rotation);
        return 0;
    });
}
