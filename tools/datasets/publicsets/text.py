# SPDX-License-Identifier: Apache-2.0
"""Small text files of numbers, read whole; every complaint names the file and the line."""
from __future__ import annotations

import math
import pathlib
from typing import NamedTuple

from .errors import DatasetError

# Files of cameras have kilobytes. COLMAP lists every keypoint of every image in one line each, which is far more.
SMALL, LARGE = 16 << 20, 256 << 20


class Line(NamedTuple):
    """A line that is not blank."""

    path: pathlib.Path
    number: int
    text: str

    def error(self, what: str) -> DatasetError:
        return DatasetError.at(self.path, self.number, what)

    def numbers(self, count: int | None = None, words: list[str] | None = None) -> list[float]:
        """The words of the line (or those given) as finite numbers, `count` of them if that is fixed."""
        words = self.text.split() if words is None else words
        if count is not None and len(words) != count:
            raise self.error(f"{count} numbers are expected, {len(words)} words are here.")
        values = []
        for word in words:
            try:
                value = float(word)
            except ValueError:
                raise self.error(f"'{word[:40]}' is not a number.") from None
            if not math.isfinite(value):
                raise self.error(f"'{word[:40]}' is not finite.")
            values.append(value)
        return values


def read(path: pathlib.Path, limit: int = SMALL) -> str:
    """The text of a file of at most `limit` bytes."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise DatasetError(f"{path}: {size} bytes, at most {limit} are expected of such a file.")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path}: not a text file (byte {error.start}).") from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}.") from None


def lines(path: pathlib.Path, limit: int = SMALL) -> list[Line]:
    """The lines that are not blank."""
    split = read(path, limit).split("\n")
    return [Line(path, number, text.strip()) for number, text in enumerate(split, 1) if text.strip()]


def matrix(rows: list[Line], columns: int) -> list[list[float]]:
    return [row.numbers(columns) for row in rows]
