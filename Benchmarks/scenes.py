# SPDX-License-Identifier: Apache-2.0
"""What `photos.py` and `surface.py` share: scenes with truth, and programs that are measured while they run.

Imports nothing but the standard library: a child that starts from a large process counts its memory as its own.
"""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECONSTRUCT = ROOT / ".build/release/reconstruct"


class Scene(NamedTuple):
    """A folder with `images/` and a COLMAP model of the truth in `gt/` or `truth/`."""

    folder: pathlib.Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def images(self) -> pathlib.Path:
        return self.folder / "images"

    @property
    def truth(self) -> pathlib.Path:
        for name in ("gt", "truth"):
            if (self.folder / name / "images.txt").is_file():
                return self.folder / name
        raise SystemExit(f"{self.folder}: no gt/images.txt, no truth/images.txt")

    def mesh(self, kind: str) -> pathlib.Path | None:
        """The true `object` or `ground`, if the scene has one."""
        candidates = (self.truth / f"mesh_{kind}.ply", self.truth / f"{kind}.ply")
        return next((path for path in candidates if path.is_file()), None)


class Cost(NamedTuple):
    """Of one process and its children."""

    cpu: float  # seconds
    wall: float  # seconds
    megabytes: float  # peak
    status: int


def run(command: list, log: pathlib.Path, threads: int) -> Cost:
    """Runs a program with at most `threads` threads; its output goes to the end of `log`."""
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    with open(log, "ab") as output:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024, process.returncode)


def json_of(command: list) -> dict | None:
    """The JSON object that a Python program prints, or nothing when it fails."""
    result = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True)
    if result.returncode != 0:
        print(result.stderr.strip(), file=sys.stderr)
        return None
    return json.loads(result.stdout)


def look_up(values: dict | None, *keys: str, scale: float = 1, digits: int = 3) -> str:
    """A number deep in a JSON object as text; empty when it is not there."""
    value: object = values
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return "" if value is None else f"{scale * float(value):.{digits}f}"  # type: ignore[arg-type]
