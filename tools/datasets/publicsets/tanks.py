# SPDX-License-Identifier: Apache-2.0
"""Tanks and Temples, one training scene.

    Barn/Barn_COLMAP_SfM.log    (a line `i j 0` and a 4 × 4 world-from-camera matrix for each photo)
    Barn/Barn_trans.txt         (4 × 4 similarity from the world of the log to that of the scan)
    Barn/Barn.ply               (laser scan, m)
    Barn/Barn.json              (the volume that counts)
    Barn/images/000001.jpg …    (or the photos beside the log)

There are no intrinsics in it.
"""
from __future__ import annotations

import json
import pathlib

from . import linear, pictures, text
from .errors import DatasetError
from .linear import Matrix, Vector
from .scene import Camera, CropVolume, Options, Reference, ReferencePart, Scene, Source, View, rigid

SOURCE = Source(
    "Tanks and Temples", "see the page \"License\" of its site",
    "A. Knapitsch, J. Park, Q.-Y. Zhou, V. Koltun: Tanks and Temples: Benchmarking Large-Scale Scene Reconstruction. "
    "ACM Transactions on Graphics 36(4), 2017.")


def read(folder: pathlib.Path, options: Options) -> Scene:
    logs = sorted(folder.glob("*_COLMAP_SfM.log"))
    if len(logs) != 1:
        raise DatasetError(f"{folder}: {len(logs)} files *_COLMAP_SfM.log, one is expected. Give the folder of one scene.")
    name = logs[0].name.removesuffix("_COLMAP_SfM.log")
    photos = pictures.listed(folder / "images" if (folder / "images").is_dir() else folder)
    entries = _log(logs[0])
    if len(entries) != len(photos):
        raise DatasetError(f"{logs[0]} has {len(entries)} entries for {len(photos)} photos; they belong together by their order, "
                           "so give the official image set, whole.")
    scale, turn, offset = _similarity(folder / f"{name}_trans.txt")
    views = []
    for photo, pose in zip(photos, entries):
        if pose is None:
            continue
        camera_in_log, center = pose
        rotation = linear.product(linear.transpose(camera_in_log), linear.transpose(turn))
        center = linear.added(linear.scaled(linear.apply(turn, center), scale), offset)
        translation = linear.scaled(linear.apply(rotation, center), -1)
        views.append(View(photo.name, photo, _camera(pictures.size(photo), options.focal), rotation, translation))
    if not views:
        raise DatasetError(f"{logs[0]}: no photo has a pose.")
    scene = Scene(name, views, "m", has_intrinsics=options.focal is not None)
    scene.notes.append("The poses were themselves found by structure from motion (COLMAP): agreement is the best there can be.")
    if options.focal is None:
        scene.notes.append("There are no intrinsics; those of truth/cameras.txt are a guess. --focal gives them.")
    if len(views) < len(photos):
        scene.notes.append(f"{len(photos) - len(views)} photos have no true pose.")
    points, volume = folder / f"{name}.ply", folder / f"{name}.json"
    if points.is_file():
        crop = _crop(volume) if volume.is_file() else None
        scene.reference = Reference("points", [ReferencePart(points)], crop)
        scene.notes.append("Poses align the mesh; the official evaluation refines that by ICP.")
        if crop is None:
            scene.notes.append(f"No {volume.name}: the whole scan counts, with its surroundings.")
    else:
        scene.notes.append(f"No {points.name}: only poses can be evaluated.")
    return scene


def _camera(size: tuple[int, int], focal: float | None) -> Camera:
    """In the middle of the photo; without a focal length, COLMAP's guess of 1.2 times the longer side."""
    f = focal or 1.2 * max(size)
    return Camera(*size, (f, f, size[0] / 2, size[1] / 2))


def _log(path: pathlib.Path) -> list[tuple[Matrix, Vector] | None]:
    """Rotation world-from-camera and centre of each photo in order; nothing where the log marks it as unregistered."""
    rows = text.lines(path)
    if len(rows) % 5:
        raise rows[-1].error(f"{len(rows)} lines; each photo has five.")
    entries: list[tuple[Matrix, Vector] | None] = []
    for start in range(0, len(rows), 5):
        head = rows[start].numbers(3)
        if head[0] != len(entries):
            raise rows[start].error(f"photo {len(entries)} is expected, this is {head[0]:g}.")
        matrix = text.matrix(rows[start + 1:start + 5], 4)
        if matrix[3] != [0, 0, 0, 1]:
            raise rows[start + 4].error("the last row of a pose is not 0 0 0 1.")
        if head[1] < 0:
            entries.append(None)
            continue
        where = f"{path}:{rows[start + 1].number}"
        entries.append((rigid([row[:3] for row in matrix[:3]], where), [row[3] for row in matrix[:3]]))
    return entries


def _similarity(path: pathlib.Path) -> tuple[float, Matrix, Vector]:
    if not path.is_file():
        raise DatasetError(f"{path} is missing: it relates the poses to the scan.")
    rows = text.lines(path)
    if len(rows) != 4:
        raise DatasetError(f"{path}: 4 rows of a matrix are expected, {len(rows)} are here.")
    values = text.matrix(rows, 4)
    if values[3] != [0, 0, 0, 1]:
        raise rows[3].error("the last row of the similarity is not 0 0 0 1.")
    determinant = linear.determinant([row[:3] for row in values[:3]])
    if determinant <= 0:
        raise DatasetError(f"{path}: mirrors or is singular.")
    scale = determinant ** (1 / 3)
    turn = rigid([linear.scaled(row[:3], 1 / scale) for row in values[:3]], f"{path}:{rows[0].number}")
    return scale, turn, [row[3] for row in values[:3]]


def _crop(path: pathlib.Path) -> CropVolume:
    try:
        content = json.loads(text.read(path))
        axis = "XYZ".index(str(content["orthogonal_axis"]).upper())
        low, high = float(content["axis_min"]), float(content["axis_max"])
        corners = [[float(value) for value in corner] for corner in content["bounding_polygon"]]
        polygon = [tuple(corner[i] for i in range(3) if i != axis) for corner in corners]
    except (KeyError, ValueError, TypeError, IndexError, RecursionError) as error:
        raise DatasetError(f"{path}: not a SelectionPolygonVolume of Open3D ({type(error).__name__}: {error}).") from None
    if len(polygon) < 3:
        raise DatasetError(f"{path}: a polygon of {len(polygon)} corners.")
    return CropVolume(axis, low, high, polygon)
