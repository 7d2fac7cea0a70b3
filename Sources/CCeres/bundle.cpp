// SPDX-License-Identifier: Apache-2.0
#include <ceres/ceres.h>
#include <glog/logging.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "CCeres.h"
#include "guard.h"
#include "pose_manifold.h"
#include "reprojection.h"

namespace zeroset {
namespace {

constexpr int stride = ZS_CERES_CAMERA_STRIDE;

/// The caller's arrays, as zs_ceres_adjust_bundle describes them.
struct Problem {
    int camera_count;
    const int32_t *camera_models;
    double *camera_parameters;
    const uint8_t *camera_constant;
    int pose_count;
    double *poses;
    const int32_t *pose_cameras;
    const uint8_t *pose_freedom;
    int point_count;
    double *points;
    const uint8_t *point_constant;
    int64_t observation_count;
    const double *pixels;
    const int32_t *observation_poses;
    const int32_t *observation_points;
    zs_ceres_planes planes;
};

template <int Model>
class ReprojectionCost final : public ceres::SizedCostFunction<2, 7, 3, lensParameterCount(Model)> {
  public:
    explicit ReprojectionCost(const double *pixel) : pixel_{pixel[0], pixel[1]} {}

    bool Evaluate(double const *const *p, double *residual, double **jacobians) const override {
        // A step that moves a point behind a camera is no solution: refusing it makes the solver try a shorter one.
        if (jacobians == nullptr)
            return reproject<Model>(p[0], p[1], p[2], pixel_, residual, nullptr, nullptr, nullptr);
        return reproject<Model>(p[0], p[1], p[2], pixel_, residual, jacobians[0], jacobians[1], jacobians[2]);
    }

  private:
    double pixel_[2];
};

/// Distance of a point from a plane, times the plane's weight.
class PlaneCost final : public ceres::SizedCostFunction<1, 3> {
  public:
    explicit PlaneCost(const double *plane) : plane_{plane[0], plane[1], plane[2], plane[3]} {}

    bool Evaluate(double const *const *p, double *residual, double **jacobians) const override {
        residual[0] = plane_[0] * p[0][0] + plane_[1] * p[0][1] + plane_[2] * p[0][2] - plane_[3];
        if (jacobians != nullptr && jacobians[0] != nullptr) std::copy_n(plane_, 3, jacobians[0]);
        return true;
    }

  private:
    double plane_[4];
};

/// Stops at the caller's wish.
class CancellationCallback final : public ceres::IterationCallback {
  public:
    explicit CancellationCallback(const zs_ceres_bundle_options &options) : options_(options) {}
    ceres::CallbackReturnType operator()(const ceres::IterationSummary &) override {
        const bool stop = options_.cancelled(options_.cancelled_context) != 0;
        return stop ? ceres::SOLVER_TERMINATE_SUCCESSFULLY : ceres::SOLVER_CONTINUE;
    }

  private:
    const zs_ceres_bundle_options &options_;
};

/// Refined in a copy, so that a failed solve changes nothing.
///
/// All blocks lie in one buffer: Ceres orders parameter blocks by their addresses, and the places of separate buffers
/// relative to each other, hence the order of its sums, change from run to run.
class State {
  public:
    explicit State(const Problem &p)
        : poses_(int64_t(p.camera_count) * stride), points_(poses_ + int64_t(p.pose_count) * 7),
          values_(size_t(points_ + int64_t(p.point_count) * 3)) {
        std::copy_n(p.camera_parameters, poses_, values_.begin());
        std::copy_n(p.poses, points_ - poses_, values_.begin() + poses_);
        std::copy_n(p.points, int64_t(p.point_count) * 3, values_.begin() + points_);
    }

    double *camera(int64_t index) { return values_.data() + index * stride; }
    double *pose(int64_t index) { return values_.data() + poses_ + index * 7; }
    double *point(int64_t index) { return values_.data() + points_ + index * 3; }

    bool isFinite() const {
        return std::all_of(values_.begin(), values_.end(), [](double value) { return std::isfinite(value); });
    }

