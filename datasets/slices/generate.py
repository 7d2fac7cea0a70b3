#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the cross-section sets of this folder from analytic solids.

    generate.py            write the files
    generate.py --check    fail when a file differs from what would be written

Needs nothing but Python. Solids are polynomials and only + - * / and square roots are used, which every IEEE machine rounds
alike, so that the files are the same bytes everywhere.
"""
from __future__ import annotations

import argparse
import math
import pathlib
import sys
from typing import Callable, NamedTuple

Vector = tuple[float, float, float]
Solid = Callable[[Vector], float]  # negative inside


def double_torus(p: Vector) -> float:
    """Genus 2, after f = (x²(1 - x²) - y²)² + z² - 1/25; 110 mm long."""
    x, y, z = (p[0] - 120) / 50, (p[1] + 40) / 50, (p[2] - 65) / 50
    lemniscate = x * x * (1 - x * x) - y * y
    return lemniscate * lemniscate + z * z - 0.02


def peanut(p: Vector) -> float:
    """A Cassini oval turned about a tilted axis, waist half as wide as the lobes; 120 mm long."""
    x, y, z = (p[0] + 30) / 50, (p[1] - 15) / 50, (p[2] - 200) / 50
    along = (2 * x + y + 2 * z) / 3
    square = x * x + y * y + z * z
    return (square + 0.64) * (square + 0.64) - 4 * 0.64 * along * along - 0.5


def shell(p: Vector) -> float:
    """An ellipsoid with half axes 60, 45 and 50 mm and a ball of 30 mm radius cut out, off its centre."""
    x, y, z = p[0] - 10, p[1] - 80, p[2] + 25
    outer = x * x / 3600 + y * y / 2025 + z * z / 2500 - 1
    cavity = ((x - 8) * (x - 8) + y * y + (z - 5) * (z - 5)) / 900 - 1
    return max(outer, -cavity)


def core(p: Vector) -> float:
    """A ball of 18 mm radius in the cavity of the shell, which it does not touch."""
    x, y, z = p[0] - 10, p[1] - 80, p[2] + 25
    return ((x - 6) * (x - 6) + (y - 2) * (y - 2) + (z - 4) * (z - 4)) / 324 - 1


class Plane(NamedTuple):
    """Points origin + u · across + v · up; `across`, `up` and `normal` are a right-handed orthonormal frame."""

    origin: Vector
    across: Vector
    up: Vector
    normal: Vector

    def point(self, u: float, v: float) -> Vector:
        return tuple(o + u * a + v * b for o, a, b in zip(self.origin, self.across, self.up))  # type: ignore


X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
TILTED = ((2 / 3, -2 / 3, 1 / 3), (1 / 3, 2 / 3, 2 / 3), (-2 / 3, -1 / 3, 2 / 3))


def stack(center: Vector, frame: tuple[Vector, Vector, Vector], offsets: list[float]) -> list[Plane]:
    across, up, normal = frame
    return [Plane(tuple(c + d * n for c, n in zip(center, normal)), across, up, normal) for d in offsets]  # type: ignore


class Body(NamedTuple):
    label: int
    solid: Solid


class Recipe(NamedTuple):
    name: str
    bodies: list[Body]
    planes: list[Plane]
    reach: float  # half of the side of the square that holds every section
    cells: int  # of the grid that sections are traced on


def recipes() -> list[Recipe]:
    return [
        Recipe("double-torus", [Body(1, double_torus)],
               stack((120.0, -40.0, 65.0), (Y, Z, X), [-52 + 6.5 * i for i in range(17)]), 40.0, 55),
        Recipe("peanut", [Body(1, peanut)],
               stack((-30.0, 15.0, 200.0), (X, Y, Z), [-48.0, -32.0, -16.0, 0.0, 16.0, 32.0, 48.0])
               + stack((-30.0, 15.0, 200.0), (Y, Z, X), [-36.0, -12.0, 12.0, 36.0])
               + stack((-30.0, 15.0, 200.0), TILTED, [-20.0, 0.0, 20.0]), 80.0, 79),
        Recipe("shell-and-core", [Body(1, shell), Body(2, core)],
               stack((10.0, 80.0, -25.0), (X, Y, Z), [-46 + 7.0 * i for i in range(14)]), 70.0, 67),
    ]


def crossing(solid: Solid, plane: Plane, a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Where the border of the solid cuts the segment from `a` (outside) to `b` (inside), by bisection."""
    for _ in range(60):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        if solid(plane.point(*middle)) < 0:
            b = middle
        else:
            a = middle
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def contours(recipe: Recipe, solid: Solid, plane: Plane) -> list[list[tuple[float, float]]]:
    """Closed contours in plane coordinates, inside on the left: outer ones counter-clockwise, holes clockwise."""
    n, step = recipe.cells, 2 * recipe.reach / recipe.cells
    # The grid is shifted a little, so that no symmetry of a solid puts a node on its border.
    at = [-recipe.reach + step * (i + 0.137) for i in range(n + 1)]
    inside = [[solid(plane.point(u, v)) < 0 for u in at] for v in at]
    if any(inside[j][i] for j in range(n + 1) for i in range(n + 1) if {i, j} & {0, n}):
        raise SystemExit(f"{recipe.name}: the section at {plane.origin} is larger than the grid")
    places: dict[tuple[int, int, int], tuple[float, float]] = {}
    following: dict[tuple[int, int, int], tuple[int, int, int]] = {}

    def cut(i: int, j: int, axis: int) -> tuple[int, int, int]:
        key = (i, j, axis)
        if key not in places:
            ends = [(at[i], at[j]), (at[i + 1 - axis], at[j + axis])]
            places[key] = crossing(solid, plane, *(reversed(ends) if inside[j][i] else ends))
        return key

    for j in range(n):
        for i in range(n):
            corners = [inside[j][i], inside[j][i + 1], inside[j + 1][i + 1], inside[j + 1][i]]
            if all(corners) or not any(corners):
                continue
            edges = [(i, j, 0), (i + 1, j, 1), (i, j + 1, 0), (i, j, 1)]
            # Corners and edges are walked counter-clockwise. With the inside on its left, a contour enters the cell
            # where inside turns to outside and leaves it where outside turns to inside.
            enters = [e for e in range(4) if corners[e] and not corners[(e + 1) % 4]]
            leaves = [e for e in range(4) if not corners[e] and corners[(e + 1) % 4]]
            if len(enters) == 2:
                middle = solid(plane.point((at[i] + at[i + 1]) / 2, (at[j] + at[j + 1]) / 2)) < 0
                turn = 1 if middle else 3
                leaves = [(e + turn) % 4 for e in enters]
            for e, l in zip(enters, leaves):
                following[cut(*edges[e])] = cut(*edges[l])
    result = []
    while following:
        start = min(following)
        key, loop = start, []
        while key in following:
            loop.append(places[key])
            key = following.pop(key)
        result.append(thinned(loop, 0.3 * step))
    return result


