#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Renders meshes side by side to a PNG, in software: needs numpy and matplotlib, no display and no GPU.

    render_meshes.py OUTPUT.png MESH.ply [MESH.ply ...] [--view AZIMUTH,ELEVATION ...] [--up x|y|z|-y] [--size PIXELS] [--colors]

Reads the binary PLY files that `reconstruct` writes. Each mesh is drawn once for each view, one row per view.
"""
from __future__ import annotations

import argparse
import pathlib

import numpy as np

PLY_TYPES = {"float": "<f4", "double": "<f8", "uchar": "u1", "int": "<i4", "uint": "<u4"}


def read_ply(path: pathlib.Path) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Positions `[n, 3]`, triangles `[m, 3]` and colours `[n, 3]` (0 to 1, if any) of a binary little-endian PLY file."""
    data = path.read_bytes()
    header, _, _ = data.partition(b"end_header\n")
    offset = len(header) + len(b"end_header\n")
    vertex_fields: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    element = index_type = ""
    for line in header.decode("ascii").splitlines():
        words = line.split()
        if words[0] == "element":
            element = words[1]
            counts[element] = int(words[2])
        elif words[0] == "property" and words[1] != "list" and element == "vertex":
            vertex_fields.append((words[2], PLY_TYPES[words[1]]))
        elif words[0] == "property" and words[1] == "list":
            index_type = PLY_TYPES[words[3]]
    vertices = np.frombuffer(data, np.dtype(vertex_fields), counts["vertex"], offset)
    offset += vertices.nbytes
    face_type = np.dtype([("count", "u1"), ("corners", index_type, 3)])
    faces = np.frombuffer(data, face_type, counts["face"], offset)
    if not (faces["count"] == 3).all():
        raise SystemExit(f"{path}: only triangles can be drawn")
    positions = np.stack([vertices[axis].astype(float) for axis in "xyz"], axis=1)
    colors = None
    if "red" in vertices.dtype.names:
        colors = np.stack([vertices[channel] / 255 for channel in ("red", "green", "blue")], axis=1)
    return positions, faces["corners"].astype(int), colors


def rotation(azimuth: float, elevation: float, up: str) -> np.ndarray:
    """Rows: image right, image up, towards the viewer."""
    a, e = np.radians([azimuth, elevation])
    toward = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    right = np.array([-np.sin(a), np.cos(a), 0.0])
    axes = np.stack([right, np.cross(toward, right), toward])
    if up == "-y":  # the frame of a first camera, which looks along +z: azimuth -90 looks along it
        return np.stack([axes[:, 0], -axes[:, 2], axes[:, 1]], axis=1)
    return axes[:, {"z": [0, 1, 2], "y": [1, 2, 0], "x": [2, 0, 1]}[up]]


def draw(positions: np.ndarray, faces: np.ndarray, colors: np.ndarray | None, axes: np.ndarray, size: int) -> np.ndarray:
    """A shaded parallel projection `[size, size, 3]`."""
    camera = (positions - (positions.min(0) + positions.max(0)) / 2) @ axes.T
    scale = 0.46 * size / max(np.abs(camera[:, :2]).max(), 1e-300)
    screen = np.stack([size / 2 + scale * camera[:, 0], size / 2 - scale * camera[:, 1]], axis=1)
    return rasterize(camera, screen, camera[:, 2], np.array([0.0, 0.0, np.inf]), faces, colors, (size, size))


