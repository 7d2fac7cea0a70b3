#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Leaves photos out of a surface and its radiance field and compares what the field shows of them.

    Benchmarks/radiance.py --work FOLDER [--every 8] [--size N] [--reconstruct PROGRAM] [--threads 2] SCENE … [-- FLAGS …]

FOLDER/SCENE/ours holds a finished workspace (of `photos.py`, or of `reconstruct images`). Every k-th photo, from the first on,
is removed from its model with all observations; a surface and a radiance field are made of the rest, and drawn from the cameras
that were left out. The poses are those found with all photos. FLAGS go to `reconstruct radiance`.

PSNR and SSIM (shades of grey, windows of 7 × 7) compare a drawing with its photo, freed of distortion. Depth is compared with
the true meshes where both the field and a mesh are met: the drawn surface points are brought to the true frame by the similarity
that best fits the camera centres, and the difference along the optical axis is given as a share of the true depth. PSNR of the
object compares only the pixels that see the true `object`.

Needs pycolmap, numpy, scipy, pillow, trimesh and embreex.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import sys
from typing import NamedTuple

import numpy as np
import pycolmap
import trimesh
from PIL import Image
from scipy.ndimage import uniform_filter
from trimesh.ray.ray_pyembree import RayMeshIntersector

from scenes import RECONSTRUCT, Scene, run


class View(NamedTuple):
    psnr: float
    object_psnr: float
    ssim: float
    depth_errors: np.ndarray  # shares of the true depth


def split(model: pycolmap.Reconstruction, every: int, rest: pathlib.Path, left: pathlib.Path) -> int:
    """Writes the model without every k-th image, and the model of these images alone; returns their number."""
    ordered = sorted((image for image in model.images.values() if image.has_pose), key=lambda image: image.name)
    for folder, is_left in ((rest, False), (left, True)):
        part = pycolmap.Reconstruction(model)
        for number, image in enumerate(ordered):
            if (number % every == 0) != is_left:
                part.deregister_frame(part.images[image.image_id].frame_id)
        folder.mkdir(parents=True)
        part.write(folder)
    return len(ordered[::every])


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation and translation that take `source` `[n, 3]` to `target` (Umeyama 1991)."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, d, vt = np.linalg.svd(b.T @ a)
    signs = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * signs) @ vt
    scale = (d * signs).sum() / (a * a).sum()
    return scale, rotation, target.mean(0) - scale * rotation @ source.mean(0)


class TrueDepth:
    """Rays cast at the true meshes."""

    def __init__(self, scene: Scene) -> None:
        object_mesh, ground = (trimesh.load(path, process=False) if path else None
                               for path in (scene.mesh("object"), scene.mesh("ground")))
        self.object_faces = len(object_mesh.faces)
        self.mesh = trimesh.util.concatenate([object_mesh, ground]) if ground is not None else object_mesh
        # Embree computes in single precision: the scene is brought to the origin and to unit size.
        self.center, self.scale = self.mesh.bounds.mean(0), 1 / np.linalg.norm(self.mesh.extents)
        self.caster = RayMeshIntersector(
            trimesh.Trimesh((self.mesh.vertices - self.center) * self.scale, self.mesh.faces, process=False), scale_to_box=False)

    def cast(self, origin: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distances in lengths of the directions, NaN without a hit; and whether the object is hit."""
        faces = self.caster.intersects_first(np.tile((origin - self.center) * self.scale, (len(directions), 1)), directions)
        corners = self.mesh.triangles[np.maximum(faces, 0)]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        with np.errstate(divide="ignore", invalid="ignore"):
            distances = (normals * (corners[:, 0] - origin)).sum(1) / (normals * directions).sum(1)
        distances[faces < 0] = np.nan
        return distances, (faces >= 0) & (faces < self.object_faces)


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Of two grey pictures (Wang et al. 2004), windows within the picture."""
    mean = lambda values: uniform_filter(values, 7)[3:-3, 3:-3]
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


def psnr(squares: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(squares.mean(), 1e-6))) if squares.size else float("nan")