    void copyBack(const Problem &p) const {
        std::copy_n(values_.begin(), poses_, p.camera_parameters);
        std::copy_n(values_.begin() + poses_, points_ - poses_, p.poses);
        std::copy(values_.begin() + points_, values_.end(), p.points);
    }

  private:
    int64_t poses_, points_;  // where these begin
    std::vector<double> values_;
};

void require(bool condition, const char *what) {
    if (!condition) throw std::invalid_argument(what);
}

/// Ceres aborts the process on malformed problems, so none may reach it.
void validate(const Problem &p, const zs_ceres_bundle_options &o) {
    require(p.camera_count >= 0 && p.pose_count >= 0 && p.point_count >= 0 && p.observation_count >= 0, "negative count");
    require(o.maximum_iterations >= 0, "negative number of iterations");
    require(o.loss >= 0 && o.loss <= 2, "unknown loss");
    require(o.loss == 0 || o.loss_scale > 0, "the scale of the loss is not positive");
    require(o.solver >= 0 && o.solver <= 3, "unknown solver");
    for (int i = 0; i < p.camera_count; ++i) {
        require(p.camera_models[i] >= 0 && p.camera_models[i] <= 4, "unknown camera model");
    }
    for (int i = 0; i < p.pose_count; ++i) {
        require(p.pose_cameras[i] >= 0 && p.pose_cameras[i] < p.camera_count, "a pose has no camera");
        require(p.pose_freedom[i] <= ZS_CERES_POSE_HOLD_Z, "unknown freedom of a pose");
        const double *q = p.poses + int64_t(i) * 7;
        const double norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
        require(std::abs(norm - 1) < 1e-6, "a rotation is not a unit quaternion");
    }
    for (int64_t i = 0; i < p.observation_count; ++i) {
        require(p.observation_poses[i] >= 0 && p.observation_poses[i] < p.pose_count, "an observation has no pose");
        require(p.observation_points[i] >= 0 && p.observation_points[i] < p.point_count, "an observation has no point");
        require(std::isfinite(p.pixels[2 * i]) && std::isfinite(p.pixels[2 * i + 1]), "a pixel is not finite");
    }
    require(p.planes.count >= 0, "negative number of planes");
    require(p.planes.count == 0 || o.loss == 0 || o.plane_loss_scale > 0, "the scale of the planes' loss is not positive");
    for (int64_t i = 0; i < p.planes.count; ++i) {
        require(p.planes.points[i] >= 0 && p.planes.points[i] < p.point_count, "a plane has no point");
        for (int j = 0; j < 4; ++j) require(std::isfinite(p.planes.values[4 * i + j]), "a plane is not finite");
    }
}

/// Calls `body` with the model as a compile-time constant.
template <class Body> auto withModel(int model, Body body) {
    switch (model) {
    case 0: return body(std::integral_constant<int, 0>());
    case 1: return body(std::integral_constant<int, 1>());
    case 2: return body(std::integral_constant<int, 2>());
    case 3: return body(std::integral_constant<int, 3>());
    default: return body(std::integral_constant<int, 4>());
    }
}

bool isInFront(const double *q, const double *X) {
    const double w = q[0], a = q[1], b = q[2], c = q[3];
    const double z =
        2 * (a * c - w * b) * X[0] + 2 * (b * c + w * a) * X[1] + (1 - 2 * (a * a + b * b)) * X[2] + q[6];
    return z > smallestDepth;
}

std::unique_ptr<ceres::LossFunction> makeLoss(const zs_ceres_bundle_options &o, double scale) {
    switch (o.loss) {
    case ZS_CERES_LOSS_SOFT_L1: return std::make_unique<ceres::SoftLOneLoss>(scale);
    case ZS_CERES_LOSS_CAUCHY: return std::make_unique<ceres::CauchyLoss>(scale);
    default: return nullptr;
    }
}

ceres::LinearSolverType linearSolver(int wanted, int freePoses) {
    switch (wanted) {
    case ZS_CERES_SOLVER_DENSE_SCHUR: return ceres::DENSE_SCHUR;
    case ZS_CERES_SOLVER_SPARSE_SCHUR: return ceres::SPARSE_SCHUR;
    case ZS_CERES_SOLVER_ITERATIVE_SCHUR: return ceres::ITERATIVE_SCHUR;
    default: break;
    }
    // Dense factorisation of 6n × 6n costs 72 n³ operations: 0.05 s at 100 poses.
    if (freePoses <= 100) return ceres::DENSE_SCHUR;
    return freePoses <= 2000 ? ceres::SPARSE_SCHUR : ceres::ITERATIVE_SCHUR;
}

int adjust(const Problem &p, const zs_ceres_bundle_options &o, zs_ceres_bundle_summary &summary) {
    static std::once_flag silenced;
    std::call_once(silenced, [] { FLAGS_minloglevel = 3; });

    validate(p, o);
    summary = {};
    State state(p);
    require(state.isFinite(), "a parameter is not finite");

    const std::unique_ptr<ceres::LossFunction> loss = makeLoss(o, o.loss_scale);
    const std::unique_ptr<ceres::LossFunction> planeLoss = p.planes.count > 0 ? makeLoss(o, o.plane_loss_scale) : nullptr;
    PoseManifold freePose, heldPose[3] = {PoseManifold(0), PoseManifold(1), PoseManifold(2)};
    std::vector<std::unique_ptr<ceres::Manifold>> cameraManifolds;
    std::vector<std::unique_ptr<ceres::CostFunction>> costs;
    costs.reserve(size_t(p.observation_count) + size_t(p.planes.count));

    ceres::Problem::Options problemOptions;
    problemOptions.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    problemOptions.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    problemOptions.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    problemOptions.disable_all_safety_checks = true;
    ceres::Problem problem(problemOptions);
    auto *ordering = new ceres::ParameterBlockOrdering;
    ceres::Solver::Options options;
    options.linear_solver_ordering.reset(ordering);

    std::vector<uint8_t> usedCamera(size_t(p.camera_count)), usedPose(size_t(p.pose_count)),
        usedPoint(size_t(p.point_count));
    for (int64_t i = 0; i < p.observation_count; ++i) {
        const int pose = p.observation_poses[i], point = p.observation_points[i], camera = p.pose_cameras[pose];
        double *q = state.pose(pose), *X = state.point(point);
        if (!isInFront(q, X)) {
            ++summary.skipped;
            continue;
        }
        costs.push_back(withModel(p.camera_models[camera], [&](auto model) -> std::unique_ptr<ceres::CostFunction> {
            return std::make_unique<ReprojectionCost<decltype(model)::value>>(p.pixels + 2 * i);
        }));
        problem.AddResidualBlock(costs.back().get(), loss.get(), q, X, state.camera(camera));
        usedCamera[size_t(camera)] = usedPose[size_t(pose)] = usedPoint[size_t(point)] = 1;
    }
    if (costs.empty()) return 0;
    for (int64_t i = 0; i < p.planes.count; ++i) {
        const int point = p.planes.points[i];
        if (!usedPoint[size_t(point)] || p.point_constant[point]) continue;
        costs.push_back(std::make_unique<PlaneCost>(p.planes.values + 4 * i));
        problem.AddResidualBlock(costs.back().get(), planeLoss.get(), state.point(point));
    }

    for (int i = 0; i < p.camera_count; ++i) {
        if (!usedCamera[size_t(i)]) continue;
        double *block = state.camera(i);
        const int count = lensParameterCount(p.camera_models[i]);
        std::vector<int> held;
        for (int j = 0; j < count; ++j)
            if (p.camera_constant[i * stride + j]) held.push_back(j);
        if (int(held.size()) == count) {
            problem.SetParameterBlockConstant(block);
        } else if (!held.empty()) {
            cameraManifolds.push_back(std::make_unique<ceres::SubsetManifold>(count, held));
            problem.SetManifold(block, cameraManifolds.back().get());
        }
        ordering->AddElementToGroup(block, 1);
    }
    int freePoses = 0;
    for (int i = 0; i < p.pose_count; ++i) {
        if (!usedPose[size_t(i)]) continue;
        double *block = state.pose(i);
        const int freedom = p.pose_freedom[i];
        if (freedom == ZS_CERES_POSE_CONSTANT) {
            problem.SetParameterBlockConstant(block);
        } else {
            problem.SetManifold(block, freedom == ZS_CERES_POSE_FREE ? &freePose : &heldPose[freedom - 2]);
            ++freePoses;
        }
        ordering->AddElementToGroup(block, 1);
    }
    bool anyFreePoint = false;
    for (int i = 0; i < p.point_count; ++i) {
        if (!usedPoint[size_t(i)]) continue;
        double *block = state.point(i);
        if (p.point_constant[i]) problem.SetParameterBlockConstant(block);
        anyFreePoint = anyFreePoint || !p.point_constant[i];
        ordering->AddElementToGroup(block, p.point_constant[i] ? 1 : 0);
    }

    options.linear_solver_type = anyFreePoint ? linearSolver(o.solver, freePoses) : ceres::DENSE_NORMAL_CHOLESKY;
    if (!anyFreePoint) options.linear_solver_ordering.reset();
    options.preconditioner_type = ceres::SCHUR_JACOBI;
    // Eigen's own factorisations are single-threaded, unlike a tuned BLAS behind LAPACK or CHOLMOD.
    options.dense_linear_algebra_library_type = ceres::EIGEN;
    options.sparse_linear_algebra_library_type = ceres::EIGEN_SPARSE;
    options.num_threads = 1;
    options.max_num_iterations = o.maximum_iterations;
    options.function_tolerance = o.function_tolerance;
    options.gradient_tolerance = o.gradient_tolerance;
    options.parameter_tolerance = o.parameter_tolerance;
    options.logging_type = ceres::SILENT;
    CancellationCallback cancellation(o);
    if (o.cancelled != nullptr) options.callbacks.push_back(&cancellation);

    ceres::Solver::Summary result;
    ceres::Solve(options, &problem, &result);
    summary.iterations = result.num_successful_steps + result.num_unsuccessful_steps;
    if (result.termination_type == ceres::FAILURE) throw std::runtime_error(result.message);
    summary.initial_cost = result.initial_cost;
    summary.final_cost = result.final_cost;
    summary.converged = result.termination_type == ceres::CONVERGENCE;
    if (result.final_cost <= result.initial_cost && state.isFinite()) {
        state.copyBack(p);
    } else {
        summary.final_cost = result.initial_cost;
    }
    return 0;
}

}  // namespace
}  // namespace zeroset

