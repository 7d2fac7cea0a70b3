#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Distance of a model's points to the true surface; one JSON object.

    points_to_mesh.py --model sparse/0 --truth GT --object OBJECT.ply [--context GROUND.ply …]

The model is brought to the true frame by the similarity between camera centres and by nothing else. Points in the object's
box, grown by 5 % of its diagonal, count; the surface is that of the object and of the context together.
"""
from __future__ import annotations

import argparse
import json

import numpy as np
import pycolmap
import trimesh
from true_frame import in_box, to_truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--object", required=True)
    parser.add_argument("--context", nargs="*", default=[])
    arguments = parser.parse_args()
    model, truth = (pycolmap.Reconstruction(path) for path in (arguments.model, arguments.truth))
    if not model.points3D:
        raise SystemExit("the model has no point")
    points = to_truth(model, truth)(np.array([point.xyz for point in model.points3D.values()]))

    target = trimesh.load(arguments.object, process=False)
    surface = trimesh.util.concatenate([target, *(trimesh.load(path, process=False) for path in arguments.context)])
    inside = points[in_box(points, target.bounds, 0.05)]
    if not len(inside):
        raise SystemExit("no point in the object's box")
    _, distances, _ = trimesh.proximity.closest_point(surface, inside)
    percent = 100 * distances / np.linalg.norm(target.extents)
    print(json.dumps({"points": len(inside), "median_percent": float(np.median(percent)),
                      "p90_percent": float(np.quantile(percent, 0.9)),
                      "beyond_1_percent": float((percent > 1).mean())}))


if __name__ == "__main__":
    main()
