# SPDX-License-Identifier: Apache-2.0
"""ETH3D's high-resolution multi-view training data, one scene, undistorted.

    SCENE/images/dslr_images_undistorted/DSC_0286.JPG …
    SCENE/dslr_calibration_undistorted/cameras.txt, images.txt
    SCENE/dslr_scan_eval/scan1.ply …, scan_alignment.mlp   (laser scans in metres, and how they lie in the world)
"""
from __future__ import annotations

import pathlib
import xml.etree.ElementTree as ElementTree

from . import colmap, pictures, text
from .errors import DatasetError
from .scene import Options, Reference, ReferencePart, Scene, Source, View, rigid

SOURCE = Source(
    "ETH3D high-resolution multi-view", "CC BY-NC-SA 4.0 (check the page that it was downloaded from)",
    "T. Schöps, J. L. Schönberger, S. Galliani, T. Sattler, K. Schindler, M. Pollefeys, A. Geiger: A Multi-View Stereo "
    "Benchmark with High-Resolution Images and Multi-Camera Videos. CVPR 2017.")


def read(folder: pathlib.Path, options: Options) -> Scene:
    calibration = folder / "dslr_calibration_undistorted"
    if not calibration.is_dir():
        raise DatasetError(f"{folder}: no dslr_calibration_undistorted/ in it. Give the folder of one scene of the undistorted "
                           "training data.")
    views = []
    for pose in colmap.read(calibration):
        parts = pathlib.PurePosixPath(pose.name).parts
        if pathlib.PurePosixPath(pose.name).is_absolute() or ".." in parts:
            raise pose.line.error("the name of the image leads out of the folder.")
        photo = folder / "images" / pose.name
        if not photo.is_file():
            raise pose.line.error(f"{photo} is missing.")
        size = (pose.camera.width, pose.camera.height)
        if pictures.size(photo) != size:
            raise DatasetError(f"{photo} does not have the {size[0]} × {size[1]} pixels of its calibration.")
        views.append(View(photo.name, photo, pose.camera, pose.rotation, pose.translation))
    scene = Scene(folder.resolve().name, views, "m")
    alignment = folder / "dslr_scan_eval" / "scan_alignment.mlp"
    if alignment.is_file():
        scene.reference = Reference("points", _scans(alignment))
        scene.notes.append("Occluders and the official evaluation program are not used: figures do not compare with its tables.")
    else:
        scene.notes.append("No dslr_scan_eval/scan_alignment.mlp: only poses can be evaluated.")
    return scene


def _scans(path: pathlib.Path) -> list[ReferencePart]:
    """The meshes of a MeshLab project and their matrices."""
    content = text.read(path)
    if "<!ENTITY" in content:
        raise DatasetError(f"{path}: entities in a MeshLab project are refused.")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise DatasetError(f"{path}:{error.position[0]}: not XML: {error}.") from None
    parts = []
    for mesh in root.iter("MLMesh"):
        name = mesh.get("filename", "")
        if not name or pathlib.PurePath(name).name != name:
            raise DatasetError(f"{path}: '{name[:60]}' is not the name of a file beside it.")
        # The parser keeps no lines; that of the mesh is where its name is.
        line = text.Line(path, content[:content.find(f'"{name}"')].count("\n") + 1, mesh.findtext("MLMatrix44") or "")
        values = line.numbers(16)
        if values[12:] != [0, 0, 0, 1]:
            raise line.error(f"the MLMatrix44 of {name} does not end in 0 0 0 1.")
        rows = [values[4 * i:4 * i + 4] for i in range(3)]
        rotation = rigid([row[:3] for row in rows], f"{path}: {name}")
        if not (path.parent / name).is_file():
            raise DatasetError(f"{path.parent / name} is missing, but {path.name} names it.")
        parts.append(ReferencePart(path.parent / name, [turned + row[3:] for turned, row in zip(rotation, rows)]))
    if not parts:
        raise DatasetError(f"{path}: no MLMesh in it.")
    return parts