def thinned(loop: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Without points closer than `gap` to the one before: they say nothing more."""
    kept = [loop[0]]
    for point in loop[1:]:
        if math.sqrt((point[0] - kept[-1][0]) ** 2 + (point[1] - kept[-1][1]) ** 2) >= gap:
            kept.append(point)
    return kept


def area(loop: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(loop, loop[1:] + loop[:1])) / 2


def holds(loop: list[tuple[float, float]], point: tuple[float, float]) -> bool:
    odd = False
    for a, b in zip(loop, loop[1:] + loop[:1]):
        if (a[1] > point[1]) != (b[1] > point[1]):
            if a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) > point[0]:
                odd = not odd
    return odd


def number(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text if float(text) != 0 else f"{0:.{places}f}"


def section(recipe: Recipe, index: int, plane: Plane) -> list[str]:
    vertices: list[str] = []
    components: list[str] = []
    for body in recipe.bodies:
        loops = contours(recipe, body.solid, plane)
        outer = [loop for loop in loops if area(loop) > 0]
        first = len(components)
        for loop in outer + [loop for loop in loops if area(loop) < 0]:
            head = str(len(loop))
            if area(loop) < 0:
                parent = next(i for i, around in enumerate(outer) if holds(around, loop[0]))
                head += f"h{first + parent}"
            indices = range(len(vertices), len(vertices) + len(loop))
            components.append(" ".join([head, str(body.label), *map(str, indices)]))
            vertices += [" ".join(number(c, 4) for c in plane.point(*point)) for point in loop]
    offset = -sum(a * b for a, b in zip(plane.normal, plane.origin))
    equation = " ".join(number(c, 8) for c in (*plane.normal, offset))
    return [f"{index} {len(vertices)} {len(components)} {equation}", *vertices, *components, ""]


def text(recipe: Recipe) -> str:
    lines = [f"CSLC {len(recipe.planes)} {len(recipe.bodies) + 1}", ""]
    for index, plane in enumerate(recipe.planes):
        lines += section(recipe, index + 1, plane)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    folder = pathlib.Path(__file__).resolve().parent
    for recipe in recipes():
        path = folder / f"{recipe.name}.csl"
        made = text(recipe).encode("ascii")
        if not check:
            path.write_bytes(made)
        elif not path.is_file() or path.read_bytes() != made:
            sys.exit(f"{path.name} differs from its recipe; run {pathlib.Path(__file__).name}")


if __name__ == "__main__":
    main()
