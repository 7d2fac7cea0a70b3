# SPDX-License-Identifier: Apache-2.0
"""The camera files of MVSNet, which DTU and BlendedMVS are handed around with.

    extrinsic        E: x_camera = R x_world + t, 4 × 4
    intrinsic        K, 3 × 3
    DEPTH_MIN DEPTH_INTERVAL [DEPTH_NUM DEPTH_MAX]
"""
from __future__ import annotations

import pathlib
import re
from typing import Callable

from . import pictures, text
from .errors import DatasetError
from .linear import Matrix, Vector
from .scene import View, pinhole, rigid


def read(path: pathlib.Path) -> tuple[Matrix, Matrix, Vector]:
    """K, R and t of one `NNNNNNNN_cam.txt`. Depth ranges are not used: in some files of BlendedMVS they make no sense."""
    rows = text.lines(path)
    if len(rows) < 9 or rows[0].text != "extrinsic" or rows[5].text != "intrinsic":
        raise DatasetError(f"{path}: not a camera file of MVSNet (extrinsic, 4 rows, intrinsic, 3 rows).")
    extrinsic = text.matrix(rows[1:5], 4)
    if extrinsic[3] != [0, 0, 0, 1]:
        raise rows[4].error("the last row of the extrinsic matrix is not 0 0 0 1.")
    rotation = rigid([row[:3] for row in extrinsic[:3]], f"{path}:{rows[1].number}")
    return text.matrix(rows[6:9], 3), rotation, [row[3] for row in extrinsic[:3]]


def views(photos: pathlib.Path, cameras: pathlib.Path, shift: Callable[[Matrix], float], notes: list[str]) -> list[View]:
    """The photos `NNNNNNNN.jpg` (or PNG) of a folder with their cameras; `shift` is what pixel coordinates of K lack to COLMAP's.

    A photo without a camera is an error; scans of DTU are handed around with cameras of photos that they do not have.
    """
    numbered = {path.stem: path for path in pictures.listed(photos) if re.fullmatch(r"\d{8}", path.stem)}
    if not numbered:
        raise DatasetError(f"{photos}: no photos such as 00000000.jpg.")
    found = []
    for number, photo in numbered.items():
        path = cameras / f"{number}_cam.txt"
        if not path.is_file():
            raise DatasetError(f"{path} is missing, which is the camera of {photo}.")
        k, rotation, translation = read(path)
        found.append(View(photo.name, photo, pinhole(k, pictures.size(photo), shift(k), str(path)), rotation, translation))
    if spare := sum(path.name[:8] not in numbered for path in cameras.glob("????????_cam.txt")):
        notes.append(f"{spare} cameras have no photo.")
    return found