def examine(image: pycolmap.Image, camera: pycolmap.Camera, photo: pathlib.Path, drawings: pathlib.Path, depth_scale: float,
            truth: TrueDepth | None, frame: tuple[float, np.ndarray, np.ndarray] | None) -> View:
    drawn = np.asarray(Image.open(drawings / f"{image.name.replace('/', '_')}.color.png").convert("RGB")).astype(float)
    height, width = drawn.shape[:2]
    size = (camera.width, camera.height)
    # The drawing is a pinhole camera's: each of its pixels is looked up in the photo.
    camera.rescale(width, height)
    shown = np.asarray(Image.open(photo).convert("RGB").resize((width, height), Image.Resampling.BOX)).astype(float)
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    rays = np.stack([(columns - camera.principal_point_x) / camera.focal_length_x,
                     (rows - camera.principal_point_y) / camera.focal_length_y, np.ones_like(rows)], axis=-1).reshape(-1, 3)
    places = camera.img_from_cam(rays)
    counts = np.ones(len(rays), bool)
    if np.abs(places - np.column_stack([columns.ravel(), rows.ravel()])).max() > 0.01:
        places -= 0.5
        counts = ((places >= 0) & (places <= [width - 1, height - 1])).all(1)
        corner = np.clip(np.floor(places).astype(int), 0, [width - 2, height - 2])
        share = (places - corner)[:, :, None]
        at = lambda dx, dy: shown[corner[:, 1] + dy, corner[:, 0] + dx]
        upper, lower = (at(0, d) * (1 - share[:, 0]) + at(1, d) * share[:, 0] for d in (0, 1))
        shown = (upper * (1 - share[:, 1]) + lower * share[:, 1]).reshape(height, width, 3)
    camera.rescale(*size)
    squares = ((drawn - shown) ** 2).mean(2).ravel()
    grey = np.array([0.299, 0.587, 0.114])
    errors, is_object = np.zeros(0), np.zeros(len(rays), bool)
    if truth is not None and frame is not None:
        scale, rotation, translation = frame
        pose = image.cam_from_world().matrix()
        directions = rays @ pose[:, :3] @ rotation.T
        true, is_object = truth.cast(scale * rotation @ image.projection_center() + translation, directions)
        depth = scale * np.asarray(Image.open(drawings / f"{image.name.replace('/', '_')}.depth.png")).astype(float).ravel() / depth_scale
        # Rays to the rims meet different things by a hair's breadth.
        known = np.isfinite(true) & (depth > 0)
        errors = np.abs(depth[known] - true[known]) / true[known]
        is_object &= known
    return View(psnr(squares[counts]), psnr(squares[counts & is_object]), ssim(drawn @ grey, shown @ grey), errors)


def main() -> None:
    own = sys.argv[1:]
    cut = own.index("--") if "--" in own else len(own)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--every", type=int, default=8)
    parser.add_argument("--size", type=int, default=640, help="longer side of the drawings in pixels (default 640)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reconstruct", type=pathlib.Path, default=RECONSTRUCT)
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args(own[:cut])
    flags = own[cut + 1:]
    threads = ["--threads", arguments.threads, "--quiet"]

    print("| scene | left out | PSNR dB | PSNR object dB | SSIM | median depth error % | abs(abs(∇f) − 1) | s wall | MB |\n" + "|---" * 9 + "|")
    for folder in arguments.scenes:
        scene = Scene(folder.resolve())
        workspace = arguments.work / scene.name / "ours"
        # The rest keeps these poses, so that the left-out ones still belong to them.
        model = pycolmap.Reconstruction(refined if (refined := workspace / "refined/sparse/0").is_dir() else workspace / "sparse/0")
        base = arguments.work / scene.name / "radiance"
        shutil.rmtree(base, ignore_errors=True)
        split(model, arguments.every, base / "rest", base / "left")
        output, log = base / "field", base / "log.txt"
        commands = [
            [arguments.reconstruct, "surface", "--model", base / "rest", "--images", scene.images, "-o", output,
             "--no-refine-poses", *threads],
            [arguments.reconstruct, "radiance", "-o", output, *threads, *flags],
        ]
        costs = [run(command, log, arguments.threads) for command in commands]
        truth_model = pycolmap.Reconstruction(scene.truth)
        centers = {image.name: image.projection_center() for image in truth_model.images.values()}
        pairs = [(image.projection_center(), centers[image.name]) for image in model.images.values()
                 if image.has_pose and image.name in centers]
        frame = similarity(*(np.array(side) for side in zip(*pairs))) if len(pairs) >= 3 else None
        # 16 bits for depths up to twice the distance of the farthest camera from the points' middle.
        middle = np.median([point.xyz for point in model.points3D.values()], axis=0)
        reach = max(np.linalg.norm(image.projection_center() - middle) for image in model.images.values() if image.has_pose)
        depth_scale = 65535 / (4 * reach)
        costs.append(run([arguments.reconstruct, "render", output, "--path", base / "left", "-o", base / "drawings", "--kind", "color",
                          "--kind", "depth", "--kind", "normal", "--size", arguments.size, "--depth-scale", depth_scale, *threads],
                         log, arguments.threads))
        if any(cost.status for cost in costs):
            print(f"{scene.name}: status {[cost.status for cost in costs]}; see {log}", file=sys.stderr)
            continue
        report = json.loads((output / "field/radiance.json").read_text())
        truth = TrueDepth(scene) if scene.mesh("object") else None
        left = pycolmap.Reconstruction(base / "left")
        views = {}
        for image in sorted(left.images.values(), key=lambda image: image.name):
            if image.has_pose:
                views[image.name] = examine(image, left.cameras[image.camera_id], scene.images / image.name, base / "drawings",
                                            depth_scale, truth, frame)
        cells = (lambda view: [f"{view.psnr:.2f}", f"{view.object_psnr:.2f}", f"{view.ssim:.3f}",
                               f"{100 * np.median(view.depth_errors):.3f}" if len(view.depth_errors) else ""])
        for name, view in views.items():
            print("| " + " | ".join([scene.name, name, *cells(view), "", "", ""]) + " |")
        mean = View(*(float(np.mean([view[i] for view in views.values()])) for i in range(3)),
                    np.concatenate([view.depth_errors for view in views.values()]))
        print("| " + " | ".join([scene.name, "all", *cells(mean), f"{report['gradientError']:.3f}", f"{costs[1].wall:.1f}",
                                 f"{costs[1].megabytes:.0f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
