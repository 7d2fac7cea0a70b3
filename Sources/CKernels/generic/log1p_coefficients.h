// SPDX-License-Identifier: Apache-2.0
// Chebyshev fit of log1p(t)/t on [0, 1], ascending powers; absolute error of t·p(t) below 4e-8.
#define ZK_L0 9.999999705e-01f
#define ZK_L1 -4.999950152e-01f
#define ZK_L2 3.331927134e-01f
#define ZK_L3 -2.484436989e-01f
#define ZK_L4 1.911143108e-01f
#define ZK_L5 -1.367476970e-01f
#define ZK_L6 7.836166801e-02f
#define ZK_L7 -2.958850739e-02f
#define ZK_L8 5.253457796e-03f
