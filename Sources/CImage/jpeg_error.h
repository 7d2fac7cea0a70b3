// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

#include "message.h"

// libjpeg's errors as a long jump, its warnings as a flag, and the first of their texts; nothing is printed.
typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf escape;
    char *message;
    int is_damaged;
} zs_jpeg_errors;

// Installs the handlers; `errors` must outlive the codec and not be local to the function that calls setjmp.
struct jpeg_error_mgr *zs_jpeg_install(zs_jpeg_errors *errors, char *message);
