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
    long i = 0;
    for (; i + VW <= count; i += VW) {
        VF g = ZK(load)(gradient + i);
        VI moves = g != 0.0f;
        if (!__builtin_reduce_or(moves)) continue;
        VF m = ZK(load)(first + i), v = ZK(load)(second + i), p = ZK(load)(parameters + i);
        VF new_m = m * beta1 + g * (1 - beta1), new_v = v * beta2 + g * g * (1 - beta2);
        VF step = new_m * first_scale / (__builtin_elementwise_sqrt(new_v * second_scale) + epsilon);
        ZK(store)(first + i, moves ? new_m : m);
        ZK(store)(second + i, moves ? new_v : v);
        ZK(store)(parameters + i, moves ? p - rate * step : p);
    }
    for (; i < count; i++) {
        float g = gradient[i];
        if (g == 0) continue;
        first[i] = first[i] * beta1 + g * (1 - beta1);
        second[i] = second[i] * beta2 + g * g * (1 - beta2);
        parameters[i] -= rate * (first[i] * first_scale / (__builtin_sqrtf(second[i] * second_scale) + epsilon));
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
