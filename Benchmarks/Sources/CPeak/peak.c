// SPDX-License-Identifier: Apache-2.0
// Arithmetic peak, in inline assembly so that no compiler can shorten it.
#define _POSIX_C_SOURCE 199309L
#include "CPeak.h"

#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double peak_thread_seconds(void) { return seconds(CLOCK_THREAD_CPUTIME_ID); }

double peak_process_seconds(void) { return seconds(CLOCK_PROCESS_CPUTIME_ID); }

#if defined(__x86_64__)
#define FMA(R, N) "vfmadd231ps %%" R "14, %%" R "15, %%" R #N "\n\t"
#define TWELVE(R)                                                                                                           \
    FMA(R, 0) FMA(R, 1) FMA(R, 2) FMA(R, 3) FMA(R, 4) FMA(R, 5) FMA(R, 6) FMA(R, 7) FMA(R, 8) FMA(R, 9) FMA(R, 10) FMA(R, 11)
#define CLOBBER "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm14", "xmm15"

__attribute__((target("avx512f"))) static double run_avx512(long rounds) {
    for (long i = 0; i < rounds; i++) __asm__ volatile(TWELVE("zmm") ::: CLOBBER);
    return 2.0 * 12 * 16 * (double)rounds;
}
__attribute__((target("avx2,fma"))) static double run_avx2(long rounds) {
    for (long i = 0; i < rounds; i++) __asm__ volatile(TWELVE("ymm") ::: CLOBBER);
    return 2.0 * 12 * 8 * (double)rounds;
}
#define MULADD(N) "mulps %%xmm14, %%xmm" #N "\n\taddps %%xmm15, %%xmm" #N "\n\t"
static double run_baseline(long rounds) {
    for (long i = 0; i < rounds; i++)
        __asm__ volatile(MULADD(0) MULADD(1) MULADD(2) MULADD(3) MULADD(4) MULADD(5) MULADD(6) MULADD(7) MULADD(8)
                         MULADD(9) MULADD(10) MULADD(11)::: CLOBBER);
    return 2.0 * 12 * 4 * (double)rounds;
}
double peak_run(int isa, long rounds) {
    return isa == 2 ? run_avx512(rounds) : isa == 1 ? run_avx2(rounds) : run_baseline(rounds);
}
#else
double peak_run(int isa, long rounds) {
    (void)isa;
    (void)rounds;
    return 0;
}
#endif
