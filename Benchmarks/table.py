# SPDX-License-Identifier: Apache-2.0
"""Joins the JSON files of `run` into one table: medians over rounds, and their ratios."""
from __future__ import annotations

import json
import pathlib
import statistics
import sys


def medians(folder: pathlib.Path, stem: str) -> dict[str, float]:
    """The median of every figure over the rounds of one program."""
    rounds = [json.loads(path.read_text()) for path in sorted(folder.glob(f"{stem}.[0-9].json"))]
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    kernel, iso, peers = (medians(folder, stem) for stem in ("kernel", "iso", "peers"))
    rows: list[tuple[str, str, str, str]] = []

    for isa in ("avx512", "avx2", "baseline"):
        if f"peak_gigaflops_{isa}" not in kernel:
            continue
        rows.append((f"peak of one core, {isa}", f"{kernel[f'peak_gigaflops_{isa}']:.0f} GFLOP/s", "", ""))
        for width in (64, 256):
            for kind in ("forward", "weights"):
                share = kernel[f"gemm_share_{isa}_{width}_{kind}"]
                rows.append((f"tile product, width {width}, {kind}, {isa}", f"{share:.0%} of peak", "", ""))
        patches = kernel[f"patch_comparisons_per_second_{isa}"]
        rows.append((f"comparison of 45-pixel patches, {isa}", f"{patches / 1e6:.1f} M/s", "", ""))
    for name, title in (("relu_256x5", "256×5 ramp network, training"),
                        ("occupancy", "occupancy network, training, every penalty active"),
                        ("occupancy_without_penalty", "occupancy network, training, no penalty")):
        rows.append((f"{title}: share of peak", f"{kernel[f'{name}_share_of_peak']:.0%}", "", ""))
        rows.append((f"{title}: 2 threads over 1", f"{kernel[f'{name}_speedup_2_threads']:.2f}", "", ""))
        unit = "points" if name == "relu_256x5" else "samples"
        for threads in (1, 2):
            other = medians(folder, f"{'perceptron' if name == 'relu_256x5' else 'occupancy'}.{threads}")
            ours = kernel[f"{name}_{unit}_per_second_{threads}"]
            theirs = other[f"{name}_{unit}_per_second"]
            rows.append((f"{title}, {threads} thread{'s' if threads > 1 else ''}", f"{ours / 1000:.1f} k/s",
                         f"PyTorch {theirs / 1000:.1f} k/s", f"{ours / theirs:.2f}× as fast"))
    title = "radiance field, training"
    rows.append((f"{title}: 2 threads over 1", f"{kernel['radiance_speedup_2_threads']:.2f}", "", ""))
    for threads in (1, 2):
        ours, theirs = (kernel[f"radiance_samples_per_second_{threads}"],
                        medians(folder, f"radiance.{threads}")["radiance_samples_per_second"])
        rows.append((f"{title}, {threads} thread{'s' if threads > 1 else ''}", f"{ours / 1000:.1f} k/s",
                     f"PyTorch {theirs / 1000:.1f} k/s", f"{ours / theirs:.2f}× as fast"))
    dense = iso["dense_cpu_seconds_1"]
    rows.append(("marching cubes, 256³ gyroid, 1 thread", f"{dense:.3f} s CPU, {iso['triangles']:.0f} triangles", "", ""))
    for key, title in (("vtk_flying_edges", "vtkFlyingEdges3D"), ("vtk_flying_edges_normals", "vtkFlyingEdges3D, normals"),
                       ("scikit_image", "scikit-image"), ("pymcubes", "PyMCubes")):
        theirs = peers[f"{key}_cpu_seconds"]
        rows.append(("", "", f"{title} {theirs:.3f} s", f"{dense / theirs:.2f}× its time"))
    for shape in ("ball", "torus", "gyroid_2", "gyroid_4"):
        saved, seconds = iso[f"sparse_{shape}_queries_saved"], iso[f"sparse_{shape}_cpu_seconds"]
        rows.append((f"sparse extraction, {shape.replace('_', ', periods ')}", f"{seconds:.2f} s CPU", "dense grid of 256³",
                     f"{saved:.1f}× fewer queries"))

    print(f"{processor()}, medians of three rounds\n")
    print("| what | Zeroset | peer | ratio |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
