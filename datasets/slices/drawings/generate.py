#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a drawing with every kind of outline, its table of planes, and what svgelements says of each, for tests.

    pip install svgelements numpy; ./generate.py

Every shape of `shapes.svg` is a layer on a plane of its own, z = 0, 1, 2 ... `expected.json` holds for each points on its outline
and its area by the even-odd rule (shapes with subpaths that overlap are left out).
"""
from __future__ import annotations

import io
import json
import pathlib

import numpy as np
import svgelements

HERE = pathlib.Path(__file__).resolve().parent

SHAPES = {
    "lines": "<path id='lines' d='M1 1 5 2 4 6l-3,1z'/>",
    "tight": "<path id='tight' d='M10-2.5.5e1-4-3.25.5-1-2z'/>",
    "levels": "<path id='levels' d='m2 3h8v4H4V9h-2z'/>",
    "cubic": "<path id='cubic' d='M0 0C0 4 6 8 9 3S14-4 16 2s-3 9-8 8z'/>",
    "quadratic": "<path id='quadratic' d='M0 0Q5 9 10 0T20 0t-4-8Q8-14 0 0Z'/>",
    "arcs": "<path id='arcs' d='M10 10A5 3 30 0 0 18 14 5 3 30 1 0 10 10z'/>",
    "large": "<path id='large' d='M0 0a6 4 -20 1 1 3 2a2 2 0 01-3-2z'/>",
    "small": "<path id='small' d='M0 0A1 1 0 0 1 10 0L5 8z'/>",
    "circle": "<circle id='circle' cx='3' cy='-2' r='4'/>",
    "ellipse": "<ellipse id='ellipse' cx='3' cy='2' rx='5' ry='2'/>",
    "rectangle": "<rect id='rectangle' x='1' y='2' width='7' height='4'/>",
    "rounded": "<rect id='rounded' x='1' y='2' width='9' height='5' rx='2' ry='1'/>",
    "polygon": "<polygon id='polygon' points='0,0 5,1 7 6 2,8 -1 3'/>",
    "turned": "<g transform='translate(3 4)'><g transform='rotate(33, 1, 2) skewX(15)'>"
              "<ellipse id='turned' rx='5' ry='2' transform='matrix(1 .2 -.3 1.5 2 1)'/></g></g>",
    "hole": "<path id='hole' d='M0 0H10V8H0z M2 2C2 7 8 7 8 2z'/>",
}


def area(path: svgelements.Path) -> float:
    """Even-odd area of nested subpaths from dense polygons: the second and later ones are holes here."""
    total = 0.0
    for number, subpath in enumerate(path.as_subpaths()):
        points = []
        for segment in svgelements.Path(subpath):
            if isinstance(segment, svgelements.Move):
                continue
            points += [segment.point(t) for t in np.linspace(0, 1, 2000, endpoint=False)]
        x, y = np.array([p.x for p in points]), np.array([p.y for p in points])
        twice = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))
        total += 0.5 * twice * (1 if number == 0 else -1)
    return total


def main() -> None:
    text = ("<?xml version='1.0' encoding='UTF-8'?>\n<!-- See generate.py. -->\n"
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-20 -20 60 60'>\n" + "\n".join(SHAPES.values()) + "\n</svg>\n")
    (HERE / "shapes.svg").write_text(text)
    rows = ["file,layer,ox,oy,oz,xx,xy,xz,yx,yy,yz"]
    rows += [f"shapes.svg,{name},0,0,{z},1,0,0,0,1,0" for z, name in enumerate(SHAPES)]
    (HERE / "planes.csv").write_text("\n".join(rows) + "\n")
    expected = []
    # Read without the view box, which scales to a page for svgelements.
    for name, shape in SHAPES.items():
        svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{shape}</svg>"
        drawing = svgelements.SVG.parse(io.StringIO(svg), reify=False)
        element = next(e for e in drawing.elements() if isinstance(e, svgelements.Shape))
        # Points are transformed one by one: svgelements turns sheared arcs into others.
        matrix, path = element.transform, svgelements.Path(element)
        path.transform.reset()
        points = []
        for segment in path:
            if isinstance(segment, svgelements.Move):
                continue
            points += [matrix.point_in_matrix_space(segment.point(t)) for t in (0.0, 0.21, 0.5, 0.83)]
        expected.append({"id": name, "points": [[round(p.x, 9), round(p.y, 9)] for p in points],
                         "area": area(path) * abs(matrix.a * matrix.d - matrix.b * matrix.c)})
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


main()
