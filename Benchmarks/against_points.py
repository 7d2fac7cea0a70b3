#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Distance of the points of another reconstruction to a mesh, in % of the diagonal of the points; one JSON object.

    Benchmarks/against_points.py MESH --model MODEL --truth TRUTH POINTS.ply

MESH is in the frame of MODEL, the points in that of TRUTH; the similarity between camera centres relates them and nothing is
refined. Points that fewer than 0.5 % of others are as far out as (on each axis) set the diagonal, so that a stray one does not.
The other reconstruction is not the truth either: what both leave out is in neither figure. Also says what share of the mesh
lies further than 1 % of the diagonal from the points, within their box: floaters, and what the points do not cover.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import sys

import numpy as np
import pycolmap
import trimesh
from scipy.spatial import cKDTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "peers"))
from true_frame import in_box, to_truth  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mesh", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--truth", type=pathlib.Path, required=True)
    parser.add_argument("points", type=pathlib.Path)
    arguments = parser.parse_args()
    frame = to_truth(pycolmap.Reconstruction(arguments.model), pycolmap.Reconstruction(arguments.truth))
    loaded = trimesh.load(arguments.mesh, process=False)
    mesh = trimesh.Trimesh(frame(np.asarray(loaded.vertices)), loaded.faces, process=False)
    points = np.asarray(trimesh.load(arguments.points).vertices)
    bounds = np.quantile(points, [0.005, 0.995], axis=0)
    diagonal = np.linalg.norm(bounds[1] - bounds[0])
    _, distances, _ = trimesh.proximity.closest_point(mesh, points)
    percent = 100 * distances / diagonal
    samples, _ = trimesh.sample.sample_surface(mesh, 40_000, seed=0)
    samples = samples[in_box(samples, bounds, 0.02)]
    back = 100 * cKDTree(points).query(samples)[0] / diagonal if len(samples) else np.zeros(0)
    print(json.dumps({
        "points": len(points), "diagonal": float(diagonal), "median_percent": float(np.median(percent)),
        "p90_percent": float(np.quantile(percent, 0.9)), "within_half_percent": float((percent < 0.5).mean()),
        "mesh_beyond_1_percent": float((back > 1).mean()) if len(back) else None}))


if __name__ == "__main__":
    main()
