# SPDX-License-Identifier: Apache-2.0
"""DTU's robot data set for multi-view stereo, one scan, in the layouts that go around.

The official one (SampleSet, or Rectified + Calibration + Points), where FOLDER is that of one scan's photos:

    MVS Data/Rectified/scan1/rect_001_max.png, rect_001_0_r5000.png …
    MVS Data/Calibration/cal18/pos_001.txt        (P = K (R | t), 3 × 4, of the photos of 1600 × 1200)
    MVS Data/Points/stl/stl001_total.ply          (structured light, mm)

That of MVSNet for training, FOLDER as above; and for testing, FOLDER is `scan1` itself:

    Rectified/scan1_train/rect_001_0_r5000.png …  (640 × 512)
    Cameras/train/00000000_cam.txt                (number 0 is view 001; K is that of a quarter of the size)
    scan1/images/00000000.jpg, scan1/cams/00000000_cam.txt  (1600 × 1200)

The points are looked for in Points/stl/ beside or above the folder.
"""
from __future__ import annotations

import pathlib
import re

from . import linear, mvsnet, pictures, text
from .errors import DatasetError
from .linear import Matrix, Vector
from .scene import Options, Reference, ReferencePart, Scene, Source, View, pinhole

SOURCE = Source(
    "DTU multi-view stereo", "free to use with citation, as its page says",
    "H. Aanæs, R. R. Jensen, G. Vogiatzis, E. Tola, A. B. Dahl: Large-Scale Data for Multiple-View Stereopsis. IJCV 2016; "
    "R. Jensen, A. Dahl, G. Vogiatzis, E. Tola, H. Aanæs: Large Scale Multi-view Stereopsis Evaluation. CVPR 2014.")

# The focal length of the rectified photos of 1600 × 1200, of which all other sizes are scaled and cropped.
FULL_FOCAL = 2892.33
# MVSNet's cameras for training are those of its depth maps.
TRAINING_SCALE = 4


def read(folder: pathlib.Path, options: Options) -> Scene:
    folder = folder.resolve()
    if not (scan := re.search(r"scan(\d+)", folder.name)):
        raise DatasetError(f"{folder}: give the folder of one scan, which is called scan1 or alike, so that its points are found.")
    notes: list[str] = []
    if (folder / "images").is_dir():
        views = _test_views(folder, notes)
    else:
        views = _rectified_views(folder, options.light, notes)
    scene = Scene(f"scan{scan[1]}", views, "mm", notes=notes)
    points = _above(folder, f"Points/stl/stl{int(scan[1]):03d}_total.ply")
    if points:
        scene.reference = Reference("points", [ReferencePart(points)])
        notes.append("The points cover what the scanner saw; the observability masks (ObsMask) of the official evaluation are "
                     "not used, so that figures do not compare with published ones.")
    else:
        notes.append(f"No Points/stl/stl{int(scan[1]):03d}_total.ply beside or above the folder: only poses can be evaluated.")
    return scene


def _above(folder: pathlib.Path, name: str) -> pathlib.Path | None:
    """The file or folder of this name in the folder or in one of four above it."""
    return next((place / name for place in [folder, *folder.parents][:5] if (place / name).exists()), None)


def _shift(k: Matrix) -> float:
    """The calibration counts from the centre of the top left pixel; scaled photos kept K as if it counted from the corner."""
    return 0.5 * k[0][0] / FULL_FOCAL


def _test_views(folder: pathlib.Path, notes: list[str]) -> list[View]:
    cameras = next((folder / name for name in ("cams", "cams_1") if (folder / name).is_dir()), None)
    if cameras is None:
        raise DatasetError(f"{folder}: images/ but neither cams/ nor cams_1/.")
    return mvsnet.views(folder / "images", cameras, _shift, notes)


def _rectified_views(folder: pathlib.Path, light: str | None, notes: list[str]) -> list[View]:
    photos: dict[str, dict[int, pathlib.Path]] = {}
    for path in pictures.listed(folder):
        if match := re.fullmatch(r"rect_(\d{3})_(max|\d+)(_r5000)?\.\w+", path.name):
            photos.setdefault(match[2], {})[int(match[1])] = path
    if not photos:
        raise DatasetError(f"{folder}: neither images/ nor rectified photos such as rect_001_max.png or rect_001_3_r5000.png.")
    chosen = light or ("max" if "max" in photos else "3")
    if chosen not in photos:
        raise DatasetError(f"{folder}: no photos with light {chosen}; there are {', '.join(sorted(photos))} (--light).")
    if len(photos) > 1:
        notes.append(f"Light {chosen} of {', '.join(sorted(photos))} was taken (--light).")
    # Both may be above the folder: photos of 640 × 512 go with the second.
    kinds = sorted(("Calibration/cal18", "Cameras/train"), reverse=folder.name.endswith("_train"))
    calibration = next((found for name in kinds if (found := _above(folder, name))), None)
    if calibration is None:
        raise DatasetError(f"{folder}: neither Calibration/cal18/ nor Cameras/train/ beside or above it.")
    views = []
    for number, photo in photos[chosen].items():
        if calibration.name == "train":
            path = calibration / f"{number - 1:08d}_cam.txt"
            k, rotation, translation = mvsnet.read(path)
            k = [linear.scaled(row, TRAINING_SCALE) for row in k[:2]] + [k[2]]
        else:
            path = calibration / f"pos_{number:03d}.txt"
            k, rotation, translation = _projection(path)
        views.append(View(photo.name, photo, pinhole(k, pictures.size(photo), _shift(k), str(path)), rotation,
                          translation))
    return views


def _projection(path: pathlib.Path) -> tuple[Matrix, Matrix, Vector]:
    rows = text.lines(path)
    if len(rows) != 3:
        raise DatasetError(f"{path}: 3 rows of a projection matrix are expected, {len(rows)} are here.")
    try:
        return linear.camera_of_projection(text.matrix(rows, 4))
    except ZeroDivisionError:
        raise DatasetError(f"{path}: the projection matrix has no centre.") from None
