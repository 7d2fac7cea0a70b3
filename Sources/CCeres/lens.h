// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace zeroset {

/// Parameters of COLMAP's camera models 0 to 4.
constexpr int lensParameterCount(int model) {
    return model == 0 ? 3 : model == 1 || model == 2 ? 4 : model == 3 ? 5 : 8;
}

/// Maps the direction (x, y, 1) to a pixel with all derivatives.
///
/// `byDirection` is [2 × 2], `byParameters` [2 × N] or null, both row by row. The models are those that `CameraModel` in
/// the Geometry module documents.
template <int Model> struct Lens {
    static constexpr int N = lensParameterCount(Model);
    static constexpr bool twoFocalLengths = Model == 1 || Model == 4;

    static void project(
        const double *p, double x, double y, double *pixel, double *byDirection, double *byParameters) {
        const double fx = p[0], fy = twoFocalLengths ? p[1] : p[0];
        constexpr int c = twoFocalLengths ? 2 : 1;  // the principal point's place
        constexpr int d = c + 2;                    // the distortion's

        // Distorted direction (u, v) and its derivatives by (x, y).
        double u = x, v = y, ux = 1, uy = 0, vx = 0, vy = 1;
        const double r2 = x * x + y * y;
        if constexpr (Model >= 2) {
            double radial, slope;  // factor and twice its derivative by r²
            if constexpr (Model == 2) {
                radial = 1 + p[d] * r2;
                slope = 2 * p[d];
            } else {
                radial = 1 + r2 * (p[d] + r2 * p[d + 1]);
                slope = 2 * (p[d] + 2 * r2 * p[d + 1]);
            }
            u = x * radial;
            v = y * radial;
            ux = radial + slope * x * x;
            uy = slope * x * y;
            vx = uy;
            vy = radial + slope * y * y;
            if constexpr (Model == 4) {
                const double p1 = p[d + 2], p2 = p[d + 3];
                u += 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
                v += p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
                ux += 2 * p1 * y + 6 * p2 * x;
                uy += 2 * p1 * x + 2 * p2 * y;
                vx += 2 * p1 * x + 2 * p2 * y;
                vy += 6 * p1 * y + 2 * p2 * x;
            }
        }
        pixel[0] = fx * u + p[c];
        pixel[1] = fy * v + p[c + 1];
        byDirection[0] = fx * ux;
        byDirection[1] = fx * uy;
        byDirection[2] = fy * vx;
        byDirection[3] = fy * vy;
        if (byParameters == nullptr) return;

        double *row0 = byParameters, *row1 = byParameters + N;
        for (int i = 0; i < 2 * N; ++i) byParameters[i] = 0;
        row0[0] = u;
        row1[twoFocalLengths ? 1 : 0] = v;
        row0[c] = 1;
        row1[c + 1] = 1;
        if constexpr (Model >= 2) {
            row0[d] = fx * x * r2;
            row1[d] = fy * y * r2;
        }
        if constexpr (Model >= 3) {
            row0[d + 1] = fx * x * r2 * r2;
            row1[d + 1] = fy * y * r2 * r2;
        }
        if constexpr (Model == 4) {
            row0[d + 2] = fx * 2 * x * y;
            row1[d + 2] = fy * (r2 + 2 * y * y);
            row0[d + 3] = fx * (r2 + 2 * x * x);
            row1[d + 3] = fy * 2 * x * y;
        }
    }
};

}  // namespace zeroset
