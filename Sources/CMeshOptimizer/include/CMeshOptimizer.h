// SPDX-License-Identifier: Apache-2.0
#pragma once

// Mesh simplification behind plain C: meshoptimizer by Arseny Kapoulkine (MIT licence), linked from the system, none of its
// source is in this project. Buffers belong to the caller and come with their lengths; no exception leaves a call.

#include "zs_mesh_simplify.h"
