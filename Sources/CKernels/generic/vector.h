// SPDX-License-Identifier: Apache-2.0
// Vector types and elementary functions at width VW; included once per instruction set.
typedef float ZK(vf) __attribute__((ext_vector_type(VW), aligned(4)));
typedef int32_t ZK(vi) __attribute__((ext_vector_type(VW), aligned(4)));
#define VF ZK(vf)
#define VI ZK(vi)

INLINE VF ZK(load)(const float *p) { return *(const VF *)p; }
INLINE void ZK(store)(float *p, VF v) { *(VF *)p = v; }
INLINE VF ZK(splat)(float x) { return (VF)(x); }

// exp(x) for x ≤ 0, relative error below 2e-7: range reduction by ln 2 in two parts (Cody & Waite), Chebyshev fit
// of (exp(f) - 1 - f)/f² to degree 4.
INLINE VF ZK(exp_negative)(VF x) {
    x = x < -87.0f ? ZK(splat)(-87.0f) : x;
    VF r = __builtin_elementwise_rint(x * 1.44269504088896341f);
    VF f = x - r * 0.693359375f;
    f = f + r * 2.12194440e-4f;
    VF p = f * 1.3934545451e-3f + 8.3637764666e-3f;
    p = p * f + 4.1666456764e-2f;
    p = p * f + 1.6666573358e-1f;
    p = p * f + 5.0000000143e-1f;
    p = p * (f * f) + f + 1.0f;
    VI e = (__builtin_convertvector(r, VI) + 127) << 23;
    return p * (VF)e;
}

// log(1 + t) for t in [0, 1]; Chebyshev fit, error below 1e-7 in float.
INLINE VF ZK(log1p_unit)(VF t) {
    VF p = t * ZK_L8 + ZK_L7;
    p = p * t + ZK_L6;
    p = p * t + ZK_L5;
    p = p * t + ZK_L4;
    p = p * t + ZK_L3;
    p = p * t + ZK_L2;
    p = p * t + ZK_L1;
    p = p * t + ZK_L0;
    return p * t;
}

// sin and cos together; absolute error below 1e-6 for |x| < 1e4. Reduction to ±π/4 with the quadrant as an integer.
INLINE void ZK(sincos)(VF x, VF *sine, VF *cosine) {
    VF q = __builtin_elementwise_rint(x * 0.636619772367581343f);
    VF r = x - q * 1.5703125f;
    r = r - q * 4.837512969970703125e-4f;
    r = r - q * 7.54978995489188216e-8f;
    VF r2 = r * r;
    VF s = r2 * -1.9515295891e-4f + 8.3321608736e-3f;
    s = s * r2 - 1.6666654611e-1f;
    s = s * r2 * r + r;
    VF c = r2 * 2.443315711809948e-5f - 1.388731625493765e-3f;
    c = c * r2 + 4.166664568298827e-2f;
    c = c * (r2 * r2) - 0.5f * r2 + 1.0f;
    VI quadrant = __builtin_convertvector(q, VI);
    VI swap = (quadrant & 1) != 0;
    VF sine_value = swap ? c : s, cosine_value = swap ? s : c;
    VI flip_sine = (quadrant & 2) << 30, flip_cosine = ((quadrant + 1) & 2) << 30;
    *sine = (VF)((VI)sine_value ^ flip_sine);
    *cosine = (VF)((VI)cosine_value ^ flip_cosine);
}
