#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Leaves photos out of the surface and asks whether it explains what they show.

    Benchmarks/left_out.py --work FOLDER [--count 3] [--reconstruct PROGRAM] [--threads 2] SCENE … [-- FLAGS …]

FOLDER/SCENE/ours holds a finished workspace (of `photos.py`, or of `reconstruct images`). For each of some photos, spread
evenly: the photo and its observations are removed from the model, a surface is fitted to the rest, rays are cast from the
left-out camera through its keypoints, and the hits are projected into the photos that the keypoints were matched with. A
match is explained when that is within 2 px of its keypoint there, measured at the size at which features were sought: the
photo's own, but at most 1600 px. Keypoints whose ray hits nothing are not explained. The poses are those found with all
photos.

Matches are the verified ones of the database: wrong ones among them, which no surface can explain, show in the share that the
two poses themselves allow (distance to the epipolar line within 2 px).

Needs pycolmap, numpy, trimesh and embreex.
"""
from __future__ import annotations

import argparse
import pathlib
import shutil
import sys
from typing import NamedTuple

import numpy as np
import pycolmap
import trimesh
from trimesh.ray.ray_pyembree import RayMeshIntersector

from scenes import RECONSTRUCT, Scene, run

WORKING_SIZE = 1600
BOUND = 2.0


class Outcome(NamedTuple):
    matches: int
    explained: int
    without_hit: int
    possible: int
    errors: np.ndarray  # pixels, of matches with a hit

    def cells(self) -> list[str]:
        share = (lambda count: f"{count / self.matches:.3f}" if self.matches else "")
        median = f"{np.median(self.errors):.2f}" if len(self.errors) else ""
        return [str(self.matches), share(self.explained), share(self.without_hit), share(self.possible), median]


def without(model: pycolmap.Reconstruction, image_id: int, folder: pathlib.Path) -> None:
    rest = pycolmap.Reconstruction(model)
    rest.deregister_frame(rest.images[image_id].frame_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rest.write(folder)


def first_hits(mesh: trimesh.Trimesh, origin: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """`[n, 3]`, NaN where a ray hits nothing."""
    # Embree computes in single precision: the scene is brought to the origin and to unit size.
    center, scale = mesh.bounds.mean(0), 1 / np.linalg.norm(mesh.extents)
    caster = RayMeshIntersector(trimesh.Trimesh((mesh.vertices - center) * scale, mesh.faces, process=False), scale_to_box=False)
    start = np.tile((origin - center) * scale, (len(directions), 1))
    faces = caster.intersects_first(start, directions)
    corners = mesh.triangles[np.maximum(faces, 0)]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    along = (normals * directions).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = (normals * (corners[:, 0] - origin)).sum(1) / along
    hits = origin + distance[:, None] * directions
    hits[(faces < 0) | (along == 0)] = np.nan
    return hits


def project(image: pycolmap.Image, camera: pycolmap.Camera, points: np.ndarray) -> np.ndarray:
    """Pixels `[n, 2]`, NaN behind the camera."""
    pose = image.cam_from_world().matrix()
    local = points @ pose[:, :3].T + pose[:, 3]
    pixels = np.full((len(points), 2), np.nan)
    front = local[:, 2] > 0
    if front.any():
        pixels[front] = camera.img_from_cam(local[front])
    return pixels


def epipolar_distances(from_image: pycolmap.Image, to_image: pycolmap.Image, rays: np.ndarray, other_rays: np.ndarray,
                       focal_length: float) -> np.ndarray:
    """Of rays `[n, 3]` with z = 1 in camera coordinates: in pixels of the second image."""
    motion = (to_image.cam_from_world() * from_image.cam_from_world().inverse()).matrix()
    lines = np.cross(motion[:, 3], rays @ motion[:, :3].T)
    return focal_length * np.abs((lines * other_rays).sum(1)) / np.maximum(np.linalg.norm(lines[:, :2], axis=1), 1e-12)


def examine(mesh: trimesh.Trimesh, model: pycolmap.Reconstruction, database: pathlib.Path, left_out: int) -> Outcome:
    image = model.images[left_out]
    camera = model.cameras[image.camera_id]
    pose = image.cam_from_world().matrix()
    with pycolmap.Database.open(database) as store:
        keypoints = store.read_keypoints(left_out)[:, :2].astype(float)
        others = [other for other in sorted(model.images) if other != left_out and model.images[other].has_pose
                  and store.exists_two_view_geometry(left_out, other)]
        pairs = [(other, np.asarray(store.read_two_view_geometry(left_out, other).inlier_matches),
                  store.read_keypoints(other)[:, :2].astype(float)) for other in others]
    rays = np.column_stack([camera.cam_from_img(keypoints), np.ones(len(keypoints))])
    directions = rays @ pose[:, :3]
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    hits = first_hits(mesh, image.projection_center(), directions)
    matches = explained = without_hit = possible = 0
    errors: list[np.ndarray] = []
    for other, indices, theirs in pairs:
        if not len(indices):
            continue
        other_image = model.images[other]
        other_camera = model.cameras[other_image.camera_id]
        scale = min(1, WORKING_SIZE / max(other_camera.width, other_camera.height))
        target = theirs[indices[:, 1]]
        error = scale * np.linalg.norm(project(other_image, other_camera, hits[indices[:, 0]]) - target, axis=1)
        other_rays = np.column_stack([other_camera.cam_from_img(target), np.ones(len(target))])
        line = scale * epipolar_distances(image, other_image, rays[indices[:, 0]], other_rays, other_camera.mean_focal_length())
        matches += len(indices)
        explained += int((error <= BOUND).sum())
        without_hit += int(np.isnan(error).sum())
        possible += int((line <= BOUND).sum())
        errors.append(error[~np.isnan(error)])
    return Outcome(matches, explained, without_hit, possible, np.concatenate(errors) if errors else np.zeros(0))


def main() -> None:
    own = sys.argv[1:]
    cut = own.index("--") if "--" in own else len(own)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reconstruct", type=pathlib.Path, default=RECONSTRUCT)
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args(own[:cut])
    flags = own[cut + 1:]

    print("| scene | left out | matches | explained | no hit | possible | median error px | s wall | s CPU |\n" + "|---" * 9 + "|")
    for folder in arguments.scenes:
        scene = Scene(folder.resolve())
        workspace = arguments.work / scene.name / "ours"
        # The rest keeps these poses, so that the left-out one still belongs to them.
        model = pycolmap.Reconstruction(refined if (refined := workspace / "refined/sparse/0").is_dir() else workspace / "sparse/0")
        ordered = sorted((image for image in model.images.values() if image.has_pose), key=lambda image: image.name)
        count = min(arguments.count, len(ordered))
        total = Outcome(0, 0, 0, 0, np.zeros(0))
        for number in range(count):
            image = ordered[int((number + 0.5) * len(ordered) / count)]
            rest = arguments.work / scene.name / f"left-out-{number}"
            shutil.rmtree(rest, ignore_errors=True)
            without(model, image.image_id, rest / "model")
            output = rest / "surface"
            cost = run([arguments.reconstruct, "surface", "--model", rest / "model", "--images", scene.images, "-o", output,
                        "--no-refine-poses", "--threads", arguments.threads, "--quiet", *flags], rest / "surface.log", arguments.threads)
            if cost.status != 0 or not (output / "mesh.ply").is_file():
                print(f"{scene.name} without {image.name}: status {cost.status}; see {rest / 'surface.log'}", file=sys.stderr)
                continue
            mesh = trimesh.load(output / "mesh.ply", process=False)
            outcome = examine(mesh, model, workspace / "database.db", image.image_id)
            total = Outcome(*(a + b for a, b in zip(total[:4], outcome[:4])), np.concatenate([total.errors, outcome.errors]))
            print("| " + " | ".join([scene.name, image.name, *outcome.cells(), f"{cost.wall:.1f}", f"{cost.cpu:.1f}"]) + " |",
                  flush=True)
        print("| " + " | ".join([scene.name, "all", *total.cells(), "", ""]) + " |", flush=True)


if __name__ == "__main__":
    main()
