// SPDX-License-Identifier: Apache-2.0
// Best and second best inner products of byte vectors, by rows and by columns, in one pass over a blocked matrix product.
//
// MATCH_LANES bytes of a column share one 32-bit lane: 4 where the processor multiplies bytes (VNNI), else 2, widened to
// 16 bits. Columns are packed lane by lane, so that a step multiplies VW columns with one broadcast lane of a row and no
// sum ever crosses lanes. Byte products there are unsigned × signed: rows are shifted by -128 and each column's sum starts
// at 128 · Σ column, which puts the shift right exactly.
//
// ZK_MATCH_PAIR multiplies bytes without such an instruction: two steps at once into 16-bit sums of four products, which
// hold as long as no element exceeds 127 (4 · 127² < 2¹⁶); the caller makes sure of that.
#ifdef ZK_MATCH_PAIR
typedef uint8_t ZK(match_element);
#define MATCH_ROW_SHIFT 0
#elif MATCH_LANES == 4
typedef uint8_t ZK(match_element);
INLINE VI ZK(match_step)(VI sum, VI column, int32_t row) { return ZK_MATCH_STEP(sum, column, row); }
#define MATCH_ROW_SHIFT 128
#else
typedef int16_t ZK(match_element);
INLINE VI ZK(match_step)(VI sum, VI column, int32_t row) {
#ifdef ZK_MATCH_STEP
    return ZK_MATCH_STEP(sum, column, row);
#else
    return sum + (column << 16 >> 16) * (row << 16 >> 16) + (column >> 16) * (row >> 16);
#endif
}
#define MATCH_ROW_SHIFT 0
#endif

enum {
    ZK(match_steps) = ZK_DESCRIPTOR / MATCH_LANES,
    ZK(match_group) = 2 * VW, // columns that are multiplied together
    ZK(match_panel) = 64,     // rows whose state stays in L1 while all columns stream past
};
// A start this low keeps padding columns below every real product, of which none is negative.
#define MATCH_NEVER (-(1 << 30))

typedef struct {
    VI best, second, index;
} ZK(match_state);

INLINE void ZK(match_update)(ZK(match_state) * state, VI value, VI index) {
    VI better = value > state->best;
    state->second = __builtin_elementwise_max(state->second, __builtin_elementwise_min(state->best, value));
    state->best = __builtin_elementwise_max(state->best, value);
    state->index = better ? index : state->index;
}

// `m` rows from number `row` against the 2 · VW columns from number `column`.
INLINE void ZK(match_block)(const int m, const ZK(match_element) * rows, const VI *columns, const VI *start, int32_t row,
                            int32_t column, ZK(match_state) * row_state, ZK(match_state) * column_state) {
    VI sum[MATCH_ROWS][2];
    UNROLL for (int i = 0; i < m; i++) UNROLL for (int j = 0; j < 2; j++) sum[i][j] = start[j];
#ifdef ZK_MATCH_PAIR
    _Pragma("clang loop unroll_count(2)") for (int k = 0; k < ZK(match_steps); k += 2) {
        UNROLL for (int i = 0; i < m; i++) {
            int32_t lanes[2];
            __builtin_memcpy(lanes, rows + i * ZK_DESCRIPTOR + k * MATCH_LANES, 8);
            UNROLL for (int j = 0; j < 2; j++)
                sum[i][j] = ZK_MATCH_PAIR(sum[i][j], columns[2 * k + j], columns[2 * k + 2 + j], lanes[0], lanes[1]);
        }
    }
#else
    _Pragma("clang loop unroll_count(4)") for (int k = 0; k < ZK(match_steps); k++) {
        VI left = columns[2 * k], right = columns[2 * k + 1];
        UNROLL for (int i = 0; i < m; i++) {
            int32_t lane;
            __builtin_memcpy(&lane, rows + i * ZK_DESCRIPTOR + k * MATCH_LANES, 4);
            sum[i][0] = ZK(match_step)(sum[i][0], left, lane);
            sum[i][1] = ZK(match_step)(sum[i][1], right, lane);
        }
    }
#endif
    VI ramp;
    UNROLL for (int lane = 0; lane < VW; lane++) ramp[lane] = lane;
    UNROLL for (int j = 0; j < 2; j++) {
        VI number = ramp + (column + j * VW);
        ZK(match_state) by_column = column_state[j];
        UNROLL for (int i = 0; i < m; i++) {
            ZK(match_update)(&row_state[i], sum[i][j], number);
            ZK(match_update)(&by_column, sum[i][j], (VI)(row + i));
        }
        column_state[j] = by_column;
    }
}

static __attribute__((noinline)) void ZK(match_full)(const ZK(match_element) * rows, const VI *columns, const VI *start,
                                                     int32_t row, int32_t column, ZK(match_state) * row_state,
                                                     ZK(match_state) * column_state) {
    ZK(match_block)(MATCH_ROWS, rows, columns, start, row, column, row_state, column_state);
}
static __attribute__((noinline)) void ZK(match_one)(const ZK(match_element) * rows, const VI *columns, const VI *start,
                                                    int32_t row, int32_t column, ZK(match_state) * row_state,
                                                    ZK(match_state) * column_state) {
    ZK(match_block)(1, rows, columns, start, row, column, row_state, column_state);
}

