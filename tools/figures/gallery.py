#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reconstructs every photo set that is at hand and draws what came out: docs/gallery.md and its pictures.

    tools/figures/gallery.py --data FOLDER … --work FOLDER [--score eval_surface.py] [--samples 40000]
        [--reconstruct PROGRAM] [--only NAME …] [--reuse] [--output docs]

Each FOLDER of --data holds scenes as `Benchmarks/scenes.py` knows them; subjects that are in none of them are left as they
are. With --reuse, finished reconstructions in the work folder are drawn again. Where the true mesh is known it is drawn
beside ours, in the true frame, and scored. The remarks are written by hand, in `gallery_subjects.py`, after a look at the pictures.

Needs numpy, Pillow, matplotlib, pycolmap and trimesh.
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
from gallery_subjects import INTRODUCTION, SUBJECTS, Subject
from PIL import Image
from render_meshes import draw, draw_from_camera, read_ply

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Benchmarks"), str(ROOT / "Benchmarks/peers")]
import scenes  # noqa: E402
from true_frame import Similarity, to_truth  # noqa: E402

TILE = 400  # width, in pixels
OVERSAMPLING = 2


class Result(NamedTuple):
    model: pathlib.Path
    mesh: pathlib.Path
    facts: dict


def find(folders: list[pathlib.Path], subject: Subject) -> scenes.Scene | None:
    return next((scenes.Scene((folder / subject.scene).resolve()) for folder in folders
                 if (folder / subject.scene / "images").is_dir()), None)


