// SPDX-License-Identifier: Apache-2.0
#ifndef ZEROSET_CPEAK_H
#define ZEROSET_CPEAK_H

// Runs `rounds` × 16 independent multiply-add chains on registers only and returns the floating-point operations done.
// `isa` as in CKernels.h: 0 multiply and add on 4 lanes, 1 FMA on 8 lanes, 2 FMA on 16 lanes.
double peak_run(int isa, long rounds);
// CPU time of the calling thread, in seconds.
double peak_thread_seconds(void);
// CPU time of the process, in seconds.
double peak_process_seconds(void);

#endif
