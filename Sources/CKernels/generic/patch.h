// SPDX-License-Identifier: Apache-2.0
// Photo-consistency of a patch through a tangent plane. Pixels of the patch stand side by side in lanes.
// An instruction set with a gather defines ZK_GATHER(words, index); others look words up one by one.
#define PATCH_VECTORS (ZK_PATCH / VW)

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

INLINE int ZK(patch_any)(VI v) {
    int32_t lane[VW], any = 0;
    *(VI *)lane = v;
    UNROLL for (int i = 0; i < VW; i++) any |= lane[i];
    return any != 0;
}

// One of the four greys of each packed word.
INLINE VF ZK(patch_gray)(VI words, int byte) {
    return __builtin_convertvector((words >> (8 * byte)) & 255, VF);
}

static int ZK(patch_prepare)(const uint32_t *words, int32_t width, int32_t height, int32_t column, int32_t row,
                             float similarity, zk_patch *patch) {
    if (column < ZK_PATCH_REACH || row < ZK_PATCH_REACH || column >= width - ZK_PATCH_REACH
        || row >= height - ZK_PATCH_REACH)
        return ZK_PATCH_OUTSIDE;
    const uint32_t *center = words + (long)row * width + column;
    const float middle = (float)(center[0] & 255);
    VF total = ZK(splat)(0), weighted = total, plain = total, squares = total;
    VF across = total, down = total, arms = total;
    for (int k = 0; k < ZK_PATCH; k += VW) {
        const VF counts = ZK(load)(zk_patch_counts + k);
        const VF dx = ZK(load)(zk_patch_columns + k), dy = ZK(load)(zk_patch_rows + k);
        const VI index = __builtin_convertvector(dy, VI) * width + __builtin_convertvector(dx, VI);
        // Less the middle grey, so that the variances are no differences of large numbers.
        const VF gray = ZK(patch_gray)(ZK(gather_words)(center, index), 0) - middle;
        const VF unlike = gray * (1 / similarity);
        const VF weight = ZK(load)(zk_patch_falloff + k) / (unlike * unlike + 1.0f);
        ZK(store)(patch->weight + k, weight);
        ZK(store)(patch->gray + k, gray);
        total += weight;
        weighted += weight * gray;
        plain += counts * gray;
        squares += counts * gray * gray;
        across += counts * dx * gray;
        down += counts * dy * gray;
        arms += counts * dx * dx;
    }
    const float scale = 1 / ZK(sum_lanes)(total), mean = ZK(sum_lanes)(weighted) * scale;
    VF variance = ZK(splat)(0);
    for (int k = 0; k < ZK_PATCH; k += VW) {
        const VF weight = ZK(load)(patch->weight + k) * scale;
        const VF gray = (ZK(load)(patch->gray + k) - mean) * ZK(load)(zk_patch_counts + k);
        ZK(store)(patch->weight + k, weight);
        ZK(store)(patch->gray + k, gray);
        variance += weight * gray * gray;
    }
    patch->variance = ZK(sum_lanes)(variance);
    const float plain_mean = ZK(sum_lanes)(plain) / ZK_PATCH_PIXELS;
    patch->texture = ZK(sum_lanes)(squares) / ZK_PATCH_PIXELS - plain_mean * plain_mean;
    // Columns and rows have mean 0, equal squares and no product in common: the slopes come one by one.
    const float a = ZK(sum_lanes)(across), b = ZK(sum_lanes)(down);
    patch->detail = patch->texture - (a * a + b * b) / (ZK(sum_lanes)(arms) * ZK_PATCH_PIXELS);
    return ZK_PATCH_OK;
}

