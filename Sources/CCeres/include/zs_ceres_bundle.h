// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

// Bundle adjustment: the cameras, poses and points that make projected points agree best with observed pixels.

#ifdef __cplusplus
extern "C" {
#endif

/// Numbers kept for each camera; models with fewer leave the rest unused.
#define ZS_CERES_CAMERA_STRIDE 8

/// What happens to a parameter block of the problem.
enum zs_ceres_pose_freedom {
    ZS_CERES_POSE_FREE = 0,
    ZS_CERES_POSE_CONSTANT = 1,
    /// Free but for one coordinate of its translation: fixes the scale of the world.
    ZS_CERES_POSE_HOLD_X = 2,
    ZS_CERES_POSE_HOLD_Y = 3,
    ZS_CERES_POSE_HOLD_Z = 4,
};

enum zs_ceres_loss {
    /// s
    ZS_CERES_LOSS_SQUARED = 0,
    /// 2 (√(1 + s) − 1)
    ZS_CERES_LOSS_SOFT_L1 = 1,
    /// log(1 + s)
    ZS_CERES_LOSS_CAUCHY = 2,
};

enum zs_ceres_solver {
    /// By the number of free poses.
    ZS_CERES_SOLVER_AUTOMATIC = 0,
    ZS_CERES_SOLVER_DENSE_SCHUR = 1,
    ZS_CERES_SOLVER_SPARSE_SCHUR = 2,
    ZS_CERES_SOLVER_ITERATIVE_SCHUR = 3,
};

typedef struct {
    /// enum zs_ceres_loss
    int32_t loss;
    /// Pixels at which the loss begins to flatten; s is the squared error divided by its square.
    double loss_scale;
    /// The same loss of the planes begins to flatten here, in their weighted distance.
    double plane_loss_scale;
    /// enum zs_ceres_solver
    int32_t solver;
    int32_t maximum_iterations;
    double function_tolerance;
    double gradient_tolerance;
    double parameter_tolerance;
    /// Called before each iteration when not null; nonzero stops with the best state so far.
    int32_t (*cancelled)(void *context);
    void *cancelled_context;
} zs_ceres_bundle_options;

/// Planes that points should lie on, such as tangents of a level set: the residual of one is
/// `normal · point − offset`, with the normal as long as the plane's weight in pixels per unit of length.
typedef struct {
    int64_t count;
    /// [count] the point of each.
    const int32_t *points;
    /// [count × 4] weighted normal, weighted offset.
    const double *values;
} zs_ceres_planes;

typedef struct {
    /// Half the sum of the losses of all observations, and planes, that took part.
    double initial_cost;
    double final_cost;
    int32_t iterations;
    /// 1 when a tolerance ended the iteration, 0 when their number or a cancellation did.
    int32_t converged;
    /// Observations left out because the point started behind the camera.
    int64_t skipped;
} zs_ceres_bundle_summary;

/// Refines camera_parameters, poses and points in place, on one thread: the same input gives the same bytes.
///
/// - cameras: COLMAP's numbers of the models, 0 to 4; [camera_count × 8] parameters in COLMAP's order; [camera_count × 8]
///   ones where a parameter is held.
/// - poses: [pose_count × 7] camera from world, unit quaternion w x y z, then translation; the camera of each; enum
///   zs_ceres_pose_freedom of each.
/// - points: [point_count × 3] in world coordinates; ones where a point is held.
/// - observations: [observation_count × 2] pixels; pose and point of each.
/// - planes: may be null; those of points that no observation has count for nothing.
///
/// Returns 0, or a negative number when the input is malformed or the solver failed. The cost never ends above the start:
/// parameters are left as they were when it would.
int zs_ceres_adjust_bundle(
    int32_t camera_count, const int32_t *camera_models, double *camera_parameters, const uint8_t *camera_constant,
    int32_t pose_count, double *poses, const int32_t *pose_cameras, const uint8_t *pose_freedom, int32_t point_count,
    double *points, const uint8_t *point_constant, int64_t observation_count, const double *pixels,
    const int32_t *observation_poses, const int32_t *observation_points, const zs_ceres_planes *planes,
    const zs_ceres_bundle_options *options, zs_ceres_bundle_summary *summary);

/// Residual (projected minus observed pixel, [2]) of one observation and its derivatives by the rotation vector applied
/// after the rotation and the translation ([2 × 6]), the point ([2 × 3]) and the camera ([2 × parameters of the model]),
/// row by row. Returns 0, 1 when the point is behind the camera, or a negative number.
int zs_ceres_reprojection(
    int32_t model, const double *camera, const double pose[7], const double point[3], const double pixel[2],
    double residual[2], double *by_pose, double *by_point, double *by_camera);

#ifdef __cplusplus
}
#endif
