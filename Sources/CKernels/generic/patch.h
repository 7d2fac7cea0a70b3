// SPDX-License-Identifier: Apache-2.0
// Plane-induced patch correlation: VW pixels of the patch side by side, one gather for each bilinear sample.
INLINE VI ZK(gather_words)(const uint32_t *words, VI index) {
#ifdef ZK_GATHER
    return ZK_GATHER(words, index);
#else
    VI result;
    UNROLL for (int lane = 0; lane < VW; lane++) result[lane] = (int32_t)words[index[lane]];
    return result;
#endif
}

INLINE float ZK(sum_lanes)(VF v) {
#if VW == 16
    __typeof__(v.lo) eight = v.lo + v.hi;
    __typeof__(eight.lo) four = eight.lo + eight.hi;
#elif VW == 8
    __typeof__(v.lo) four = v.lo + v.hi;
#else
    VF four = v;
#endif
    __typeof__(four.lo) two = four.lo + four.hi;
    return two.x + two.y;
}

static float ZK(patch_prepare)(const uint32_t *words, long width, long column, long row, float x, float y,
                               zk_patch *patch) {
    const uint32_t *center = words + row * width + column;
    const float middle = (float)(center[0] & 255);
    // Greys differ by 30 where likeness halves; the distance falls off as a Gaussian of radius 3.
    VF total = ZK(splat)(0), weighted = total, plain = total, squares = total;
    for (int k = 0; k < ZK_PATCH_LANES; k += VW) {
        VF dx = ZK(load)(zk_patch_x + k), dy = ZK(load)(zk_patch_y + k), counts = ZK(load)(zk_patch_counts + k);
        VI index = __builtin_convertvector(dy, VI) * (int32_t)width + __builtin_convertvector(dx, VI);
        VF gray = __builtin_convertvector(ZK(gather_words)(center, index) & 255, VF) - middle;
        VF unlike = gray * (1 / 30.0f);
        VF weight = counts * ZK(exp_negative)((dx * dx + dy * dy) * (-1 / 18.0f)) / (unlike * unlike + 1.0f);
        ZK(store)(patch->weights + k, weight);
        ZK(store)(patch->products + k, gray);
        total += weight;
        weighted += weight * gray;
        plain += counts * gray;
        squares += counts * gray * gray;
    }
    const float scale = 1 / ZK(sum_lanes)(total), mean = ZK(sum_lanes)(weighted) * scale;
    VF variance = ZK(splat)(0);
    for (int k = 0; k < ZK_PATCH_LANES; k += VW) {
        VF weight = ZK(load)(patch->weights + k) * scale, gray = ZK(load)(patch->products + k) - mean;
        ZK(store)(patch->weights + k, weight);
        ZK(store)(patch->products + k, weight * gray);
        variance += weight * gray * gray;
    }
    patch->variance = ZK(sum_lanes)(variance);
    patch->x = x;
    patch->y = y;
    const float plain_mean = ZK(sum_lanes)(plain) / ZK_PATCH_PIXELS;
    return ZK(sum_lanes)(squares) / ZK_PATCH_PIXELS - plain_mean * plain_mean;
}

// `center`, `along_x`, `along_y`: homogeneous source position of the patch's centre and its changes by column and row.
INLINE float ZK(patch_cost)(const zk_patch *patch, const zk_patch_source *source, const float center[3],
                            const float along_x[3], const float along_y[3]) {
    const float right = (float)(source->width - 1), bottom = (float)(source->height - 1);
    VF sum = ZK(splat)(0), squares = sum, products = sum;
    VI outside = (VI)(0);
    UNROLL for (int k = 0; k < ZK_PATCH_LANES; k += VW) {
        VF dx = ZK(load)(zk_patch_x + k), dy = ZK(load)(zk_patch_y + k);
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
        VF weight = ZK(load)(patch->weights + k), weighted = weight * gray;
        sum += weighted;
        squares += weighted * gray;
        products += ZK(load)(patch->products + k) * gray;
    }
    if (__builtin_reduce_or(outside)) return ZK_PATCH_OUTSIDE;
    const float mean = ZK(sum_lanes)(sum), variance = ZK(sum_lanes)(squares) - mean * mean;
    if (!(variance >= 1)) return 1;
    const float least = patch->variance > 1 ? patch->variance : 1;
    return 1 - ZK(sum_lanes)(products) / __builtin_sqrtf(least * variance);
}

static void ZK(patch_costs)(const zk_patch *patch, long source_count, const zk_patch_source *sources, uint32_t chosen,
                            long plane_count, const zk_patch_plane *planes, float *costs) {
    for (long s = 0; s < source_count; s++) {
        const zk_patch_source *source = sources + s;
        float base[3];
        for (int i = 0; i < 3; i++)
            base[i] = patch->x * source->along_x[i] + (patch->y * source->along_y[i] + source->axis[i]);
        for (long p = 0; p < plane_count; p++) {
            float *cost = costs + p * source_count + s;
            if (!(chosen >> s & 1)) {
                *cost = ZK_PATCH_OUTSIDE;
                continue;
            }
            float center[3], along_x[3], along_y[3];
            for (int i = 0; i < 3; i++) {
                center[i] = base[i] + planes[p].inverse_depth * source->shift[i];
                along_x[i] = source->along_x[i] + planes[p].slope_x * source->shift[i];
                along_y[i] = source->along_y[i] + planes[p].slope_y * source->shift[i];
            }
            *cost = ZK(patch_cost)(patch, source, center, along_x, along_y);
        }
    }
}
