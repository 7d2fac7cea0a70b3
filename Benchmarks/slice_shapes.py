#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes solids and thin structures as planar sections with their true surfaces: test sets for `Benchmarks/slices.py`.

    Benchmarks/slice_shapes.py FOLDER [--seed 1]

FOLDER/*.csl and FOLDER/ref/*.ply come in one frame. Every shape is the zero set of a formula, meshed on a grid of 128³ cells;
the sections are cuts of that mesh. Another seed gives other blobs, trees and planes. Needs numpy, scipy, scikit-image and trimesh.
"""
from __future__ import annotations

import argparse
import pathlib

import numpy
import trimesh
from scipy.spatial import cKDTree
from skimage.measure import marching_cubes

CELLS = 128


def smooth_minimum(a, b, k):
    h = numpy.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b * (1 - h) + a * h - k * h * (1 - h)


def curve_tube(points, curve, radius):
    return cKDTree(curve).query(points)[0] - radius


def capsule(points, a, b, start, end):
    d = b - a
    t = numpy.clip((points - a) @ d / (d @ d), 0, 1)
    return numpy.linalg.norm(points - a - t[:, None] * d, axis=1) - (start + (end - start) * t)


# ---- solids

def blobs(p, rng):
    result = numpy.full(len(p), 9.0)
    for _ in range(7):
        center, radius = rng.uniform(-0.5, 0.5, 3), rng.uniform(0.2, 0.36)
        result = smooth_minimum(result, numpy.linalg.norm(p - center, axis=1) - radius, 0.12)
    return result


def bumpy(p, rng):
    r = numpy.linalg.norm(p, axis=1)
    u = p / numpy.maximum(r, 1e-9)[:, None]
    bump = sum(rng.uniform(0.02, 0.05) * numpy.sin(u @ (w := rng.normal(size=3) * 4.5) + rng.uniform(0, 6)) for _ in range(8))
    return r - 0.65 - bump


def bracket(p, rng):
    def box(center, half):
        q = numpy.abs(p - center) - half
        return numpy.linalg.norm(numpy.maximum(q, 0), axis=1) + numpy.minimum(q.max(1), 0) - 0.04
    shape = numpy.minimum(box([0, 0, -0.45], [0.62, 0.4, 0.16]), box([-0.45, 0, 0.1], [0.17, 0.4, 0.6]))
    hole = numpy.hypot(p[:, 0] - 0.25, p[:, 1]) - 0.2
    return numpy.maximum(shape, -hole)


def knot_body(p, rng):
    t = numpy.linspace(0, 2 * numpy.pi, 900, endpoint=False)
    curve = 0.27 * numpy.c_[numpy.sin(t) + 2 * numpy.sin(2 * t), numpy.cos(t) - 2 * numpy.cos(2 * t), -1.3 * numpy.sin(3 * t)]
    return curve_tube(p, curve, 0.19)


def bone(p, rng):
    result = capsule(p, numpy.array([-0.1, 0, -0.6]), numpy.array([0.1, 0.1, 0.55]), 0.19, 0.15)
    for c, r in (((-0.3, 0.02, -0.66), 0.25), ((0.12, -0.05, -0.7), 0.22), ((0.25, 0.1, 0.62), 0.24), ((-0.08, 0.15, 0.66), 0.2)):
        result = smooth_minimum(result, numpy.linalg.norm(p - numpy.array(c), axis=1) - r, 0.1)
    return result


def gear(p, rng):
    angle, r = numpy.arctan2(p[:, 1], p[:, 0]), numpy.hypot(p[:, 0], p[:, 1])
    rim = 0.62 + 0.09 * numpy.tanh(4 * numpy.sin(7 * angle + 1.5 * p[:, 2]))
    return numpy.maximum(numpy.maximum(r - rim, 0.16 - r), numpy.abs(p[:, 2]) - 0.35)


def tilted_torus(p, rng):
    axis = numpy.array([0.5, 0.3, 0.8]) / numpy.linalg.norm([0.5, 0.3, 0.8])
    height = p @ axis
    ring = numpy.linalg.norm(p - height[:, None] * axis, axis=1) - 0.55
    return numpy.hypot(ring, height) - 0.22


def pebbles(p, rng):
    result = numpy.full(len(p), 9.0)
    for center, axes in (((-0.3, 0.1, 0), (0.45, 0.3, 0.5)), ((0.35, -0.1, 0.1), (0.38, 0.5, 0.3)), ((0, 0.45, 0.2), (0.3, 0.3, 0.35))):
        q = numpy.linalg.norm((p - numpy.array(center)) / numpy.array(axes), axis=1)
        result = smooth_minimum(result, (q - 1) * min(axes), 0.08)
    return result


# ---- thin structures

def coral(p, rng):
    result = numpy.full(len(p), 9.0)

    def grow(a, d, length, radius, depth):
        nonlocal result
        b = a + length * d
        result = smooth_minimum(result, capsule(p, a, b, radius, 0.8 * radius), 0.02)
        if depth == 0:
            return
        for _ in range(3 if depth == 3 else 2):
            e = d + rng.normal(size=3) * 0.42
            grow(b, e / numpy.linalg.norm(e), length * rng.uniform(0.65, 0.85), radius * 0.78, depth - 1)
    grow(numpy.array([0, 0, -0.85]), numpy.array([0, 0, 1.0]), 0.5, 0.085, 3)
    return result


def spring(p, rng):
    t = numpy.linspace(0, 2 * numpy.pi, 1500, endpoint=False)
    ring = 0.55 + 0.2 * numpy.cos(5 * t)
    return curve_tube(p, numpy.c_[ring * numpy.cos(t), ring * numpy.sin(t), 0.3 * numpy.sin(5 * t)], 0.075)


def bowl(p, rng):
    r = numpy.linalg.norm(p * numpy.array([1, 1.15, 1]) - numpy.array([0, 0, 0.3]), axis=1)
    shell = numpy.abs(r - 0.75) - 0.035
    return numpy.maximum(shell, p[:, 2] - 0.3 - 0.1 * numpy.sin(3 * p[:, 0]))


def sheet(p, rng):
    height = 0.22 * numpy.sin(3.1 * p[:, 0] + 0.5) * numpy.cos(2.4 * p[:, 1])
    slope = numpy.sqrt(1 + 0.25)
    plate = numpy.abs(p[:, 2] - height) / slope - 0.04
    return numpy.maximum(plate, numpy.linalg.norm(p[:, :2] * numpy.array([1, 1.2]), axis=1) - 0.8)


def lattice(p, rng):
    corners = numpy.array([[x, y, z] for x in (-0.6, 0.6) for y in (-0.5, 0.5) for z in (-0.65, 0.65)])
    corners = corners + rng.uniform(-0.08, 0.08, corners.shape)
    result = numpy.full(len(p), 9.0)
    for i in range(8):
        for j in range(i):
            if bin(i ^ j).count("1") == 1:
                result = smooth_minimum(result, capsule(p, corners[i], corners[j], 0.07, 0.07), 0.03)
    return result


def vase(p, rng):
    r, z = numpy.hypot(p[:, 0], p[:, 1]), p[:, 2]
    profile = 0.42 + 0.2 * numpy.sin(2.6 * z + 0.4)
    wall = numpy.abs(r - profile) / numpy.sqrt(1 + (0.52 * numpy.cos(2.6 * z + 0.4)) ** 2) - 0.035
    return numpy.maximum(wall, numpy.abs(z) - 0.8)


def ribbon(p, rng):
    turn = 2.2 * p[:, 2]
    across = p[:, 0] * numpy.cos(turn) + p[:, 1] * numpy.sin(turn)
    along = -p[:, 0] * numpy.sin(turn) + p[:, 1] * numpy.cos(turn)
    return numpy.maximum(numpy.maximum(numpy.abs(across) - 0.05, numpy.abs(along) - 0.45), numpy.abs(p[:, 2]) - 0.8)


def urchin(p, rng):
    result = numpy.linalg.norm(p, axis=1) - 0.3
    for _ in range(14):
        d = rng.normal(size=3)
        result = smooth_minimum(result, capsule(p, numpy.zeros(3), 0.85 * d / numpy.linalg.norm(d), 0.08, 0.05), 0.04)
    return result


def mesh(function, seed):
    nodes = numpy.linspace(-1, 1, CELLS + 1)
    points = numpy.stack(numpy.meshgrid(nodes, nodes, nodes, indexing="ij"), -1).reshape(-1, 3)
    values = function(points, numpy.random.default_rng(seed)).reshape([CELLS + 1] * 3)
    # No node exactly on the surface: marching cubes would make triangles without area.
    values = numpy.where(numpy.abs(values) < 1e-6, 1e-6, values)
    vertices, faces, _, _ = marching_cubes(numpy.pad(values, 1, constant_values=1.0), 0.0)
    result = trimesh.Trimesh((vertices - 1) * 2 / CELLS - 1, faces[:, ::-1])
    result = max(result.split(only_watertight=False), key=lambda part: part.area)
    if result.volume < 0:
        result.invert()
    return result


# ---- sections

def section(solid, normal, point):
    normal = numpy.asarray(normal, float) / numpy.linalg.norm(normal)
    cut = solid.section(plane_origin=point, plane_normal=normal)
    loops = [] if cut is None else [numpy.asarray(c)[:-1] for c in cut.discrete if len(c) > 3 and numpy.allclose(c[0], c[-1])]
    return (normal, -normal @ numpy.asarray(point, float), loops) if loops else None


def parallel(solid, axis, count):
    low, high = solid.bounds[:, axis]
    normal = numpy.eye(3)[axis]
    places = low + (high - low) * (numpy.arange(count) + 0.5) / count + 1e-4
    return [cut for place in places if (cut := section(solid, normal, normal * place))]


def mixed(solid, count, seed):
    rng = numpy.random.default_rng(seed)
    low, high = solid.bounds
    result = []
    while len(result) < count:
        direction = rng.normal(size=3)
        direction /= numpy.linalg.norm(direction)
        reach = numpy.abs((high - low) / 2 * direction).sum()
        if cut := section(solid, direction, (low + high) / 2 + direction * rng.uniform(-0.8, 0.8) * reach):
            result.append(cut)
    return result


def write(path, planes):
    lines = [f"CSLC\n{len(planes)} 1"]
    for number, (normal, offset, loops) in enumerate(planes, 1):
        points = numpy.concatenate(loops)
        lines.append(f"\n{number} {len(points)} {len(loops)} " + " ".join(f"{x:.9g}" for x in (*normal, offset)))
        lines += ["{:.6f} {:.6f} {:.6f}".format(*point) for point in points]
        start = 0
        for loop in loops:
            lines.append(f"{len(loop)} 1 " + " ".join(map(str, range(start, start + len(loop)))))
            start += len(loop)
    path.write_text("\n".join(lines) + "\n")


SETS = [
    ("blobs", blobs, "z", 12), ("bumpy", bumpy, "x", 10), ("bracket", bracket, "y", 12), ("bracket", bracket, "mixed", 14),
    ("knotbody", knot_body, "mixed", 18), ("bone", bone, "z", 12),
    ("coral", coral, "z", 24), ("spring", spring, "z", 16), ("spring", spring, "mixed", 28), ("bowl", bowl, "x", 16),
    ("sheet", sheet, "mixed", 20), ("lattice", lattice, "mixed", 26),
    ("gear", gear, "z", 9), ("torus", tilted_torus, "z", 14), ("pebbles", pebbles, "y", 8), ("torus", tilted_torus, "mixed", 16),
    ("vase", vase, "x", 18), ("ribbon", ribbon, "z", 22), ("urchin", urchin, "y", 20),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    (arguments.folder / "ref").mkdir(parents=True, exist_ok=True)
    for index, (name, function, kind, count) in enumerate(SETS):
        solid = mesh(function, arguments.seed)
        solid.export(arguments.folder / "ref" / f"{name}.ply")
        planes = mixed(solid, count, 100 * arguments.seed + index) if kind == "mixed" else parallel(solid, "xyz".index(kind), count)
        write(arguments.folder / f"{name}_{kind}.csl", planes)
        print(name, kind, len(planes), "planes", len(solid.faces), "faces, closed:", solid.is_watertight,
              "genus:", 1 - solid.euler_number // 2)


if __name__ == "__main__":
    main()
