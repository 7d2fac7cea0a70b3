// SPDX-License-Identifier: Apache-2.0
// Multiresolution hash grid, one level at a time: VW points side by side, so that only table look-ups are scalar.
typedef uint32_t ZK(vu) __attribute__((ext_vector_type(VW), aligned(4)));
#define VU ZK(vu)

// Where VW points lie in one level.
typedef struct {
    VF weight[3]; // position within the cell, 0...1
    VF slope[3];  // derivative of `weight` by the coordinate: the scale, or 0 where the coordinate is clamped
    VU low[3], high[3]; // contribution of the two nodes of each axis to the entry's number
} ZK(grid_cell);

INLINE ZK(grid_cell) ZK(locate)(const zk_grid_level *level, const float *points, long plane) {
    // Primes of Teschner et al. 2003; the first axis keeps neighbours together.
    const uint32_t side = (uint32_t)level->resolution + 1;
    const uint32_t step[3] = {1, level->mask ? 2654435761u : side, level->mask ? 805459861u : side * side};
    const float resolution = (float)level->resolution;
    ZK(grid_cell) cell;
    UNROLL for (int axis = 0; axis < 3; axis++) {
        VF free = (ZK(load)(points + axis * plane) - level->origin) * level->scale;
        VF q = free > 0.0f ? free : ZK(splat)(0); // also takes NaN to a valid place
        q = q < resolution ? q : ZK(splat)(resolution);
        VF node = __builtin_elementwise_floor(q);
        node = node < resolution - 1.0f ? node : ZK(splat)(resolution - 1.0f);
        cell.weight[axis] = q - node;
        cell.slope[axis] = free == q ? ZK(splat)(level->scale) : ZK(splat)(0);
        cell.low[axis] = __builtin_convertvector(node, VU) * step[axis];
        cell.high[axis] = cell.low[axis] + step[axis];
    }
    return cell;
}

// Number of the table entry at corner `c` of the cells; bit 0 of `c` is x.
INLINE VU ZK(entry)(const zk_grid_level *level, const ZK(grid_cell) *cell, int c) {
    VU x = c & 1 ? cell->high[0] : cell->low[0], y = c & 2 ? cell->high[1] : cell->low[1],
       z = c & 4 ? cell->high[2] : cell->low[2];
    return level->mask ? (x ^ y ^ z) & level->mask : x + y + z;
}

INLINE VF ZK(mix)(VF a, VF b, VF weight) { return a + weight * (b - a); }

static void ZK(grid_encode)(const zk_grid_level *level, long rows, long jacobian_rows, const float *points, long plane,
                            const float *table, float *encoding, long ld, float *jacobian, long jacobian_plane) {
    for (long row = 0; row < rows; row += VW) {
        const ZK(grid_cell) cell = ZK(locate)(level, points + row, plane);
        VF corner[2][8];
        UNROLL for (int c = 0; c < 8; c++) {
            uint32_t number[VW];
            float first[VW], second[VW];
            *(VU *)number = ZK(entry)(level, &cell, c);
            UNROLL for (int lane = 0; lane < VW; lane++) {
                const float *entry = table + 2 * (size_t)number[lane];
                first[lane] = entry[0];
                second[lane] = entry[1];
            }
            corner[0][c] = ZK(load)(first);
            corner[1][c] = ZK(load)(second);
        }
        const long lanes = rows - row < VW ? rows - row : VW;
        const long slopes = jacobian_rows - row < lanes ? jacobian_rows - row : lanes;
        const VF *w = cell.weight;
        for (int feature = 0; feature < 2; feature++) {
            const VF *v = corner[feature];
            VF x00 = ZK(mix)(v[0], v[1], w[0]), x10 = ZK(mix)(v[2], v[3], w[0]);
            VF x01 = ZK(mix)(v[4], v[5], w[0]), x11 = ZK(mix)(v[6], v[7], w[0]);
            VF y0 = ZK(mix)(x00, x10, w[1]), y1 = ZK(mix)(x01, x11, w[1]);
            float lane_value[4][VW];
            ZK(store)(lane_value[0], ZK(mix)(y0, y1, w[2]));
            float *target = encoding + row * ld + feature;
            for (long lane = 0; lane < lanes; lane++) target[lane * ld] = lane_value[0][lane];
            if (slopes <= 0) continue;
            VF d0 = ZK(mix)(v[1] - v[0], v[3] - v[2], w[1]), d1 = ZK(mix)(v[5] - v[4], v[7] - v[6], w[1]);
            ZK(store)(lane_value[1], ZK(mix)(d0, d1, w[2]) * cell.slope[0]);
            ZK(store)(lane_value[2], ZK(mix)(x10 - x00, x11 - x01, w[2]) * cell.slope[1]);
            ZK(store)(lane_value[3], (y1 - y0) * cell.slope[2]);
            for (int axis = 0; axis < 3; axis++) {
                float *slope = jacobian + axis * jacobian_plane + row * ld + feature;
                for (long lane = 0; lane < slopes; lane++) slope[lane * ld] = lane_value[1 + axis][lane];
            }
        }
    }
}

