# SPDX-License-Identifier: Apache-2.0
"""COLMAP's text models: cameras.txt and images.txt."""
from __future__ import annotations

import pathlib
from typing import NamedTuple

from . import linear, text
from .errors import DatasetError
from .linear import Matrix, Vector
from .scene import Camera, View

# Models without distortion and the number of their parameters.
PINHOLES = {"SIMPLE_PINHOLE": 3, "PINHOLE": 4}


class Pose(NamedTuple):
    """One image of a model."""

    name: str
    camera: Camera
    rotation: Matrix
    translation: Vector
    line: text.Line


def read(folder: pathlib.Path) -> list[Pose]:
    """The images of a model whose cameras have no distortion."""
    cameras = _cameras(folder / "cameras.txt")
    poses = []
    # Two lines for each image. The second holds the keypoints and is blank when there are none, so that blank lines count.
    path = folder / "images.txt"
    rows = [text.Line(path, number, row.strip())
            for number, row in enumerate(text.read(path, text.LARGE).split("\n"), 1) if not row.startswith("#")]
    for row in rows[::2]:
        if not row.text:
            continue
        words = row.text.split(None, 9)
        if len(words) != 10:
            raise row.error("an image has IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME.")
        values = row.numbers(words=words[1:8])
        if linear.norm(values[:4]) < 1e-6:
            raise row.error("the quaternion is 0.")
        if words[8] not in cameras:
            raise row.error(f"camera {words[8][:20]} is not in cameras.txt.")
        poses.append(Pose(words[9], cameras[words[8]], linear.rotation(values[:4]), values[4:], row))
    if not poses:
        raise DatasetError(f"{path}: no images.")
    return poses


def _cameras(path: pathlib.Path) -> dict[str, Camera]:
    cameras = {}
    for row in text.lines(path):
        if row.text.startswith("#"):
            continue
        words = row.text.split()
        if len(words) < 5:
            raise row.error("a camera has CAMERA_ID MODEL WIDTH HEIGHT PARAMS[].")
        if words[1] not in PINHOLES:
            raise row.error(f"cameras of the model {words[1][:30]} have distortion; use the undistorted photos and calibration.")
        width, height = row.numbers(words=words[2:4])
        if width < 1 or height < 1 or width != int(width) or height != int(height):
            raise row.error("width and height are not positive whole numbers.")
        parameters = row.numbers(PINHOLES[words[1]], words[4:])
        cameras[words[0]] = Camera(int(width), int(height), tuple(parameters), words[1])
    return cameras


def write(folder: pathlib.Path, views: list[View]) -> None:
    """A model without points; equal cameras become one. Numbers keep all their digits."""
    cameras = list(dict.fromkeys(view.camera for view in views))
    numbers = {camera: number for number, camera in enumerate(cameras, 1)}
    folder.mkdir()
    with open(folder / "cameras.txt", "w", encoding="utf-8") as file:
        file.write("# CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]\n")
        for camera in cameras:
            words = [numbers[camera], camera.model, camera.width, camera.height, *map(repr, camera.parameters)]
            file.write(" ".join(map(str, words)) + "\n")
    with open(folder / "images.txt", "w", encoding="utf-8") as file:
        file.write("# IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then a line of POINTS2D[], here empty\n")
        for number, view in enumerate(views, 1):
            values = map(repr, linear.quaternion(view.rotation) + view.translation)
            file.write(" ".join([str(number), *values, str(numbers[view.camera]), view.name]) + "\n\n")
    (folder / "points3D.txt").write_text("# POINT3D_ID X Y Z R G B ERROR TRACK[]; no points\n", encoding="utf-8")
