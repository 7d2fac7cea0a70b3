# SPDX-License-Identifier: Apache-2.0
"""Reads the vertices of PLY files, a chosen share of them, in memory that does not grow with the file; writes PLY."""
from __future__ import annotations

import array
import pathlib
import struct
import sys
from typing import BinaryIO, Iterator, NamedTuple

from .errors import DatasetError

# Letters of `struct` for the types of PLY 1.0 under both of their names.
TYPES = {"char": "b", "int8": "b", "uchar": "B", "uint8": "B", "short": "h", "int16": "h", "ushort": "H", "uint16": "H",
         "int": "i", "int32": "i", "uint": "I", "uint32": "I", "float": "f", "float32": "f", "double": "d", "float64": "d"}
ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
LONGEST_HEADER = 1 << 16
BLOCK = 1 << 22


class Header(NamedTuple):
    path: pathlib.Path
    order: str  # of `struct`; empty for text
    layout: str  # the letters of a vertex
    columns: list[int]  # where x, y and z are among the properties
    vertices: int
    faces: int
    size: int  # bytes of the header


def header(path: pathlib.Path) -> Header:
    """The header of a file whose vertices come first. Raises DatasetError."""
    try:
        with open(path, "rb") as file:
            start = file.read(LONGEST_HEADER)
        length = path.stat().st_size
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}.") from None
    end = start.find(b"end_header")
    newline = start.find(b"\n", end)
    if not start.startswith(b"ply") or end < 0 or newline < 0:
        raise DatasetError(f"{path}: not a PLY file.")
    order, element, properties, counts = None, None, [], {}
    for number, row in enumerate(start[:end].decode("ascii", "replace").splitlines(), 1):
        words = row.split()
        if words[:1] == ["format"] and len(words) == 3:
            order = ORDERS.get(words[1])
        elif words[:1] == ["element"] and len(words) == 3:
            element = words[1]
            if not words[2].isdigit() or len(words[2]) > 12:
                raise DatasetError.at(path, number, f"'{words[2][:30]}' is not a count.")
            if element != "vertex" and not counts:
                raise DatasetError.at(path, number, "the first element is not vertex.")
            counts[element] = int(words[2])
        elif words[:1] == ["property"] and element == "vertex":
            if len(words) != 3 or words[1] not in TYPES:
                raise DatasetError.at(path, number, "a vertex has numbers only, no lists.")
            properties.append((words[2], TYPES[words[1]]))
    names = [name for name, _ in properties]
    if order is None or any(axis not in names for axis in "xyz"):
        raise DatasetError(f"{path}: no known format, or vertices without x, y, z.")
    layout = "".join(letter for _, letter in properties)
    found = Header(path, order, layout, [names.index(axis) for axis in "xyz"], counts["vertex"], counts.get("face", 0),
                   newline + 1)
    # A number of a text file takes two bytes or more; the last one may lack its end of line.
    needed = found.vertices * struct.calcsize(order + layout) if order else 2 * found.vertices * len(layout) - 1
    if needed > length - found.size:
        raise DatasetError(f"{path}: {found.vertices} vertices are announced, more than its {length} bytes can hold.")
    return found


def vertices(head: Header, stride: int) -> Iterator[list[float]]:
    """Every `stride`-th vertex, from the first; those that are not finite are left out."""
    with open(head.path, "rb") as file:
        file.seek(head.size)
        for row in (_binary if head.order else _text)(file, head, stride):
            # NaN and infinities minus themselves are NaN.
            if all(value - value == 0 for value in row):
                yield row


def _binary(file: BinaryIO, head: Header, stride: int) -> Iterator[list[float]]:
    record = struct.Struct(head.order + head.layout)
    at_once = max(1, BLOCK // record.size)
    first = 0  # of the vertices of the block, the one to take first
    for start in range(0, head.vertices, at_once):
        count = min(at_once, head.vertices - start)
        block = file.read(count * record.size)
        if len(block) < count * record.size:
            raise DatasetError(f"{head.path}: ends within its vertices.")
        for index in range(first, count, stride):
            values = record.unpack_from(block, index * record.size)
            yield [float(values[column]) for column in head.columns]
        first = (first - count) % stride


def _text(file: BinaryIO, head: Header, stride: int) -> Iterator[list[float]]:
    for index in range(head.vertices):
        row = file.readline(1 << 16)
        if index % stride:
            continue
        words = row.split()
        try:
            yield [float(words[column]) for column in head.columns]
        except (ValueError, IndexError):
            raise DatasetError(f"{head.path}: vertex {index} is not {len(head.layout)} numbers.") from None


def write(path: pathlib.Path, coordinates: array.array, corners: array.array | None = None) -> None:
    """Binary PLY of doubles (three for each vertex) and triangles (three indices for each), if any."""
    lines = ["ply", "format binary_little_endian 1.0", f"element vertex {len(coordinates) // 3}",
             *(f"property double {axis}" for axis in "xyz")]
    if corners is not None:
        lines += [f"element face {len(corners) // 3}", "property list uchar uint vertex_indices"]
    with open(path, "wb") as file:
        file.write("\n".join([*lines, "end_header", ""]).encode("ascii"))
        if sys.byteorder == "big":
            coordinates = array.array("d", coordinates)
            coordinates.byteswap()
        coordinates.tofile(file)
        if corners is not None:
            triangle = struct.Struct("<B3I")
            file.write(b"".join(triangle.pack(3, *corners[i:i + 3]) for i in range(0, len(corners), 3)))
