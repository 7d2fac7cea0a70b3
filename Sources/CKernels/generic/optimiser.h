// SPDX-License-Identifier: Apache-2.0
// Loss and optimiser steps.

static double ZK(cross_entropy)(long count, const float *logits, const float *labels, float *difference) {
    double total = 0;
    for (long i = 0; i < count; i += VW) {
        float z_lane[VW], y_lane[VW], loss_lane[VW], difference_lane[VW];
        long lanes = count - i < VW ? count - i : VW;
        for (long j = 0; j < VW; j++) {
            z_lane[j] = j < lanes ? logits[i + j] : 0;
            y_lane[j] = j < lanes ? labels[i + j] : 0;
        }
        VF z = ZK(load)(z_lane), y = ZK(load)(y_lane);
        VF t = ZK(exp_negative)((VF)((VI)z | (int32_t)0x80000000));
        VF r = 1.0f / (1.0f + t);
        VF positive = z > 0.0f ? z : ZK(splat)(0);
        ZK(store)(loss_lane, positive - z * y + ZK(log1p_unit)(t));
        ZK(store)(difference_lane, (z > 0.0f ? r : t * r) - y);
        for (long j = 0; j < lanes; j++) {
            total += loss_lane[j];
            difference[i + j] = difference_lane[j];
        }
    }
    return total;
}

static void ZK(adam)(long count, float *parameters, float *first, float *second, const float *gradient, float rate,
                     float beta1, float beta2, float epsilon, float first_scale, float second_scale, float decay) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i];
        float m = first[i] * beta1 + g * (1 - beta1), v = second[i] * beta2 + g * g * (1 - beta2);
        first[i] = m;
        second[i] = v;
        parameters[i] -= rate * (m * first_scale / (__builtin_sqrtf(v * second_scale) + epsilon) + decay * parameters[i]);
    }
}

static void ZK(adam_touched)(long count, float *parameters, float *first, float *second, const float *gradient, float rate,
                             float beta1, float beta2, float epsilon, float first_scale, float second_scale) {
    const long block = 16; // a cache line
    for (long start = 0; start < count; start += block) {
        const long end = start + block < count ? start + block : count;
        int touched = 0;
        for (long i = start; i < end; i++) touched |= gradient[i] != 0;
        if (!touched) continue;
        for (long i = start; i < end; i++) {
            float g = gradient[i];
            float m = first[i] * beta1 + g * (1 - beta1), v = second[i] * beta2 + g * g * (1 - beta2);
            float p = parameters[i] - rate * (m * first_scale / (__builtin_sqrtf(v * second_scale) + epsilon));
            int moves = g != 0;
            first[i] = moves ? m : first[i];
            second[i] = moves ? v : second[i];
            parameters[i] = moves ? p : parameters[i];
        }
    }
}

static void ZK(lion)(long count, float *parameters, float *momentum, const float *gradient, float rate, float beta1,
                     float beta2, float decay) {
    for (long i = 0; i < count; i++) {
        float g = gradient[i], m = momentum[i];
        float direction = m * beta1 + g * (1 - beta1);
        float sign = direction > 0 ? 1.0f : direction < 0 ? -1.0f : 0.0f;
        momentum[i] = m * beta2 + g * (1 - beta2);
        parameters[i] -= rate * (sign + decay * parameters[i]);
    }
}

static void ZK(sum_blocks)(long count, long block_count, const float *blocks, long stride, float *sum) {
    for (long i = 0; i < count; i++) {
        float total = blocks[i];
        for (long block = 1; block < block_count; block++) total += blocks[block * stride + i];
        sum[i] = total;
    }
}
