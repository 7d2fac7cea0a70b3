#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one small label volume in many formats, with other people's software, for tests of our readers.

    pip install nibabel pynrrd numpy pillow; ./generate.py

Everything here but this file is its output. `labels.raw` holds the 14 x 12 x 9 labels (one byte each, first index fastest): an
ellipsoid with a cavity, cut into the touching labels 1 and 3, and a ball with label 1000 in files that can hold it (as 7
elsewhere). `expected.json` tells for each file the matrix from index to RAS, as nibabel or pynrrd read it.
"""
from __future__ import annotations

import gzip
import json
import pathlib
import struct

import nibabel
import nrrd
import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
SIZE = (14, 12, 9)


def labels() -> np.ndarray:
    i, j, k = np.meshgrid(*(np.arange(n) for n in SIZE), indexing="ij")
    body = ((i - 5.2) / 4.6) ** 2 + ((j - 5.6) / 4.9) ** 2 + ((k - 4.1) / 3.6) ** 2 < 1
    cavity = ((i - 4.0) / 1.6) ** 2 + ((j - 5.0) / 1.5) ** 2 + ((k - 4.0) / 1.9) ** 2 < 1
    ball = (i - 11.6) ** 2 + (j - 9.0) ** 2 + ((k - 3.0) / 0.8) ** 2 < 4.5
    result = np.where(body & ~cavity, np.where(i + 0.5 * j < 8.2, 1, 3), 0)
    return np.where(ball, 7, result).astype(np.uint8)


def rotation() -> np.ndarray:
    """A turn of 25 degrees about (1, 2, 2) / 3."""
    axis, angle = np.array([1, 2, 2]) / 3, np.radians(25)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def affine(flip: float = 1) -> np.ndarray:
    """Oblique, anisotropic; mirrored for `flip` = -1."""
    result = np.eye(4)
    result[:3, :3] = rotation() @ np.diag([0.75, 0.5 * flip, 2.25])
    result[:3, 3] = [-12.5, 33.25, 4.125]
    return result


expected: dict[str, list] = {}


def nifti(name: str, data: np.ndarray, matrix: np.ndarray, form: str = "sform", version: int = 1, big: bool = False,
          slope: float | None = None) -> None:
    kind = {1: nibabel.Nifti1Image, 2: nibabel.Nifti2Image}[version]
    header = kind.header_class(endianness=">" if big else "<")
    image = kind(data, None, header, dtype=data.dtype)
    image.header.set_sform(matrix if form == "sform" else None, code=1 if form == "sform" else 0)
    image.header.set_qform(matrix if form == "qform" else None, code=1 if form == "qform" else 0)
    if form == "spacing":
        image.header["pixdim"][1:4] = np.linalg.norm(matrix[:3, :3], axis=0)
    if slope is not None:
        image.header.set_slope_inter(slope, -2)
        stored = ((data.astype(float) + 2) / slope).astype(data.dtype)
        image = kind(stored, None, image.header, dtype=data.dtype)
        image.header.set_slope_inter(slope, -2)
    path = HERE / name
    raw = bytearray(image.to_bytes())
    if slope is not None:
        struct.pack_into("<ff", raw, 112, slope, -2)
        raw[352:] = stored.tobytes(order="F")
    path.write_bytes(gzip.compress(bytes(raw), mtime=0) if name.endswith(".gz") else bytes(raw))
    read = nibabel.load(path)
    assert np.array_equal(np.asarray(read.dataobj).astype(int), data.astype(int)), name
    # Without forms the standard says "method 1": no offset, no turning. nibabel puts the origin into the middle.
    result = np.diag([*np.linalg.norm(matrix[:3, :3], axis=0), 1]) if form == "spacing" else read.affine
    expected[name] = result.tolist()


def nrrd_file(name: str, data: np.ndarray, space: str | None, encoding: str = "gzip", big: bool = False, **extra) -> None:
    flips = {"left-posterior-superior": [-1, -1, 1], "left-anterior-superior": [-1, 1, 1]}.get(space, [1, 1, 1])
    matrix = affine()
    header = {"encoding": encoding, "endian": "big" if big else "little", "kinds": ["domain"] * 3, **extra}
    if space:
        header["space"] = space
        header["space directions"] = (np.diag(flips) @ matrix[:3, :3]).T
        header["space origin"] = np.array(flips) * matrix[:3, 3]
    else:
        header["spacings"] = [0.75, 0.5, 2.25]
        matrix = np.diag([0.75, 0.5, 2.25, 1])
    if data.ndim == 4:
        header["kinds"] = ["list"] + ["domain"] * 3
        header["space directions"] = np.vstack([[np.nan] * 3, header["space directions"]])
    # pynrrd writes in the byte order of the array.
    nrrd.write(str(HERE / name), data.astype(data.dtype.newbyteorder(">")) if big else data, header,
               detached_header=name.endswith(".nhdr"), index_order="F")
    read, parsed = nrrd.read(str(HERE / name), index_order="F")
    assert np.array_equal(read, data), name
    if space:
        rows = np.asarray([row for row in parsed["space directions"] if row is not None and np.all(np.isfinite(row))])
        matrix = np.eye(4)
        matrix[:3, :3] = np.diag(flips) @ rows.T
        matrix[:3, 3] = np.array(flips) * parsed["space origin"]
    expected[name] = matrix.tolist()


def segment(number: int, name: str, value: int, layer: int) -> dict:
    return {f"Segment{number}_ID": f"Segment_{number + 1}", f"Segment{number}_Name": name,
            f"Segment{number}_LabelValue": str(value), f"Segment{number}_Layer": str(layer)}


def main() -> None:
    data = labels()
    wide = np.where(data == 7, 1000, data.astype(int))
    (HERE / "labels.raw").write_bytes(data.tobytes(order="F"))
    nifti("uint8.nii.gz", data, affine())
    nifti("int16-big.nii", data.astype(np.int16), affine(), big=True)
    nifti("int32-qform.nii.gz", wide.astype(np.int32), affine(), form="qform")
    nifti("mirrored-qform.nii.gz", data, affine(flip=-1), form="qform")
    nifti("int16-scaled.nii.gz", data.astype(np.int16), affine(), slope=0.5)
    nifti("float32.nii.gz", wide.astype(np.float32), affine())
    nifti("float64-spacing.nii.gz", data.astype(np.float64), affine(), form="spacing")
    nifti("version2-uint16.nii.gz", wide.astype(np.uint16), affine(), version=2)
    nifti("version2-int64-big.nii.gz", wide.astype(np.int64), affine(), version=2, big=True)
    nrrd_file("lps-raw.nrrd", data, "left-posterior-superior", encoding="raw")
    nrrd_file("las-int16-big.nrrd", wide.astype(np.int16), "left-anterior-superior", big=True)
    nrrd_file("ras-float.nrrd", wide.astype(np.float32), "right-anterior-superior")
    nrrd_file("detached.nhdr", data, "left-posterior-superior")
    nrrd_file("spacings.nrrd", wide.astype(np.uint32), None)
    nrrd_file("one-layer.seg.nrrd", data, "left-posterior-superior",
              **segment(0, "left part", 1, 0), **segment(1, "Ball: the other one", 7, 0), **segment(2, "right part", 3, 0))
    # Both layers use the number 1: the whole body in the first, the left part alone and the ball in the second.
    layers = np.stack([(data > 0) & (data < 7), np.where(data == 7, 2, data == 1)]).astype(np.uint8)
    nrrd_file("two-layers.seg.nrrd", layers, "left-posterior-superior",
              **segment(0, "body", 1, 0), **segment(1, "left part", 1, 1), **segment(2, "ball", 2, 1))
    for folder, kind in (("png", np.uint8), ("tiff", np.uint16)):
        (HERE / folder).mkdir(exist_ok=True)
        for k in range(SIZE[2]):
            values = (data if folder == "png" else wide)[:, :, k].T
            # Numbers without leading zeros: 10 comes after 9.
            Image.fromarray(values.astype(kind)).save(HERE / folder / f"slice{k + 2}.{folder}")
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
