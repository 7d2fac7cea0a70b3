// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <exception>
#include <string>

namespace zeroset {

/// Reason of the last failure on this thread.
inline std::string &lastError() {
    thread_local std::string text;
    return text;
}

/// Runs `body`, which returns the status of the call; an exception becomes -1 and its text the last error.
template <class Body> int guarded(Body body) noexcept {
    try {
        return body();
    } catch (const std::exception &error) {
        try {
            lastError() = error.what();
        } catch (...) {
        }
    } catch (...) {
        try {
            lastError() = "unknown exception";
        } catch (...) {
        }
    }
    return -1;
}

}  // namespace zeroset
