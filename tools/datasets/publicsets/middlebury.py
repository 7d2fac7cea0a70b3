# SPDX-License-Identifier: Apache-2.0
"""Middlebury's multi-view sets: dino, temple, and their Ring and SparseRing parts.

    dinoRing/dinoR_par.txt      (the number of photos, then: NAME k11 … k33 r11 … r33 t1 t2 t3; P = K (R | t))
    dinoRing/dinoR0001.png …

The true meshes are held back by the authors, who evaluate meshes that are sent to them.
"""
from __future__ import annotations

import pathlib

from . import pictures, text
from .errors import DatasetError
from .linear import Matrix
from .scene import Options, Scene, Source, View, pinhole, rigid

SOURCE = Source(
    "Middlebury multi-view", "no licence stated; offered for evaluation",
    "S. M. Seitz, B. Curless, J. Diebel, D. Scharstein, R. Szeliski: A Comparison and Evaluation of Multi-View Stereo "
    "Reconstruction Algorithms. CVPR 2006.")


def read(folder: pathlib.Path, options: Options) -> Scene:
    files = sorted(folder.glob("*_par.txt"))
    if len(files) != 1:
        raise DatasetError(f"{folder}: {len(files)} files *_par.txt, one is expected.")
    rows = text.lines(files[0])
    count = rows[0].numbers(1)[0] if rows else 0
    if count != len(rows) - 1 or count < 1:
        raise DatasetError(f"{files[0]}: {count:g} photos are announced, {max(0, len(rows) - 1)} lines follow.")
    views = []
    for row in rows[1:]:
        name, *words = row.text.split()
        values = row.numbers(21, words)
        photo = folder / name
        if pathlib.PurePath(name).name != name or not photo.is_file():
            raise row.error(f"no photo {name[:60]} beside the file.")
        k, r = _square(values[:9]), _square(values[9:18])
        where = f"{row.path}:{row.number}"
        # Pixel centres are whole numbers in it.
        views.append(View(name, photo, pinhole(k, pictures.size(photo), 0.5, where), rigid(r, where), values[18:]))
    scene = Scene(folder.resolve().name, views, "m")
    scene.notes.append("There is no public reference mesh: only poses can be evaluated.")
    return scene


def _square(values: list[float]) -> Matrix:
    return [values[0:3], values[3:6], values[6:9]]
