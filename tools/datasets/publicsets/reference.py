# SPDX-License-Identifier: Apache-2.0
"""Writes the reference geometry of a scene as one PLY file in the world of its cameras."""
from __future__ import annotations

import array
import math
import pathlib

from . import linear, ply
from .errors import DatasetError
from .files import place
from .scene import Reference

LARGEST_OBJ = 4 << 30


def write(reference: Reference, path: pathlib.Path, most_points: int, copy: bool) -> dict:
    """Writes the file; says what is in it."""
    if reference.kind == "points":
        return {"kind": "points"} | _write_points(reference, path, most_points)
    parts = [part.path for part in reference.parts]
    if len(parts) == 1 and parts[0].suffix.lower() == ".ply":
        if not ply.header(parts[0]).faces:
            raise DatasetError(f"{parts[0]}: a mesh is expected, but there are no faces in it.")
        place(parts[0], path, copy)
    else:
        _join(parts, path)
    head = ply.header(path)
    return {"kind": "mesh", "vertices": head.vertices, "faces": head.faces}


def _write_points(reference: Reference, path: pathlib.Path, most: int) -> dict:
    """Every k-th point, so that at most `most` remain: all of a laser scan are more than an evaluation needs."""
    heads = [ply.header(part.path) for part in reference.parts]
    total = sum(head.vertices for head in heads)
    stride = max(1, -(-total // most))
    kept = array.array("d")
    for part, head in zip(reference.parts, heads):
        motion = part.world_from_part
        for point in ply.vertices(head, stride):
            if motion:
                point = [linear.dot(row[:3], point) + row[3] for row in motion]
            if reference.crop is None or reference.crop.contains(point):
                kept.extend(point)
    if not kept:
        raise DatasetError(f"{reference.parts[0].path}: no point is left" + (" within the volume that counts."
                                                                            if reference.crop else "."))
    ply.write(path, kept)
    return {"points": len(kept) // 3, "pointsOfScans": total, "everyNth": stride, "cropped": reference.crop is not None}


def _join(parts: list[pathlib.Path], path: pathlib.Path) -> None:
    """The tiles of a mesh, OBJ files, as one."""
    coordinates, corners = array.array("d"), array.array("Q")
    for part in parts:
        if part.stat().st_size > LARGEST_OBJ:
            raise DatasetError(f"{part}: too large ({part.stat().st_size} bytes).")
        first = len(coordinates) // 3
        with open(part, encoding="utf-8", errors="replace") as file:
            for number, row in enumerate(file, 1):
                words = row.split()
                try:
                    if words[:1] == ["v"]:
                        position = [float(word) for word in words[1:4]]
                        if len(position) < 3 or not all(map(math.isfinite, position)):
                            raise ValueError("not three finite coordinates")
                        coordinates.extend(position)
                    elif words[:1] == ["f"]:
                        ring = [_corner(word, first, len(coordinates) // 3) for word in words[1:]]
                        if len(ring) < 3:
                            raise ValueError("a face of fewer than three corners")
                        for index in range(1, len(ring) - 1):
                            corners.extend((ring[0], ring[index], ring[index + 1]))
                except ValueError as error:
                    raise DatasetError.at(part, number, f"not a vertex or a face: {error}.") from None
    if not corners:
        raise DatasetError(f"{parts[0]}: no faces in it.")
    ply.write(path, coordinates, corners)


def _corner(word: str, first: int, end: int) -> int:
    """The index of a corner `v/vt/vn`: from 1 within its file, or from the end when negative."""
    value = int(word.split("/", 1)[0])
    index = first + value - 1 if value > 0 else end + value
    if value == 0 or not first <= index < end:
        raise ValueError(f"no vertex {value}")
    return index
