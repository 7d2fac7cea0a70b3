// SPDX-License-Identifier: Apache-2.0
//
// Bending energy of a field on the nodes of a grid, samples of the field, and conjugate gradients on their sum.
#ifndef ZEROSET_KERNEL_PLATE_H
#define ZEROSET_KERNEL_PLATE_H

#include <stdint.h>

// What the field should be at a point, by trilinear interpolation in one cell. Nodes are numbered x fastest.
typedef struct {
    int64_t node;     // the cell's lowest node
    float x, y, z;    // place in the cell, each 0...1
    float weight;     // not negative
    float target;
} zk_plate_sample;

// Layer z = `layer` of  stiffness · B field + anchor ∘ (field - goals · goal):  half the gradient of the energy
// stiffness · Σ |second differences|² (cross terms twice, natural boundary) + Σ anchor · (field - goals · goal)².
//  - counts: nodes along x, y, z; each at least 2.
//  - goals is 1, or 0 for the linear part alone. scratch has room for 2 · counts[0].
//  - Other layers of result are not touched.
void zk_plate_layer(const int32_t *counts, int32_t layer, float stiffness, const float *field, const float *anchor,
                    const float *goal, float goals, float *result, float *scratch);
// result += Σ weight · c · (c · field - goals · target), c being a sample's eight interpolation weights. `row` and `layer`
// are the distances between neighbours along y and along z.
void zk_plate_samples(long count, const zk_plate_sample *samples, long row, long layer, const float *field, float goals,
                      float *result);
// Σ a · b in double, in a fixed order.
double zk_plate_dot(long count, const float *a, const float *b);
// field += rate · direction, residual -= rate · image; returns Σ scale · residual².
double zk_plate_step(long count, float rate, const float *direction, const float *image, const float *scale, float *field,
                     float *residual);
// direction = scale ∘ residual + rate · direction.
void zk_plate_turn(long count, float rate, const float *residual, const float *scale, float *direction);

#endif
