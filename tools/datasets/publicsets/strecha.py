# SPDX-License-Identifier: Apache-2.0
"""Strecha's benchmark: fountain-P11, entry-P10, Herz-Jesu-P8 and P25, castle-P19 and P30.

Any folders: `NAME.camera` belongs to the photo NAME, which is looked for in the whole folder. As in the authors' downloads
(`*_dense/images`, `*_dense/urd` …) and in collections (`images/`, `gt_dense_cameras/`). A camera file has

    K (3 rows), three zeros (distortion), R (3 rows), the centre C, width and height of the photo,

with the columns of R being the axes of the camera: P = K (Rᵀ | -Rᵀ C). One PLY file in the folder is the laser-scanned mesh.
"""
from __future__ import annotations

import pathlib

from . import linear, pictures, text
from .errors import DatasetError
from .scene import Options, Reference, ReferencePart, Scene, Source, View, pinhole, rigid

SOURCE = Source(
    "Strecha multi-view", "no licence stated; offered for evaluation",
    "C. Strecha, W. von Hansen, L. Van Gool, P. Fua, U. Thoennessen: On Benchmarking Camera Calibration and Multi-View Stereo "
    "for High Resolution Imagery. CVPR 2008.")


def read(folder: pathlib.Path, options: Options) -> Scene:
    files = sorted(folder.rglob("*.camera"))
    if not files:
        raise DatasetError(f"{folder}: no files *.camera (0000.png.camera …) in it or below it.")
    if len({path.name for path in files}) < len(files):
        raise DatasetError(f"{folder}: several files *.camera of one name. Give the folder of one scene.")
    photos: dict[str, list[pathlib.Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in pictures.ENDINGS and path.is_file():
            photos.setdefault(path.name, []).append(path)
    views = []
    for path in files:
        found = photos.get(path.name.removesuffix(".camera"), [])
        if len(found) != 1:
            raise DatasetError(f"{path}: {len(found)} photos {path.name.removesuffix('.camera')} in {folder}, one is expected"
                               " (JPEG or PNG).")
        views.append(_view(path, found[0]))
    scene = Scene(folder.resolve().name, views, "m")
    meshes = sorted(folder.rglob("*.ply"))
    if len(meshes) == 1:
        scene.reference = Reference("mesh", [ReferencePart(meshes[0])])
    else:
        scene.notes.append(f"{len(meshes)} PLY files, the true mesh would be one: only poses can be evaluated.")
    return scene


def _view(path: pathlib.Path, photo: pathlib.Path) -> View:
    rows = text.lines(path)
    if len(rows) != 9:
        raise DatasetError(f"{path}: 9 lines are expected (K, distortion, R, centre, size), {len(rows)} are here.")
    if any(rows[3].numbers()):
        raise rows[3].error("distortion is not supported.")
    if (size := pictures.size(photo)) != tuple(rows[8].numbers(2)):
        raise rows[8].error(f"{photo} has {size[0]} × {size[1]} pixels. Scaled photos need scaled cameras.")
    rotation = linear.transpose(rigid(text.matrix(rows[4:7], 3), f"{path}:{rows[4].number}"))
    translation = linear.scaled(linear.apply(rotation, rows[7].numbers(3)), -1)
    # Pixel centres are whole numbers in it.
    return View(photo.name, photo, pinhole(text.matrix(rows[:3], 3), size, 0.5, str(path)), rotation, translation)