static int ZK(patch_compare)(const zk_patch *patch, const zk_patch_plane *plane, const zk_patch_view *source,
                             zk_patch_comparison *result) {
    const float *n = plane->normal, *arm = plane->arm, *r = source->rotation;
    // Slopes n·D of the pixels' rays, and the rays in camera coordinates of the source: both affine on the picture.
    float slope[3], ray[3][3], start[3];
    for (int i = 0; i < 3; i++) {
        const float *d = plane->rays[i];
        slope[i] = n[0] * d[0] + n[1] * d[1] + n[2] * d[2];
        for (int j = 0; j < 3; j++) ray[i][j] = r[3 * j] * d[0] + r[3 * j + 1] * d[1] + r[3 * j + 2] * d[2];
    }
    for (int j = 0; j < 3; j++)
        start[j] = r[3 * j] * plane->origin[0] + r[3 * j + 1] * plane->origin[1] + r[3 * j + 2] * plane->origin[2]
                   + source->translation[j];
    const float height = n[0] * arm[0] + n[1] * arm[1] + n[2] * arm[2];
    if (!(height < 0)) return ZK_PATCH_BEHIND;
    const float fx = source->focal[0], fy = source->focal[1], cx = source->center[0] - 0.5f,
                cy = source->center[1] - 0.5f;
    const float last_column = (float)(source->width - 1), last_row = (float)(source->height - 1);

    VF gray[PATCH_VECTORS], change[PATCH_VECTORS], depth[PATCH_VECTORS], inverse[PATCH_VECTORS], total = ZK(splat)(0);
    VI behind = (VI)(0), outside = (VI)(0);
    UNROLL for (int i = 0; i < PATCH_VECTORS; i++) {
        const VF dx = ZK(load)(zk_patch_columns + i * VW), dy = ZK(load)(zk_patch_rows + i * VW);
        const VF along = slope[0] + dx * slope[1] + dy * slope[2];
        inverse[i] = 1.0f / along;
        depth[i] = height * inverse[i];
        const VF ex = ray[0][0] + dx * ray[1][0] + dy * ray[2][0], ey = ray[0][1] + dx * ray[1][1] + dy * ray[2][1],
                 ez = ray[0][2] + dx * ray[1][2] + dy * ray[2][2];
        const VF z = start[2] + depth[i] * ez, iz = 1.0f / z;
        const VF x = (start[0] + depth[i] * ex) * iz, y = (start[1] + depth[i] * ey) * iz;
        // Negations also catch what is no number.
        behind |= ~(along < -1e-3f) | ~(z > 1e-3f);
        VF u = fx * x + cx, v = fy * y + cy;
        const VI inside = (u >= 0.0f) & (u <= last_column) & (v >= 0.0f) & (v <= last_row);
        outside |= ~inside;
        u = inside ? u : ZK(splat)(0);
        v = inside ? v : ZK(splat)(0);
        const VI column = __builtin_convertvector(u, VI), row = __builtin_convertvector(v, VI);
        const VF s = u - __builtin_convertvector(column, VF), t = v - __builtin_convertvector(row, VF);
        const VI word = ZK(gather_words)(source->words, row * source->width + column);
        const VF g00 = ZK(patch_gray)(word, 0), g10 = ZK(patch_gray)(word, 1), g01 = ZK(patch_gray)(word, 2),
                 g11 = ZK(patch_gray)(word, 3);
        const VF upper = g00 + s * (g10 - g00), lower = g01 + s * (g11 - g01);
        gray[i] = upper + t * (lower - upper);
        const VF across = (g10 - g00) + t * ((g11 - g01) - (g10 - g00)), down = lower - upper;
        change[i] = (across * fx * (ex - x * ez) + down * fy * (ey - y * ez)) * iz;
        total += ZK(load)(patch->weight + i * VW) * gray[i];
    }
    if (ZK(patch_any)(behind)) return ZK_PATCH_BEHIND;
    if (ZK(patch_any)(outside)) return ZK_PATCH_OUTSIDE;

    const float mean = ZK(sum_lanes)(total);
    VF squares = ZK(splat)(0), products = ZK(splat)(0);
    UNROLL for (int i = 0; i < PATCH_VECTORS; i++) {
        const VF w = ZK(load)(patch->weight + i * VW);
        gray[i] -= mean;
        squares += w * gray[i] * gray[i];
        products += w * ZK(load)(patch->gray + i * VW) * gray[i];
    }
    const float variance = ZK(sum_lanes)(squares), product = ZK(sum_lanes)(products);
    result->variance = variance;
    result->by_distance = 0;
    for (int j = 0; j < 3; j++) result->by_normal[j] = 0;
    if (variance < ZK_PATCH_LEAST_VARIANCE || patch->variance < ZK_PATCH_LEAST_VARIANCE) {
        result->cost = 1;
        return ZK_PATCH_OK;
    }
    const float scale = 1.0f / __builtin_sqrtf(patch->variance * variance), share = product / variance;
    result->cost = 1.0f - product * scale;
    VF sums[4] = {ZK(splat)(0), ZK(splat)(0), ZK(splat)(0), ZK(splat)(0)};
    UNROLL for (int i = 0; i < PATCH_VECTORS; i++) {
        const VF w = ZK(load)(patch->weight + i * VW), a = ZK(load)(patch->gray + i * VW);
        const VF q = (share * gray[i] - a) * w * scale * change[i] * inverse[i], moment = q * depth[i];
        sums[0] += q;
        sums[1] += moment;
        sums[2] += moment * ZK(load)(zk_patch_columns + i * VW);
        sums[3] += moment * ZK(load)(zk_patch_rows + i * VW);
    }
    float sum[4];
    for (int i = 0; i < 4; i++) sum[i] = ZK(sum_lanes)(sums[i]);
    const float *d = plane->rays[0];
    const float length = __builtin_sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    result->by_distance = slope[0] / length * sum[0];
    for (int j = 0; j < 3; j++)
        result->by_normal[j] = arm[j] * sum[0]
                               - (plane->rays[0][j] * sum[1] + plane->rays[1][j] * sum[2] + plane->rays[2][j] * sum[3]);
    return ZK_PATCH_OK;
}
#undef PATCH_VECTORS
