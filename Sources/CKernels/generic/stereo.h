// SPDX-License-Identifier: Apache-2.0
// Correlation of patches under planes: VW pixels of the patch side by side, one gather for each bilinear sample.
// `center`, `along_x`, `along_y`: homogeneous source position of the patch's centre and its changes by column and row.
INLINE float ZK(stereo_cost)(const zk_patch *patch, const zk_stereo_source *source, const float center[3],
                            const float along_x[3], const float along_y[3]) {
    const float right = (float)(source->width - 1), bottom = (float)(source->height - 1);
    VF sum = ZK(splat)(0), squares = sum, products = sum;
    VI outside = (VI)(0);
    UNROLL for (int k = 0; k < ZK_PATCH; k += VW) {
        VF dx = ZK(load)(zk_patch_columns + k), dy = ZK(load)(zk_patch_rows + k);
        VF depth = dx * along_x[2] + (dy * along_y[2] + center[2]);
        VF inverse = 1.0f / depth;
        VF u = (dx * along_x[0] + (dy * along_y[0] + center[0])) * inverse;
        VF v = (dx * along_x[1] + (dy * along_y[1] + center[1])) * inverse;
        // In this order not-a-number becomes 0.
        VF x = u > 0.0f ? u : ZK(splat)(0), y = v > 0.0f ? v : ZK(splat)(0);
        x = x < right ? x : ZK(splat)(right);
        y = y < bottom ? y : ZK(splat)(bottom);
        outside |= (x != u) | (y != v) | (depth <= 0.0f);
        VI column = __builtin_convertvector(x, VI), row = __builtin_convertvector(y, VI);
        VI word = ZK(gather_words)(source->words, row * source->width + column);
        VF fx = x - __builtin_convertvector(column, VF), fy = y - __builtin_convertvector(row, VF);
        VF a = __builtin_convertvector(word & 255, VF), b = __builtin_convertvector(word >> 8 & 255, VF);
        VF c = __builtin_convertvector(word >> 16 & 255, VF), d = __builtin_convertvector(word >> 24 & 255, VF);
        VF upper = a + fx * (b - a), lower = c + fx * (d - c);
        // Less the middle grey, so that the variance is no difference of large numbers.
        VF gray = upper + fy * (lower - upper) - 128.0f;
        VF weight = ZK(load)(patch->weight + k), weighted = weight * gray;
        sum += weighted;
        squares += weighted * gray;
        products += weighted * ZK(load)(patch->gray + k);
    }
    if (__builtin_reduce_or(outside)) return ZK_STEREO_OUTSIDE;
    const float mean = ZK(sum_lanes)(sum), variance = ZK(sum_lanes)(squares) - mean * mean;
    if (!(variance >= 1)) return 1;
    const float least = patch->variance > 1 ? patch->variance : 1;
    return 1 - ZK(sum_lanes)(products) / __builtin_sqrtf(least * variance);
}

static void ZK(stereo_costs)(const zk_patch *patch, float x, float y, long source_count, const zk_stereo_source *sources, uint32_t chosen,
                            long plane_count, const zk_stereo_plane *planes, float *costs) {
    for (long s = 0; s < source_count; s++) {
        const zk_stereo_source *source = sources + s;
        float base[3];
        for (int i = 0; i < 3; i++)
            base[i] = x * source->along_x[i] + (y * source->along_y[i] + source->axis[i]);
        for (long p = 0; p < plane_count; p++) {
            float *cost = costs + p * source_count + s;
            if (!(chosen >> s & 1)) {
                *cost = ZK_STEREO_OUTSIDE;
                continue;
            }
            float center[3], along_x[3], along_y[3];
            for (int i = 0; i < 3; i++) {
                center[i] = base[i] + planes[p].inverse_depth * source->shift[i];
                along_x[i] = source->along_x[i] + planes[p].slope_x * source->shift[i];
                along_y[i] = source->along_y[i] + planes[p].slope_y * source->shift[i];
            }
            *cost = ZK(stereo_cost)(patch, source, center, along_x, along_y);
        }
    }
}