int zs_ceres_adjust_bundle(
    int32_t camera_count, const int32_t *camera_models, double *camera_parameters, const uint8_t *camera_constant,
    int32_t pose_count, double *poses, const int32_t *pose_cameras, const uint8_t *pose_freedom, int32_t point_count,
    double *points, const uint8_t *point_constant, int64_t observation_count, const double *pixels,
    const int32_t *observation_poses, const int32_t *observation_points, const zs_ceres_planes *planes,
    const zs_ceres_bundle_options *options, zs_ceres_bundle_summary *summary) {
    return zeroset::guarded([&] {
        const zeroset::Problem problem{
            camera_count, camera_models, camera_parameters, camera_constant,   pose_count,
            poses,        pose_cameras,  pose_freedom,      point_count,       points,
            point_constant, observation_count, pixels,      observation_poses, observation_points,
            planes == nullptr ? zs_ceres_planes{} : *planes};
        return zeroset::adjust(problem, *options, *summary);
    });
}

int zs_ceres_reprojection(
    int32_t model, const double *camera, const double pose[7], const double point[3], const double pixel[2],
    double residual[2], double *by_pose, double *by_point, double *by_camera) {
    return zeroset::guarded([&] {
        zeroset::require(model >= 0 && model <= 4, "unknown camera model");
        double wide[14];
        const bool inFront = zeroset::withModel(model, [&](auto number) {
            return zeroset::reproject<decltype(number)::value>(
                pose, point, camera, pixel, residual, wide, by_point, by_camera);
        });
        if (!inFront) return 1;
        for (int row = 0; row < 2; ++row)
            for (int column = 0; column < 6; ++column) by_pose[6 * row + column] = wide[7 * row + column];
        return 0;
    });
}
