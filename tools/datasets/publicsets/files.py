# SPDX-License-Identifier: Apache-2.0
"""Output folders that appear whole, and files that come to them."""
from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
from typing import Iterator

from .errors import DatasetError

# All that the commands of this package write into an output folder.
OURS = {"images", "truth", "reference.ply", "slices", "references", "scene.json", "run", "run-poses-given",
        "evaluation.json", "evaluation-poses-given.json"}


def place(source: pathlib.Path, target: pathlib.Path, copy: bool) -> None:
    """Makes `target` the same file as `source` (a hard link: photos are not read through symbolic links), or a copy of it
    when that is asked for or the folders are on different file systems."""
    source = source.resolve()
    if not copy:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


@contextlib.contextmanager
def appearing(out: pathlib.Path, force: bool) -> Iterator[pathlib.Path]:
    """A folder to write into, which takes the place of `out` when all went well.

    An `out` with content of an earlier import is replaced when `force` says so; anything else is never removed.
    """
    if out.exists() or out.is_symlink():
        if not out.is_dir():
            raise DatasetError(f"{out} exists and is not a folder.")
        names = {path.name for path in out.iterdir()}
        if foreign := sorted(names - OURS):
            raise DatasetError(f"{out} holds something else ({foreign[0]}). Choose another folder.")
        if names and not force:
            raise DatasetError(f"{out} exists. --force replaces it.")
    partial = out.with_name(f".{out.name}.partial-{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        yield partial
        if out.exists():
            shutil.rmtree(out)
        partial.rename(out)
    except OSError as error:
        raise DatasetError(f"{error.filename or out}: {error.strerror}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
