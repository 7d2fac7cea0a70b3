// SPDX-License-Identifier: Apache-2.0
// Tile matrix product: a register block of BLOCK_ROWS × BLOCK_VECTORS accumulators, no packing, since tiles fit the cache.

// C[m × n·VW] = A[m × inner] · B; element (i, k) of A is a[i * row_step + k * inner_step].
INLINE void ZK(block)(const int m, const int n, long inner, const float *a, long row_step, long inner_step, const float *b,
                      long ldb, float *c, long ldc, int accumulate) {
    VF sum[BLOCK_ROWS][BLOCK_VECTORS];
    UNROLL for (int i = 0; i < m; i++) UNROLL for (int j = 0; j < n; j++)
        sum[i][j] = accumulate ? ZK(load)(c + i * ldc + j * VW) : ZK(splat)(0);
    for (long k = 0; k < inner; k++) {
        VF right[BLOCK_VECTORS];
        UNROLL for (int j = 0; j < n; j++) right[j] = ZK(load)(b + k * ldb + j * VW);
        UNROLL for (int i = 0; i < m; i++) {
            float left = a[i * row_step + k * inner_step];
            UNROLL for (int j = 0; j < n; j++) sum[i][j] += left * right[j];
        }
    }
    UNROLL for (int i = 0; i < m; i++) UNROLL for (int j = 0; j < n; j++) ZK(store)(c + i * ldc + j * VW, sum[i][j]);
}

// One function per block shape and layout of A keeps the inner loop free of run-time strides.
#define BLOCK_FUNCTION(NAME, M, N, ROW_STEP, INNER_STEP)                                                                    \
    static __attribute__((noinline)) void ZK(NAME)(long inner, const float *a, long lda, const float *b, long ldb,          \
                                                   float *c, long ldc, int accumulate) {                                    \
        ZK(block)(M, N, inner, a, ROW_STEP, INNER_STEP, b, ldb, c, ldc, accumulate);                                        \
    }
BLOCK_FUNCTION(plain_full, BLOCK_ROWS, BLOCK_VECTORS, lda, 1)
BLOCK_FUNCTION(plain_4, 4, BLOCK_VECTORS, lda, 1)
BLOCK_FUNCTION(plain_1, 1, BLOCK_VECTORS, lda, 1)
BLOCK_FUNCTION(plain_full_narrow, BLOCK_ROWS, 1, lda, 1)
BLOCK_FUNCTION(plain_1_narrow, 1, 1, lda, 1)
BLOCK_FUNCTION(transposed_full, BLOCK_ROWS, BLOCK_VECTORS, 1, lda)
BLOCK_FUNCTION(transposed_4, 4, BLOCK_VECTORS, 1, lda)
BLOCK_FUNCTION(transposed_1, 1, BLOCK_VECTORS, 1, lda)
BLOCK_FUNCTION(transposed_full_narrow, BLOCK_ROWS, 1, 1, lda)
BLOCK_FUNCTION(transposed_1_narrow, 1, 1, 1, lda)
#undef BLOCK_FUNCTION

typedef void (*ZK(block_function))(long, const float *, long, const float *, long, float *, long, int);

INLINE void ZK(gemm_with)(long rows, long columns, long inner, const float *a, long lda, long row_step, long inner_step,
                          const float *b, long ldb, float *c, long ldc, int accumulate, ZK(block_function) full,
                          ZK(block_function) four, ZK(block_function) one, ZK(block_function) full_narrow,
                          ZK(block_function) one_narrow) {
    const long inner_block = 128; // B's panel of this height stays in L1 while the rows of A stream past
    // Single rows wait for their own sums: where giving up one full block leaves fours only (128 = 20 · 6 + 2 · 4), do.
    long tail = rows % BLOCK_ROWS;
    if (tail % 4 != 0 && (tail + BLOCK_ROWS) % 4 == 0 && tail + BLOCK_ROWS <= rows) tail += BLOCK_ROWS;
    const long full_rows = rows - tail;
    for (long k0 = 0; k0 < inner; k0 += inner_block) {
        long depth = inner - k0 < inner_block ? inner - k0 : inner_block;
        int add = accumulate || k0 > 0;
        const float *left = a + k0 * inner_step;
        long n = 0;
        for (; n + BLOCK_VECTORS * VW <= columns; n += BLOCK_VECTORS * VW) {
            const float *right = b + k0 * ldb + n;
            long m = 0;
            for (; m < full_rows; m += BLOCK_ROWS)
                full(depth, left + m * row_step, lda, right, ldb, c + m * ldc + n, ldc, add);
            for (; m + 4 <= rows; m += 4) four(depth, left + m * row_step, lda, right, ldb, c + m * ldc + n, ldc, add);
            for (; m < rows; m++) one(depth, left + m * row_step, lda, right, ldb, c + m * ldc + n, ldc, add);
        }
        for (; n < columns; n += VW) {
            const float *right = b + k0 * ldb + n;
            long m = 0;
            for (; m + BLOCK_ROWS <= rows; m += BLOCK_ROWS)
                full_narrow(depth, left + m * row_step, lda, right, ldb, c + m * ldc + n, ldc, add);
            for (; m < rows; m++) one_narrow(depth, left + m * row_step, lda, right, ldb, c + m * ldc + n, ldc, add);
        }
    }
}

static void ZK(gemm)(long rows, long columns, long inner, const float *a, long lda, const float *b, long ldb, float *c,
                     long ldc, int accumulate) {
    ZK(gemm_with)(rows, columns, inner, a, lda, lda, 1, b, ldb, c, ldc, accumulate, ZK(plain_full), ZK(plain_4),
                  ZK(plain_1), ZK(plain_full_narrow), ZK(plain_1_narrow));
}

static void ZK(gemm_transposed)(long rows, long columns, long inner, const float *a, long lda, const float *b, long ldb,
                                float *c, long ldc, int accumulate) {
    ZK(gemm_with)(rows, columns, inner, a, lda, 1, lda, b, ldb, c, ldc, accumulate, ZK(transposed_full),
                  ZK(transposed_4), ZK(transposed_1), ZK(transposed_full_narrow), ZK(transposed_1_narrow));
}