def draw_from_camera(positions: np.ndarray, faces: np.ndarray, colors: np.ndarray | None, camera_from_world: np.ndarray,
                     intrinsics: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """What a pinhole camera sees: `[3, 4]` pose, `[3, 3]` intrinsics, pixel centres at (0.5, 0.5), `shape` is (height, width)."""
    camera = positions @ camera_from_world[:, :3].T + camera_from_world[:, 3]
    depth = camera[:, 2]
    near = 0.02 * np.median(depth[depth > 0]) if (depth > 0).any() else 1
    faces = faces[(depth[faces] > near).all(1)]
    pixels = camera @ intrinsics.T
    safe = np.maximum(depth, near)
    # 1 / depth is linear in the picture, depth is not. The shading wants y up and z towards the viewer.
    return rasterize(camera * [1, -1, -1], pixels[:, :2] / safe[:, None], 1 / safe, np.zeros(3), faces, colors, shape)


def rasterize(camera: np.ndarray, screen: np.ndarray, nearness: np.ndarray, eye: np.ndarray, faces: np.ndarray,
              colors: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    """A shaded depth-buffered picture, flat normals so that ripples and facets show.

    Vertices in viewer coordinates (x right, y up, z towards the viewer at `eye`), in pixels and by nearness.
    """
    height, width = shape
    image = np.ones((height, width, 3))
    if not len(faces):
        return image
    corners = camera[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    facing = normals[:, 2] if np.isinf(eye).any() else (normals * (eye - corners[:, 0])).sum(1)
    light = np.array([0.35, 0.5, 0.79])
    # Faces seen from behind are red: an open or inverted surface must not look right.
    diffuse = np.clip(np.abs(normals @ light), 0, 1)[:, None]
    front = np.array([0.80, 0.83, 0.88]) if colors is None else colors[faces].mean(1) * 1.1
    color = np.where(facing[:, None] > 0, front, np.array([0.9, 0.25, 0.2])) * (0.25 + 0.75 * diffuse)
    depth = np.full((height, width), -np.inf)
    # Every face is sampled densely enough to leave no hole: barycentric points at under a pixel.
    edges = screen[faces]
    # Slivers cover nothing, but their corners would colour whole pixels with a normal that means nothing.
    doubled = (edges[:, 1, 0] - edges[:, 0, 0]) * (edges[:, 2, 1] - edges[:, 0, 1]) - (
        edges[:, 2, 0] - edges[:, 0, 0]) * (edges[:, 1, 1] - edges[:, 0, 1])
    longest = np.linalg.norm(edges - np.roll(edges, 1, axis=1), axis=2).max(1)
    steps = np.clip(np.ceil(longest * 1.5), 1, 4 * max(shape)).astype(int)
    shown = (edges.max(1) >= 0).all(1) & (edges.min(1) < [width, height]).all(1) & (np.abs(doubled) > 0.05)
    for count in np.unique(steps[shown]):
        chosen = np.flatnonzero((steps == count) & shown)
        u, v = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
        keep = u + v <= count
        weights = np.stack([u[keep], v[keep], count - u[keep] - v[keep]], axis=1) / count
        points = np.einsum("pk,fkd->fpd", weights, edges[chosen]).reshape(-1, 2)
        heights = np.einsum("pk,fk->fp", weights, nearness[faces[chosen]]).ravel()
        owners = np.repeat(chosen, len(weights))
        column, row = np.floor(points).astype(int).T
        visible = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        column, row, heights, owners = column[visible], row[visible], heights[visible], owners[visible]
        order = np.argsort(heights, kind="stable")
        column, row, heights, owners = column[order], row[order], heights[order], owners[order]
        nearer = heights > depth[row, column]
        depth[row[nearer], column[nearer]] = heights[nearer]
        image[row[nearer], column[nearer]] = color[owners[nearer]]
    return image


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("meshes", type=pathlib.Path, nargs="+")
    parser.add_argument("--view", action="append", help="azimuth,elevation in degrees (default 30,20 and 210,20)")
    parser.add_argument("--up", choices=["x", "y", "z", "-y"], default="z")
    parser.add_argument("--colors", action="store_true", help="draw the colours of the vertices")
    parser.add_argument("--size", type=int, default=600, help="pixels of each picture (default 600)")
    arguments = parser.parse_args()
    views = [tuple(map(float, view.split(","))) for view in arguments.view or ["30,20", "210,20"]]
    meshes = [read_ply(path) for path in arguments.meshes]
    if not arguments.colors:
        meshes = [(positions, faces, None) for positions, faces, _ in meshes]
    rows = [
        np.concatenate([draw(*mesh, rotation(*view, arguments.up), arguments.size) for mesh in meshes], axis=1)
        for view in views
    ]
    import matplotlib.image

    matplotlib.image.imsave(arguments.output, np.clip(np.concatenate(rows, axis=0), 0, 1))


if __name__ == "__main__":
    main()
