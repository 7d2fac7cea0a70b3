# SPDX-License-Identifier: Apache-2.0
"""What every dataset is read into.

Conventions are those of COLMAP: `camera_from_world` motions x_camera = R x_world + t; the camera looks along +z, x to the right,
y down; pixel coordinates have the centre of the top left pixel at (0.5, 0.5).
"""
from __future__ import annotations

import pathlib
from dataclasses import dataclass, field

from . import linear
from .errors import DatasetError
from .linear import Matrix, Vector


@dataclass(frozen=True)
class Camera:
    """Intrinsics; `parameters` in COLMAP's order for its `model`."""

    width: int
    height: int
    parameters: tuple[float, ...]
    model: str = "PINHOLE"


@dataclass(frozen=True)
class View:
    """One photo with its true camera."""

    name: str  # in the folder of photos that is written
    photo: pathlib.Path
    camera: Camera
    rotation: Matrix
    translation: Vector

    @property
    def center(self) -> Vector:
        return linear.scaled(linear.apply(linear.transpose(self.rotation), self.translation), -1)


@dataclass(frozen=True)
class CropVolume:
    """A prism: a polygon in the two other axes, between two values of `axis`."""

    axis: int
    low: float
    high: float
    polygon: list[tuple[float, float]]  # of the other axes, in the order x, y, z

    def contains(self, point: Vector) -> bool:
        if not self.low <= point[self.axis] <= self.high:
            return False
        u, v = (value for axis, value in enumerate(point) if axis != self.axis)
        inside = False
        for (u0, v0), (u1, v1) in zip(self.polygon, self.polygon[1:] + self.polygon[:1]):
            if (v0 > v) != (v1 > v) and u < u0 + (v - v0) / (v1 - v0) * (u1 - u0):
                inside = not inside
        return inside


@dataclass(frozen=True)
class ReferencePart:
    """A file of the reference geometry, and the motion (or similarity) that takes it to the world of the cameras."""

    path: pathlib.Path
    world_from_part: Matrix | None = None  # 3 × 4


@dataclass(frozen=True)
class Reference:
    """The true geometry: scanned points, or a mesh."""

    kind: str  # "points" or "mesh"
    parts: list[ReferencePart]
    crop: CropVolume | None = None


@dataclass(frozen=True)
class Source:
    """Where a dataset comes from; the licence as its authors state it, as far as is known."""

    title: str
    licence: str
    citation: str


@dataclass
class Scene:
    """Photos with true cameras, and the true geometry if there is any."""

    name: str
    views: list[View]
    unit: str  # of the world: "mm", "m", or "unknown"
    reference: Reference | None = None
    has_intrinsics: bool = True
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """Choices that some datasets ask for."""

    light: str | None = None  # DTU: which of the photos of a view
    focal: float | None = None  # Tanks and Temples: focal length in pixels


def pinhole(k: Matrix, size: tuple[int, int], shift: float, where: str) -> Camera:
    """The camera of a 3 × 3 matrix K whose pixel coordinates lack `shift` to COLMAP's.

    Raises DatasetError when K is not that of a pinhole camera on a picture of `size` without skew.
    """
    width, height = size
    if k[2][2] <= 0 or any(abs(k[i][j]) > 1e-9 for i, j in ((1, 0), (2, 0), (2, 1))):
        raise DatasetError(f"{where}: K is not upper triangular with a positive last entry.")
    k = [linear.scaled(row, 1 / k[2][2]) for row in k]
    (fx, skew, cx), (_, fy, cy), _ = k
    if fx <= 0 or fy <= 0:
        raise DatasetError(f"{where}: focal lengths {fx:g} and {fy:g} are not both positive.")
    # How far skew moves a point at the upper or lower edge; COLMAP has no pinhole camera with skew.
    if abs(skew) * height / (2 * fy) > 0.5:
        raise DatasetError(f"{where}: pixels with a skew of {skew:g} are not supported.")
    if not (0.1 * width < cx < 0.9 * width and 0.1 * height < cy < 0.9 * height):
        raise DatasetError(f"{where}: the principal point ({cx:g}, {cy:g}) does not fit a photo of {width} × {height}; "
                           "are these the cameras of photos of another size?")
    return Camera(width, height, (fx, fy, cx + shift, cy + shift))


def rigid(matrix: Matrix, where: str) -> Matrix:
    """The rotation that a matrix is but for the rounding of its text."""
    departure = linear.departure_from_rotation(matrix)
    if not departure < 2e-3:
        raise DatasetError(f"{where}: not a rotation (departs by {departure:.2g}).")
    return linear.nearest_rotation(matrix)