INLINE ZK(match_state) ZK(match_nothing)(void) {
    return (ZK(match_state)){.best = (VI)(-1), .second = (VI)(-1), .index = (VI)(-1)};
}

// The lanes of one row's state hold disjoint sets of columns: join them, the lowest column first among equals.
static void ZK(match_join)(const ZK(match_state) * state, zk_nearest *nearest) {
    int32_t best = -1, second = -1, index = -1;
    for (int lane = 0; lane < VW; lane++) {
        int32_t value = state->best[lane], number = state->index[lane];
        int32_t runner_up = state->second[lane];
        if (value > best || (value == best && value >= 0 && number < index)) {
            if (best > runner_up) runner_up = best;
            best = value;
            index = number;
        } else if (value > runner_up) {
            runner_up = value;
        }
        if (runner_up > second) second = runner_up;
    }
    *nearest = (zk_nearest){.index = index, .best = best, .second = second};
}

// Scratch: rows | packed columns | starts | state of all columns, each part a multiple of 64 bytes.
static void ZK(match)(long row_count, const uint8_t *rows, long column_count, const uint8_t *columns, zk_nearest *by_row,
                      zk_nearest *by_column, void *scratch) {
    const long groups = (column_count + ZK(match_group) - 1) / ZK(match_group);
    ZK(match_element) *left = scratch;
    ZK(match_element) *right = left + row_count * ZK_DESCRIPTOR;
    VI *start = (VI *)(right + groups * ZK(match_group) * ZK_DESCRIPTOR);
    ZK(match_state) *column_state = (ZK(match_state) *)(start + 2 * groups);

    for (long i = 0; i < row_count * ZK_DESCRIPTOR; i++) left[i] = (ZK(match_element))(rows[i] - MATCH_ROW_SHIFT);
    for (long column = 0; column < groups * ZK(match_group); column++) {
        const long group = column / ZK(match_group), place = column % ZK(match_group);
        ZK(match_element) *packed = right + (group * ZK(match_steps) * ZK(match_group) + place) * MATCH_LANES;
        int32_t sum = 0;
        for (long k = 0; k < ZK_DESCRIPTOR; k++) {
            uint8_t value = column < column_count ? columns[column * ZK_DESCRIPTOR + k] : 0;
            packed[k / MATCH_LANES * ZK(match_group) * MATCH_LANES + k % MATCH_LANES] = value;
            sum += value;
        }
        ((int32_t *)start)[column] = column < column_count ? MATCH_ROW_SHIFT * sum : MATCH_NEVER;
        if (column % VW == 0) column_state[column / VW] = ZK(match_nothing)();
    }

    ZK(match_state) row_state[ZK(match_panel)];
    for (long panel = 0; panel < row_count; panel += ZK(match_panel)) {
        const long count = row_count - panel < ZK(match_panel) ? row_count - panel : ZK(match_panel);
        for (long i = 0; i < count; i++) row_state[i] = ZK(match_nothing)();
        for (long group = 0; group < groups; group++) {
            const VI *packed = (const VI *)(right + group * ZK(match_group) * ZK_DESCRIPTOR);
            const int32_t column = (int32_t)(group * ZK(match_group));
            long i = 0;
            for (; i + MATCH_ROWS <= count; i += MATCH_ROWS)
                ZK(match_full)(left + (panel + i) * ZK_DESCRIPTOR, packed, start + 2 * group, (int32_t)(panel + i), column,
                               row_state + i, column_state + 2 * group);
            for (; i < count; i++)
                ZK(match_one)(left + (panel + i) * ZK_DESCRIPTOR, packed, start + 2 * group, (int32_t)(panel + i), column,
                              row_state + i, column_state + 2 * group);
        }
        for (long i = 0; i < count; i++) ZK(match_join)(row_state + i, by_row + panel + i);
    }
    for (long column = 0; column < column_count; column++) {
        const ZK(match_state) *state = column_state + column / VW;
        const long lane = column % VW;
        by_column[column] =
            (zk_nearest){.index = state->index[lane], .best = state->best[lane], .second = state->second[lane]};
    }
}
#undef MATCH_ROW_SHIFT
#undef MATCH_NEVER

static void ZK(descriptor_products)(const uint8_t *query, const uint8_t *descriptors, long count, const int32_t *indices,
                                    int32_t *products) {
    for (long i = 0; i < count; i++) {
        const uint8_t *other = descriptors + (long)indices[i] * ZK_DESCRIPTOR;
        int32_t sum = 0;
        for (int k = 0; k < ZK_DESCRIPTOR; k++) sum += query[k] * other[k];
        products[i] = sum;
    }
}
