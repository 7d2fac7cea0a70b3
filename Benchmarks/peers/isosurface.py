#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Iso-surfacing of a 256³ grid by other libraries: CPU seconds of the fastest of several runs; one JSON object.

    isosurface.py GRID.raw      32-bit floats, x fastest, as `iso-bench` writes them
"""
from __future__ import annotations

import json
import sys
import time
from typing import Callable

import mcubes
import numpy as np
import skimage.measure
import vtkmodules.all as vtk
from vtkmodules.util.numpy_support import numpy_to_vtk


def best_cpu_seconds(body: Callable[[], object], repeats: int = 5) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        body()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    count = 256
    values = np.fromfile(sys.argv[1], "<f4").reshape(count, count, count)
    result: dict[str, float] = {}

    vtk.vtkSMPTools.SetBackend("Sequential")
    image = vtk.vtkImageData()
    image.SetDimensions(count, count, count)
    image.GetPointData().SetScalars(numpy_to_vtk(values.ravel()))
    for normals in (False, True):
        edges = vtk.vtkFlyingEdges3D()
        edges.SetInputData(image)
        edges.SetValue(0, 0)
        edges.SetComputeNormals(normals)
        edges.SetComputeGradients(False)
        edges.SetComputeScalars(False)

        def run() -> None:
            edges.Modified()
            edges.Update()

        name = "vtk_flying_edges" + ("_normals" if normals else "")
        result[f"{name}_cpu_seconds"] = best_cpu_seconds(run)
        result["vtk_flying_edges_vertices"] = edges.GetOutput().GetNumberOfPoints()
        result["vtk_flying_edges_triangles"] = edges.GetOutput().GetNumberOfPolys()

    result["scikit_image_cpu_seconds"] = best_cpu_seconds(lambda: skimage.measure.marching_cubes(values, 0), 2)
    result["pymcubes_cpu_seconds"] = best_cpu_seconds(lambda: mcubes.marching_cubes(values, 0), 2)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
