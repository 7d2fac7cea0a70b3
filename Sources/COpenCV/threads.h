// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <mutex>
#include <opencv2/core/utility.hpp>

namespace zeroset {

/// Keeps OpenCV on the calling thread: our callers run in parallel themselves, and its results then depend on no pool.
inline void staySerial() {
    static std::once_flag once;
    std::call_once(once, [] { cv::setNumThreads(0); });
}

}  // namespace zeroset