def photos_to_mesh(program: pathlib.Path, scene: scenes.Scene, subject: Subject, work: pathlib.Path) -> Result:
    """From photos alone, or, with poses given, from points triangulated with them."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    log = work.with_name(f"{work.name}.log")
    if not subject.known:
        cost = scenes.run([program, "images", scene.images, "-o", work, "--threads", 2, "--quiet"], log, 2)
        return Result(work / "refined/sparse/0", work / "mesh.ply", cost._asdict())
    database, model, output = work / "features", work / "model", work / "surface"
    first = [scenes.run([program, stage, *words, "-o", database, "--threads", 2, "--quiet"], log, 2)
             for stage, words in (("features", [scene.images, "--intrinsics", scene.truth / "cameras.txt"]), ("match", []))]
    scenes.run([sys.executable, ROOT / "Benchmarks/peers/exact_model.py", "--database", database / "database.db",
                "--truth", scene.truth, "--images", scene.images, "--output", model], log, 2)
    last = scenes.run([program, "surface", "--model", model, "--images", scene.images, "-o", output, "--threads", 2,
                       "--quiet"], log, 2)
    costs = [*first, last]
    total = scenes.Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), max(c.megabytes for c in costs), last.status)
    return Result(output / "refined/sparse/0", output / "mesh.ply", total._asdict())


def score(scorer: pathlib.Path, samples: int, scene: scenes.Scene, result: Result) -> dict | None:
    target, ground = scene.mesh("object"), scene.mesh("ground")
    words = [scorer, result.mesh, "--est-model", result.model, "--gt-model", scene.truth, "--ref", target,
             "--samples", samples]
    return scenes.json_of(words + (["--context", ground] if ground else []))


def camera_of(model: pycolmap.Reconstruction, image: pycolmap.Image, frame: Similarity | None, width: int):
    """Pose `[3, 4]` in the frame that is drawn, intrinsics and shape of a picture of this width; distortion is left out."""
    pose = image.cam_from_world().matrix()
    if frame is not None:
        rotation = pose[:, :3] @ frame.rotation.T
        pose = np.column_stack([rotation, frame.scale * pose[:, 3] - rotation @ frame.translation])
    camera = model.cameras[image.camera_id]
    scale = width / camera.width
    intrinsics = camera.calibration_matrix() * [[scale], [scale], [1]]
    return pose, intrinsics, (round(camera.height * scale), width)


def shrink(picture: np.ndarray) -> np.ndarray:
    height, width = (side // OVERSAMPLING * OVERSAMPLING for side in picture.shape[:2])
    cells = picture[:height, :width].reshape(height // OVERSAMPLING, OVERSAMPLING, width // OVERSAMPLING, OVERSAMPLING, 3)
    return cells.mean((1, 3))


def turned(pose: np.ndarray, degrees: tuple[float, float]) -> np.ndarray:
    """Rows right, up, towards the viewer of a camera turned about its own upward axis, then lifted."""
    a, e = np.radians(degrees)
    about = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    lift = np.array([[1, 0, 0], [0, np.cos(e), -np.sin(e)], [0, np.sin(e), np.cos(e)]])
    return lift @ about @ (pose[:, :3] * [[1], [-1], [-1]])


def picture(subject: Subject, scene: scenes.Scene, result: Result) -> Image.Image:
    """One row for each photo (photo, truth if any, ours, ours in colours), and one of views from elsewhere."""
    model = pycolmap.Reconstruction(result.model)
    target = scene.mesh("object")
    frame = to_truth(model, pycolmap.Reconstruction(scene.truth)) if target else None
    positions, faces, colors = read_ply(result.mesh)
    if frame is not None:
        positions = frame(positions)
    images = sorted((image for image in model.images.values() if image.has_pose), key=lambda image: image.name)
    rows = []
    for share in subject.photos:
        image = images[min(int(share * len(images)), len(images) - 1)]
        pose, intrinsics, shape = camera_of(model, image, frame, TILE * OVERSAMPLING)
        photo = Image.open(scene.images / image.name).convert("RGB").resize((TILE, shape[0] // OVERSAMPLING))
        row = [np.asarray(photo) / 255]
        if target:
            truth = whole_truth(scene)
            row.append(shrink(draw_from_camera(*truth, None, pose, intrinsics, shape)))
        row += [shrink(draw_from_camera(positions, faces, tint, pose, intrinsics, shape)) for tint in (None, colors)]
        rows.append(row)
    if subject.turns:
        columns = len(rows[0])
        pose = camera_of(model, images[min(int(subject.photos[0] * len(images)), len(images) - 1)], frame, TILE)[0]
        low, high = np.quantile(positions, [0.002, 0.998], axis=0)
        # A few far vertices must not shrink the picture to nothing; what is cut off here is seen from the cameras above.
        margin = 0.05 * np.linalg.norm(high - low)
        inside = ((positions > low - margin) & (positions < high + margin)).all(1)
        near = faces[inside[faces].all(1)]
        used, compact = np.unique(near, return_inverse=True)
        rows.append([shrink(draw(positions[used], compact.reshape(-1, 3), None, turned(pose, turn), TILE * OVERSAMPLING))
                     for turn in subject.turns[:columns]])
    blank = np.ones((1, TILE, 3))
    filled = [row + [blank] * (max(map(len, rows)) - len(row)) for row in rows]
    return Image.fromarray((255 * np.concatenate([level(row) for row in filled])).clip(0, 255).astype(np.uint8))


def whole_truth(scene: scenes.Scene) -> tuple[np.ndarray, np.ndarray]:
    import trimesh

    parts = [trimesh.load(path, process=False) for kind in ("object", "ground") if (path := scene.mesh(kind))]
    mesh = trimesh.util.concatenate(parts)
    # Faces that reach behind the camera are left out as a whole: the ground is cut into small ones.
    vertices, faces = trimesh.remesh.subdivide_to_size(mesh.vertices, mesh.faces, max(mesh.extents) / 20, max_iter=20)
    return np.asarray(vertices), np.asarray(faces)


def level(row: list[np.ndarray]) -> np.ndarray:
    height = max(tile.shape[0] for tile in row)
    padded = [np.pad(tile, ((0, height - tile.shape[0]), (0, 0), (0, 0)), constant_values=1) for tile in row]
    return np.concatenate(padded, axis=1)


def section(subject: Subject, facts: dict, name: str | None) -> str:
    command = (f"reconstruct surface --model POSES --images {subject.scene}/images" if subject.known
               else f"reconstruct images {subject.scene}/images")
    numbers = [f"`{command} -o OUT`: {facts['wall']:.0f} s wall, {facts['cpu']:.0f} s CPU, {facts['megabytes']:.0f} MB"]
    if name is None:
        numbers.append(f"status {facts['status']}, no mesh")
    if facts.get("photos"):
        numbers.append(f"{facts['photos']} photos")
    if facts.get("f"):
        numbers.append("F " + " / ".join(f"{value:.3f}" for value in facts["f"]) + " at 0.25 / 0.5 / 1 % of the diagonal, normal "
                       f"consistency {facts['normals']:.3f}")
    text = f"## {subject.title}\n\n" + "; ".join(numbers) + ".\n\n"
    if name is not None:
        text += f"![{subject.title}](images/{name})\n\n"
    return text + subject.remark.strip() + "\n"


def save(drawn: Image.Image, path: pathlib.Path, limit: int = 195_000) -> None:
    for quality in (88, 80, 72, 64, 50):
        drawn.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= limit:
            return


def obtain(arguments: argparse.Namespace, scene: scenes.Scene, subject: Subject) -> Result:
    """The finished reconstruction of an earlier run, or a new one with its score."""
    noted = arguments.work / f"{subject.name}.json"
    if arguments.reuse and noted.is_file():
        facts = json.loads(noted.read_text())
        return Result(pathlib.Path(facts["model"]), pathlib.Path(facts["mesh"]), facts)
    result = photos_to_mesh(arguments.reconstruct.resolve(), scene, subject, arguments.work / subject.name)
    facts = result.facts
    facts.update(model=str(result.model), mesh=str(result.mesh))
    if result.mesh.is_file():
        registered = sum(image.has_pose for image in pycolmap.Reconstruction(result.model).images.values())
        facts["photos"] = f"{registered} of {len(list(scene.images.iterdir()))}"
        values = score(arguments.score, arguments.samples, scene, result) if arguments.score and scene.mesh("object") else None
        if values:
            facts.update(f=[values[f"t{bound}"]["f"] for bound in ("0.25", "0.5", "1")], normals=values["normal_consistency"],
                         score=values)
    noted.write_text(json.dumps(facts))
    return result


def write_page(work: pathlib.Path, output: pathlib.Path) -> None:
    """After every subject: what is finished can be looked at, and an interrupted run loses nothing."""
    sections = [path.read_text() for subject in SUBJECTS if (path := work / f"{subject.name}.md").is_file()]
    (output / "gallery.md").write_text("\n".join([INTRODUCTION.strip() + "\n", *sections]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--score", type=pathlib.Path)
    parser.add_argument("--samples", type=int, default=40_000)
    parser.add_argument("--reconstruct", type=pathlib.Path, default=scenes.RECONSTRUCT)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    (arguments.output / "images").mkdir(parents=True, exist_ok=True)
    for subject in SUBJECTS:
        scene = find(arguments.data, subject)
        if scene is None or arguments.only and subject.name not in arguments.only:
            continue
        result = obtain(arguments, scene, subject)
        name = f"gallery-{subject.name}.jpg" if result.mesh.is_file() else None
        if name is not None:
            save(picture(subject, scene, result), arguments.output / "images" / name)
        (arguments.work / f"{subject.name}.md").write_text(section(subject, result.facts, name))
        print(subject.name, {key: value for key, value in result.facts.items() if key != "score"}, flush=True)
        write_page(arguments.work, arguments.output)


if __name__ == "__main__":
    main()
