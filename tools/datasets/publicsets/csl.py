# SPDX-License-Identifier: Apache-2.0
"""Collections of cross-sections: `.csl` files, and reference meshes beside or below them.

    FOLDER/hand_ok.csl
    FOLDER/hand_ok.ply, or ref/hand_ok_scaled.stl …   (the same name, with `_scaled` as in the files of OReX, or without)
"""
from __future__ import annotations

import pathlib
from dataclasses import dataclass

from .errors import DatasetError
from .scene import Source

SOURCE = Source(
    "cross-sections in CSL files", "that of the collection",
    "L. Liu, C. Bajaj, J. O. Deasy, D. A. Low, T. Ju: Surface Reconstruction From Non-parallel Curve Networks. Computer "
    "Graphics Forum 27(2), 2008 (the format, CSLC); and the authors of the collection.")
MESHES = (".ply", ".stl", ".obj")


@dataclass(frozen=True)
class SliceSet:
    """The sections of one solid, and the solid if it is known."""

    name: str
    sections: pathlib.Path
    reference: pathlib.Path | None


def read(folder: pathlib.Path) -> list[SliceSet]:
    files = sorted(path for path in folder.rglob("*.csl") if path.is_file())
    if not files:
        raise DatasetError(f"{folder}: no files *.csl in it or below it.")
    meshes: dict[str, list[pathlib.Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in MESHES and path.is_file():
            meshes.setdefault(path.stem.removesuffix("_scaled"), []).append(path)
    sets = []
    for path in files:
        _check(path)
        if any(other.name == path.stem for other in sets):
            raise DatasetError(f"{path}: a second set of that name.")
        found = meshes.get(path.stem, [])
        if len(found) > 1:
            raise DatasetError(f"{path}: which is its reference, {found[0]} or {found[1]}? Keep one.")
        sets.append(SliceSet(path.stem, path, found[0] if found else None))
    return sets


def _check(path: pathlib.Path) -> None:
    """That the file is what its name says; the rest is read, and judged, by `reconstruct slices`."""
    with open(path, "rb") as file:
        words = file.read(4096).split()[:3]
    if words[:1] != [b"CSLC"] or len(words) < 3 or not all(word.isdigit() for word in words[1:]):
        raise DatasetError(f"{path}: not cross-sections: CSLC and the numbers of planes and labels are expected at its start.")
