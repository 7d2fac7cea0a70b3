// SPDX-License-Identifier: Apache-2.0
#include "zs_mesh_simplify.h"

#include <meshoptimizer.h>

#include <new>

int zs_mesh_simplify(const uint32_t *indices, size_t index_count, const float *positions, size_t vertex_count,
                     size_t target_index_count, float target_error, int keep_border, uint32_t *destination,
                     size_t *written, float *error) {
    *written = 0;
    *error = 0;
    if (index_count % 3 != 0 || target_index_count > index_count || !(target_error >= 0)) return ZS_MESH_BAD_INPUT;
    // The library checks these with assert, which release builds leave out.
    for (size_t i = 0; i < index_count; ++i)
        if (indices[i] >= vertex_count) return ZS_MESH_BAD_INPUT;
    if (index_count == 0) return ZS_MESH_OK;
    try {
        *written = meshopt_simplify(destination, indices, index_count, positions, vertex_count, 3 * sizeof(float),
                                    target_index_count / 3 * 3, target_error,
                                    keep_border ? static_cast<unsigned>(meshopt_SimplifyLockBorder) : 0u, error);
        return ZS_MESH_OK;
    } catch (const std::bad_alloc &) {
        return ZS_MESH_NO_ROOM;
    } catch (...) {
        return ZS_MESH_BAD_INPUT;
    }
}
