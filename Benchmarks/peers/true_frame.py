# SPDX-License-Identifier: Apache-2.0
"""From the frame of an estimated model to that of the truth, by camera centres alone."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pycolmap


class Similarity(NamedTuple):
    """x ↦ scale · rotation · x + translation"""

    scale: float
    rotation: np.ndarray
    translation: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.scale * points @ self.rotation.T + self.translation


def to_truth(model: pycolmap.Reconstruction, truth: pycolmap.Reconstruction) -> Similarity:
    """The least-squares similarity between the centres of cameras with the same image name (Umeyama 1991)."""
    centers = {image.name: image.projection_center() for image in truth.images.values()}
    pairs = [(image.projection_center(), centers[image.name])
             for image in model.images.values() if image.has_pose and image.name in centers]
    if len(pairs) < 3:
        raise SystemExit("fewer than three cameras of the truth")
    source, target = (np.array(side) for side in zip(*pairs))
    a, b = source - source.mean(0), target - target.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(sign) @ vt
    scale = float((s * sign).sum() / (a * a).sum())
    return Similarity(scale, rotation, target.mean(0) - scale * rotation @ source.mean(0))


def in_box(points: np.ndarray, bounds: np.ndarray, margin: float) -> np.ndarray:
    """Which points lie in the box `bounds`, grown by `margin` of its diagonal on all sides."""
    grown = bounds + np.array([[-margin], [margin]]) * np.linalg.norm(bounds[1] - bounds[0])
    return ((points >= grown[0]) & (points <= grown[1])).all(1)
