#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copies of a photo scene under harder conditions, with the same truth.

    Benchmarks/harder.py SCENE FOLDER

Writes FOLDER/SCENE-faint (contrast divided by 4 about mid-grey, then Gaussian noise of 3 grey levels) and
FOLDER/SCENE-exposure (each photo brighter or darker by a factor within 1 ± 0.3). Truth is linked, not copied. Needs numpy and
Pillow.
"""
import pathlib
import sys

import numpy as np
from PIL import Image


def faint(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return 128 + (pixels - 128) / 4 + random.normal(0, 3, pixels.shape)


def exposure(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return pixels * random.uniform(0.7, 1.3)


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    scene, target = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    for change in (faint, exposure):
        folder = target / f"{scene.name}-{change.__name__}"
        (folder / "images").mkdir(parents=True, exist_ok=True)
        truth = next(scene / name for name in ("gt", "truth") if (scene / name).is_dir())
        if not (folder / truth.name).exists():
            (folder / truth.name).symlink_to(truth)
        for number, path in enumerate(sorted((scene / "images").iterdir())):
            pixels = np.asarray(Image.open(path).convert("RGB"), float)
            changed = change(pixels, np.random.default_rng(number))
            Image.fromarray(changed.clip(0, 255).round().astype(np.uint8)).save(folder / "images" / path.name, quality=97)


if __name__ == "__main__":
    main()
