#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Screened Poisson reconstruction (Kazhdan, Hoppe 2013) of a model's points by MeshLab.

    poisson.py --model sparse/0 --truth GT --object OBJECT.ply --output MESH.ply [--points DENSE.ply] [--depth 8]

Points seen by three photos or more in the object's box, grown by 10 % of its diagonal; normals from 12 neighbours, turned
towards the cameras that see the point. With --points, the points and normals of a file instead. The mesh is in the frame of the
model.
"""
from __future__ import annotations

import argparse

import numpy as np
import pycolmap
import pymeshlab
import trimesh
from scipy.spatial import cKDTree
from true_frame import in_box, to_truth


def normals(points: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """Directions of least spread among 12 neighbours, on the side of `towards`."""
    _, neighbors = cKDTree(points).query(points, k=min(12, len(points)))
    local = points[neighbors] - points[neighbors].mean(1, keepdims=True)
    _, vectors = np.linalg.eigh(np.einsum("nki,nkj->nij", local, local))
    normal = vectors[:, :, 0]
    return normal * np.where((normal * towards).sum(1, keepdims=True) < 0, -1, 1)


def sparse_points(model: pycolmap.Reconstruction) -> tuple[np.ndarray, np.ndarray]:
    """Points and, for each, the mean centre of the cameras that see it."""
    kept = [point for point in model.points3D.values() if point.track.length() >= 3]
    if not kept:
        raise SystemExit("no point is seen by three photos")
    centers = {identifier: image.projection_center() for identifier, image in model.images.items() if image.has_pose}
    viewers = [np.mean([centers[e.image_id] for e in point.track.elements], axis=0) for point in kept]
    return np.array([point.xyz for point in kept]), np.array(viewers)


def oriented_points(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals of a PLY file."""
    meshes = pymeshlab.MeshSet(verbose=False)
    meshes.load_new_mesh(path)
    mesh = meshes.current_mesh()
    return mesh.vertex_matrix(), mesh.vertex_normal_matrix()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--object", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--points")
    parser.add_argument("--depth", type=int, default=8)
    arguments = parser.parse_args()
    model, truth = (pycolmap.Reconstruction(path) for path in (arguments.model, arguments.truth))
    if arguments.points:
        points, directions = oriented_points(arguments.points)
    else:
        points, viewers = sparse_points(model)
        directions = viewers - points
    bounds = trimesh.load(arguments.object, process=False).bounds
    inside = in_box(to_truth(model, truth)(points), bounds, 0.1)
    points, directions = points[inside], directions[inside]
    if len(points) < 12:
        raise SystemExit("hardly a point in the object's box")
    if not arguments.points:
        directions = normals(points, directions)

    meshes = pymeshlab.MeshSet(verbose=False)
    meshes.add_mesh(pymeshlab.Mesh(vertex_matrix=points, v_normals_matrix=directions))
    meshes.generate_surface_reconstruction_screened_poisson(depth=arguments.depth, preclean=True)
    mesh = meshes.current_mesh()
    trimesh.Trimesh(mesh.vertex_matrix(), mesh.face_matrix(), process=False).export(arguments.output)


if __name__ == "__main__":
    main()
