// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <tuple>
#include <vector>

#include "COpenCV.h"
#include "guard.h"
#include "threads.h"

namespace {

constexpr int descriptorLength = 128;
/// Cells along the longer side when features are thinned out.
constexpr int cellsAlong = 8;
/// OpenCV 4.6 doubles the picture with pixel centres aligned but halves positions without: all lie 0.25 pixels too far
/// right and down. Less that, plus 0.5 for our pixel centres.
constexpr float centreOffset = 0.25f;

/// Total order: largest scale first; the rest only settles ties.
bool precedes(const cv::KeyPoint &a, const cv::KeyPoint &b) {
    return std::make_tuple(-a.size, -a.response, a.pt.y, a.pt.x, a.angle)
           < std::make_tuple(-b.size, -b.response, b.pt.y, b.pt.x, b.angle);
}

/// Numbers of the keypoints to keep, in descending order of scale.
std::vector<int> selected(const std::vector<cv::KeyPoint> &keypoints, cv::Size size, int capacity) {
    std::vector<int> order(keypoints.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) {
        if (precedes(keypoints[a], keypoints[b])) return true;
        return !precedes(keypoints[b], keypoints[a]) && a < b;
    });
    if (order.size() <= static_cast<size_t>(capacity)) return order;

    const float cell = std::max(1.0f, static_cast<float>(std::max(size.width, size.height)) / cellsAlong);
    const int columns = static_cast<int>(size.width / cell) + 1, rows = static_cast<int>(size.height / cell) + 1;
    const auto cellOf = [&](int number) {
        const cv::Point2f p = keypoints[number].pt;
        const int column = std::clamp(static_cast<int>(p.x / cell), 0, columns - 1);
        return std::clamp(static_cast<int>(p.y / cell), 0, rows - 1) * columns + column;
    };
    std::vector<int> counts(static_cast<size_t>(columns) * rows);
    int occupied = 0;
    for (int number : order) occupied += counts[cellOf(number)]++ == 0;
    const int share = capacity / std::max(occupied, 1);

    std::fill(counts.begin(), counts.end(), 0);
    std::vector<bool> kept(order.size());
    int count = 0;
    for (size_t rank = 0; rank < order.size(); rank++)
        if (counts[cellOf(order[rank])]++ < share) kept[rank] = true, count++;
    for (size_t rank = 0; rank < order.size() && count < capacity; rank++)
        if (!kept[rank]) kept[rank] = true, count++;
    std::vector<int> result;
    for (size_t rank = 0; rank < order.size(); rank++)
        if (kept[rank]) result.push_back(order[rank]);
    return result;
}

void writeRoot(const uint8_t *sift, uint8_t *root) {
    int sum = 0;
    for (int k = 0; k < descriptorLength; k++) sum += sift[k];
    for (int k = 0; k < descriptorLength; k++) {
        const float value = sum > 0 ? 512 * std::sqrt(static_cast<float>(sift[k]) / static_cast<float>(sum)) : 0;
        root[k] = static_cast<uint8_t>(std::min(255.0f, std::round(value)));
    }
}

/// The picture itself, or a smaller copy.
cv::Mat resized(const cv::Mat &picture, cv::Size size, int interpolation) {
    if (picture.empty() || picture.size() == size) return picture;
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0, interpolation);
    return result;
}

}  // namespace

int zs_sift(const uint8_t *gray, const uint8_t *mask, int32_t width, int32_t height, const zs_sift_options *options,
            int32_t capacity, zs_keypoint *keypoints, uint8_t *descriptors) {
    return zeroset::guarded([&] {
        zeroset::staySerial();
        const cv::Size size(options->working_width, options->working_height);
        // OpenCV takes no pointers to constants, but writes to neither.
        const cv::Mat picture = resized(cv::Mat(height, width, CV_8UC1, const_cast<uint8_t *>(gray)), size, cv::INTER_AREA);
        const cv::Mat wanted = mask == nullptr
            ? cv::Mat()
            : resized(cv::Mat(height, width, CV_8UC1, const_cast<uint8_t *>(mask)), size, cv::INTER_NEAREST);
        std::vector<cv::KeyPoint> found;
        cv::Mat sift;
        cv::SIFT::create(0, options->octave_layers, options->contrast_threshold, options->edge_threshold, 1.6, CV_8U)
            ->detectAndCompute(picture, wanted, found, sift);

        const float scaleX = static_cast<float>(width) / size.width, scaleY = static_cast<float>(height) / size.height;
        int count = 0;
        for (int number : selected(found, size, capacity)) {
            const cv::KeyPoint &point = found[number];
            keypoints[count] = {
                (point.pt.x + centreOffset) * scaleX, (point.pt.y + centreOffset) * scaleY,
                0.5f * point.size * 0.5f * (scaleX + scaleY),  // size is a diameter of two standard deviations
                point.angle * static_cast<float>(CV_PI / 180)};
            writeRoot(sift.ptr<uint8_t>(number), descriptors + static_cast<size_t>(count) * descriptorLength);
            count++;
        }
        return count;
    });
}