static void ZK(jacobian_pullback)(long rows, long columns, const float *jacobian, long jacobian_plane, const float *slopes,
                                  long ld, float *gradient, long plane) {
    for (long row = 0; row < rows; row++)
        for (int axis = 0; axis < 3; axis++) {
            VF sum = ZK(splat)(0);
            for (long column = 0; column < columns; column += VW)
                sum += ZK(load)(jacobian + axis * jacobian_plane + row * ld + column)
                       * ZK(load)(slopes + row * ld + column);
            float lane[VW], total = 0;
            ZK(store)(lane, sum);
            for (int i = 0; i < VW; i++) total += lane[i];
            gradient[axis * plane + row] = total;
        }
}

static void ZK(jacobian_push)(long rows, long columns, const float *jacobian, long jacobian_plane, long ld,
                              const float *directions, long plane, float *tangent) {
    for (long row = 0; row < rows; row++) {
        const float x = directions[row], y = directions[plane + row], z = directions[2 * plane + row];
        for (long column = 0; column < columns; column += VW) {
            const float *place = jacobian + row * ld + column;
            ZK(store)(tangent + row * ld + column, ZK(load)(place) * x + ZK(load)(place + jacobian_plane) * y
                                                       + ZK(load)(place + 2 * jacobian_plane) * z);
        }
    }
}

static void ZK(grid_scatter)(const zk_grid_level *level, long rows, const float *points, const float *directions,
                             long plane, const float *adjoint, float *gradient) {
    for (long row = 0; row < rows; row += VW) {
        const ZK(grid_cell) cell = ZK(locate)(level, points + row, plane);
        const long lanes = rows - row < VW ? rows - row : VW;
        float lane_adjoint[4][VW];
        for (long lane = 0; lane < VW; lane++)
            for (int i = 0; i < 4; i++) lane_adjoint[i][lane] = lane < lanes ? adjoint[4 * (row + lane) + i] : 0;
        VF a[3];
        UNROLL for (int axis = 0; axis < 3; axis++)
            a[axis] = ZK(load)(directions + axis * plane + row) * cell.slope[axis];
        uint32_t number[8][VW];
        float first[8][VW], second[8][VW];
        UNROLL for (int c = 0; c < 8; c++) {
            *(VU *)number[c] = ZK(entry)(level, &cell, c);
            VF wx = c & 1 ? cell.weight[0] : 1.0f - cell.weight[0], ax = c & 1 ? a[0] : -a[0];
            VF wy = c & 2 ? cell.weight[1] : 1.0f - cell.weight[1], ay = c & 2 ? a[1] : -a[1];
            VF wz = c & 4 ? cell.weight[2] : 1.0f - cell.weight[2], az = c & 4 ? a[2] : -a[2];
            VF weight = wx * wy * wz, change = ax * wy * wz + ay * wx * wz + az * wx * wy;
            ZK(store)(first[c], weight * ZK(load)(lane_adjoint[0]) + change * ZK(load)(lane_adjoint[2]));
            ZK(store)(second[c], weight * ZK(load)(lane_adjoint[1]) + change * ZK(load)(lane_adjoint[3]));
        }
        // Lanes in ascending order: the sum of an entry has one order, whatever the vector width.
        for (long lane = 0; lane < lanes; lane++)
            UNROLL for (int c = 0; c < 8; c++) {
                float *entry = gradient + 2 * (size_t)number[c][lane];
                entry[0] += first[c][lane];
                entry[1] += second[c][lane];
            }
    }
}
#undef VU
