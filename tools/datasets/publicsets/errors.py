# SPDX-License-Identifier: Apache-2.0
"""The one error of this package."""
from __future__ import annotations

import pathlib


class DatasetError(Exception):
    """A folder or a file of a dataset is not as it should be; the text says what is wrong, where, and what to do."""

    @classmethod
    def at(cls, path: pathlib.Path, line: int, what: str) -> DatasetError:
        return cls(f"{path}:{line}: {what}")
