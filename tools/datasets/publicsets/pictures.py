# SPDX-License-Identifier: Apache-2.0
"""The size of a picture from its header, and the photos of a folder."""
from __future__ import annotations

import pathlib
import struct
from typing import BinaryIO

from .errors import DatasetError

ENDINGS = (".jpg", ".jpeg", ".png")
# Start-of-frame markers: all of 0xC0 … 0xCF but tables (C4, CC) and the reserved C8.
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size(path: pathlib.Path) -> tuple[int, int]:
    """Width and height of a PNG or JPEG file."""
    try:
        with open(path, "rb") as file:
            start = file.read(24)
            if start.startswith(b"\x89PNG\r\n\x1a\n") and start[12:16] == b"IHDR" and len(start) == 24:
                found = struct.unpack(">II", start[16:24])
            elif start.startswith(b"\xff\xd8"):
                found = _jpeg(file)
            else:
                found = None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}.") from None
    if not found or min(found) < 1:
        raise DatasetError(f"{path}: not a PNG or JPEG picture, or its header is damaged.")
    return found[0], found[1]


def _jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Walks the segments, none of which is read."""
    file.seek(2)
    while True:
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        if head[1] == 0xFF:  # a fill byte before the marker
            file.seek(-3, 1)
            continue
        length = struct.unpack(">H", head[2:])[0]
        if head[1] in FRAMES:
            body = file.read(5)
            return (struct.unpack(">xHH", body)[::-1]) if len(body) == 5 else None
        if length < 2:
            return None
        file.seek(length - 2, 1)


def listed(folder: pathlib.Path) -> list[pathlib.Path]:
    """The PNG and JPEG files in a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())
