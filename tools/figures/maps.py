#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws maps side by side, points coloured by their distance to the true surface, above cross-sections of a growing level set.

    tools/figures/maps.py OUT.png --truth GT --object OBJECT.ply [--context GROUND.ply] --growth FOLDER NAME=MODEL …

Models are brought to the frame of the truth by their camera centres alone, and seen from the side along the least extent of the
object's box in the horizontal plane. FOLDER is that of `reconstruct map --map neural --growth FOLDER`; six of its pictures are
shown. Needs numpy, pycolmap, trimesh, pillow and matplotlib.
"""
from __future__ import annotations

import argparse
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pycolmap  # noqa: E402
import trimesh  # noqa: E402
from PIL import Image  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "Benchmarks/peers"))
from true_frame import in_box, to_truth  # noqa: E402

SLICES = 6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--object", required=True)
    parser.add_argument("--context")
    parser.add_argument("--growth", type=pathlib.Path, required=True)
    parser.add_argument("models", nargs="+")
    arguments = parser.parse_args()
    truth = pycolmap.Reconstruction(arguments.truth)
    target = trimesh.load(arguments.object, process=False)
    surface = [target] + ([trimesh.load(arguments.context, process=False)] if arguments.context else [])
    surface = trimesh.util.concatenate(surface)
    diagonal = np.linalg.norm(target.extents)
    count = len(arguments.models)
    figure = plt.figure(figsize=(12, 8.2), constrained_layout=True)
    upper, lower = figure.subfigures(2, 1, height_ratios=[2.3, 1])
    for axes, entry in zip(np.atleast_1d(upper.subplots(1, count)), arguments.models):
        name, path = entry.split("=", 1)
        model = pycolmap.Reconstruction(path)
        points = to_truth(model, truth)(np.array([point.xyz for point in model.points3D.values()]))
        points = points[in_box(points, target.bounds, 0.05)]
        percent = 100 * trimesh.proximity.closest_point(surface, points)[1] / diagonal
        order = np.argsort(percent)
        drawn = axes.scatter(points[order, 0], points[order, 2], c=np.clip(percent[order], 0, 1), s=4 + 16 * (percent[order] > 1),
                             cmap="turbo", vmin=0, vmax=1, linewidths=0)
        axes.set_aspect("equal")
        axes.set_axis_off()
        axes.set_title(f"{name}: {len(points)} points, {(percent > 1).sum()} off by more than 1 %")
    upper.colorbar(drawn, ax=upper.axes, shrink=0.6, label="distance to the true surface, % of the diagonal")
    pictures = sorted(arguments.growth.glob("*.png"))
    chosen = [pictures[i] for i in np.linspace(0, len(pictures) - 1, SLICES).round().astype(int)]
    for axes, path in zip(lower.subplots(1, SLICES), chosen):
        axes.imshow(Image.open(path))
        axes.set_axis_off()
        axes.set_title(f"{int(path.stem)} photos")
    figure.savefig(arguments.output, dpi=80)
    # Few colours are in it: a palette makes the file small.
    Image.open(arguments.output).convert("RGB").quantize(160).save(arguments.output, optimize=True)


if __name__ == "__main__":
    main()
