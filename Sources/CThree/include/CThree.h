// SPDX-License-Identifier: Apache-2.0
#pragma once

// The browser library three.js (MIT licence) as it was installed when this was built; none of it is in this project.
// Debian's package libjs-three has it.

#include <stddef.h>

// Files of the library.
enum zs_three_file {
    // The library itself, minified.
    ZS_THREE_CORE = 0,
    // Turning, shifting and zooming with mouse, touch and keys.
    ZS_THREE_ORBIT_CONTROLS = 1,
};

// The text of a file, not terminated; its length becomes `*length`. NULL when the library was not installed.
const char *zs_three_script(enum zs_three_file file, size_t *length);
