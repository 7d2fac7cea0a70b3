// SPDX-License-Identifier: Apache-2.0
#include "CThree.h"

// Debian's places. The files are taken into the program, so that it needs none of them where it runs; a machine without
// them builds a program whose reports have no 3D view.
#define ZS_CORE "/usr/share/javascript/three/three.min.js"
#define ZS_CONTROLS "/usr/share/javascript/three/examples/js/controls/OrbitControls.js"

#if __has_include(ZS_CORE) && __has_include(ZS_CONTROLS)

#define ZS_EMBED(name, path)                                                                                          \
    extern const char name[], name##_end[];                                                                            \
    __asm__(".pushsection .rodata\n.global " #name "\n.hidden " #name "\n" #name ":\n.incbin \"" path "\"\n"             \
            ".global " #name "_end\n.hidden " #name "_end\n" #name "_end:\n.byte 0\n.popsection\n")

ZS_EMBED(zs_three_core, ZS_CORE);
ZS_EMBED(zs_three_controls, ZS_CONTROLS);

const char *zs_three_script(enum zs_three_file file, size_t *length) {
    const int core = file == ZS_THREE_CORE;
    *length = core ? (size_t)(zs_three_core_end - zs_three_core) : (size_t)(zs_three_controls_end - zs_three_controls);
    return core ? zs_three_core : zs_three_controls;
}

#else

const char *zs_three_script(enum zs_three_file file, size_t *length) {
    (void)file;
    *length = 0;
    return NULL;
}

#endif
