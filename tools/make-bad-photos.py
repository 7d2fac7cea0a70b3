#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a folder of photos as people have them: good ones among damaged, odd and unrelated files.

    tools/make-bad-photos.py PHOTOS OUTPUT [--other FOLDER]

PHOTOS holds at least 8 JPEG files, datasets/owl/images for example. Each of them is in OUTPUT once, some under another name
or in another coding; the rest of OUTPUT cannot be read or does not belong. Two photos of another scene come from --other;
without it they are mirror images, which no camera can have taken of the same things.

Prints a JSON object: for each file in OUTPUT, `kind` (good, odd, unreadable, unrelated, duplicate), `what`, and `source`, the
photo that it was made from. Odd files are good photos in a form that readers stumble over. Needs Pillow.
"""
from __future__ import annotations

import argparse
import io
import json
import pathlib
import struct
import sys
import zlib

from PIL import Image, ImageOps


def with_orientation(jpeg: bytes, value: int) -> bytes:
    """The same JPEG with an EXIF block that holds nothing but the orientation."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, value, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def png_bomb(side: int) -> bytes:
    """A valid grey PNG of side × side zeros: under 1 MB that unpacks to side² bytes."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, row, parts = zlib.compressobj(9), bytes(1 + side), []
    for _ in range(side):
        parts.append(packer.compress(row))
    parts.append(packer.flush())
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"".join(parts)) + chunk(b"IEND", b"")


def encoded(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--other", type=pathlib.Path)
    arguments = parser.parse_args()
    photos = sorted(path for path in arguments.photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    if len(photos) < 8:
        sys.exit(f"{arguments.photos}: {len(photos)} JPEG files, at least 8 are needed")
    if arguments.output.exists() and any(arguments.output.iterdir()):
        sys.exit(f"{arguments.output} is not empty")
    arguments.output.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, dict[str, str]] = {}

    def put(name: str, data: bytes, kind: str, what: str, source: pathlib.Path | None = None) -> None:
        (arguments.output / name).write_bytes(data)
        manifest[name] = {"kind": kind, "what": what} | ({"source": source.name} if source else {})

    data = [path.read_bytes() for path in photos]
    opened = [Image.open(io.BytesIO(data[index])) for index in range(3)]
    put("with spaces in its name.jpg", data[0], "odd", "a name with spaces", photos[0])
    put("🦉 émoji.jpg", data[1], "odd", "a name with an emoji and an accent", photos[1])
    put("orientation-0.jpg", with_orientation(data[2], 0), "odd", "EXIF orientation 0, which does not exist", photos[2])
    put("orientation-9.jpg", with_orientation(data[3], 9), "odd", "EXIF orientation 9, which does not exist", photos[3])
    put("cmyk.jpg", encoded(Image.open(photos[4]).convert("CMYK"), "JPEG"), "odd", "a CMYK JPEG", photos[4])
    for path, content in zip(photos[5:], data[5:]):
        put(path.name, content, "good", "a photo as it was", path)

    put("copy of " + photos[-1].name, data[-1], "duplicate", f"the same bytes as {photos[-1].name}", photos[-1])
    put("truncated.jpg", data[0][:len(data[0]) * 2 // 5], "unreadable", "the first two fifths of a JPEG")
    png = encoded(opened[1], "PNG")
    put("truncated.png", png[:len(png) // 2], "unreadable", "the first half of a PNG")
    put("empty.jpg", b"", "unreadable", "nothing at all")
    put("text.jpg", b"This is not a picture.\n" * 40, "unreadable", "text with the name of a photo")
    put("bomb.png", png_bomb(30_000), "unreadable", "900 megapixels in under one megabyte")
    if arguments.other:
        strangers = sorted(path for path in arguments.other.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))[:2]
        for path in strangers:
            put("other-" + path.name, path.read_bytes(), "unrelated", "a photo of another scene")
    else:
        for index in (0, 2):
            mirrored = encoded(ImageOps.mirror(opened[index]), "JPEG")
            put(f"mirror-{index}.jpg", mirrored, "unrelated", "a mirror image", photos[index])
    print(json.dumps(manifest, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
