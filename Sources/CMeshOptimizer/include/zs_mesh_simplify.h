// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a call returns.
enum {
    // Done.
    ZS_MESH_OK = 0,
    // An index is out of range, or a length does not fit.
    ZS_MESH_BAD_INPUT = -1,
    // Memory is short.
    ZS_MESH_NO_ROOM = -2,
};

// Collapses edges, cheapest first by the quadric error metric, until `target_index_count` indices are left or the next
// collapse would move the surface by more than `target_error`. Vertices are neither moved nor made: the result names some of
// those given.
//
//   indices       3 for each face
//   positions     3 floats for each vertex, finite
//   target_error  as a share of the longest side of the vertices' box
//   keep_border   whether vertices on the border of the surface stay
//   destination   room for `index_count` indices; the first `*written` are the result
//   error         becomes the error reached, as a share of the longest side
int zs_mesh_simplify(const uint32_t *indices, size_t index_count, const float *positions, size_t vertex_count,
                     size_t target_index_count, float target_error, int keep_border, uint32_t *destination,
                     size_t *written, float *error);

#ifdef __cplusplus
}
#endif
