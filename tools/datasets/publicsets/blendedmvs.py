# SPDX-License-Identifier: Apache-2.0
"""BlendedMVS: one scene (PID) of the dataset, with its textured mesh if that was downloaded too.

    PID/blended_images/00000000.jpg, 00000000_masked.jpg …
    PID/cams/00000000_cam.txt …, pair.txt
    PID/textured_mesh/*.obj                       (tiles of one mesh; any depth of folders)
"""
from __future__ import annotations

import pathlib

from . import mvsnet
from .errors import DatasetError
from .scene import Options, Reference, ReferencePart, Scene, Source

SOURCE = Source(
    "BlendedMVS", "CC BY 4.0",
    "Y. Yao, Z. Luo, S. Li, J. Zhang, Y. Ren, L. Zhou, T. Fang, L. Quan: BlendedMVS: A Large-scale Dataset for Generalized "
    "Multi-view Stereo Networks. CVPR 2020.")


def read(folder: pathlib.Path, options: Options) -> Scene:
    photos, cameras = folder / "blended_images", folder / "cams"
    if not photos.is_dir() or not cameras.is_dir():
        raise DatasetError(f"{folder}: blended_images/ and cams/ are expected in it. Give the folder of one scene (its PID).")
    notes: list[str] = []
    # MVSNet's warps take the centre of the top left pixel for (0.5, 0.5), as COLMAP does.
    views = mvsnet.views(photos, cameras, lambda k: 0, notes)
    tiles = sorted(folder.glob("textured_mesh/**/*.obj"))
    scene = Scene(folder.resolve().name, views, "unknown", notes=notes)
    if tiles:
        scene.reference = Reference("mesh", [ReferencePart(tile) for tile in tiles])
        notes.append("The mesh was itself reconstructed from photos, and the photos were rendered from it and blended "
                     "with the original ones: the reference is exact for the low frequencies only.")
    else:
        notes.append("No textured_mesh/: only poses can be evaluated. The meshes are a download of their own.")
    return scene
