// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdarg.h>
#include <stdio.h>

#include "zs_image_types.h"

// Writes a formatted reason into the caller's text buffer.
static inline void zs_set_message(char *message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, ZS_IMAGE_MESSAGE_SIZE, format, arguments);
    va_end(arguments);
}

// A status with its reason.
#define ZS_FAIL(message, status, ...) (zs_set_message(message, __VA_ARGS__), (status))
