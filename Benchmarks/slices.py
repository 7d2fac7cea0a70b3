#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reconstructs sets of cross-sections with several seeds and scores the meshes with an independent program.

    Benchmarks/slices.py --data FOLDER --score eval_mesh.py --work FOLDER [--quality default] [--seeds 1 2 3]
        [--engines occupancy thinplate auto] [SHAPE …]

FOLDER holds `*.csl` and `thin/*.csl`, and references as `ref/SHAPE_scaled.stl`, or as `NAME.ply` in `ref/` beside a set
`NAME_planes.csl` (see `slice_shapes.py`). With several engines each shape has a row for each. The scorer is run as
`PYTHON eval_mesh.py MESH --csl SET [--ref REFERENCE]` and prints one JSON object. Finished meshes and scores stay in the work
folder and are not made again. Prints a Markdown table: medians over seeds, wall time and peak memory of the slowest seed.
"""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def reference(shape: pathlib.Path) -> pathlib.Path | None:
    folder = shape.parent / "ref"
    candidates = (folder / f"{shape.stem}_scaled.stl", folder / f"{shape.stem.split('_')[0]}.ply")
    return next((candidate for candidate in candidates if candidate.exists()), None)


def reconstruct(program: pathlib.Path, shape: pathlib.Path, engine: str, quality: str, seed: int, stem: pathlib.Path) -> dict:
    """Runs the program once; returns its report with wall seconds, processor seconds and peak memory in MB."""
    report = stem.with_name(stem.name + ".report.json")
    if report.exists():
        return json.loads(report.read_text())
    command = [program, "slices", shape, "-o", stem.with_name(stem.name + ".ply"),
               "--field", engine, "--quality", quality, "--seed", str(seed), "--json", "--quiet", "--force"]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{shape.name}: reconstruct ended with status {status}")
    result = {"report": json.loads(output), "wall": time.monotonic() - start,
              "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}
    report.write_text(json.dumps(result))
    return result


def score(shape: pathlib.Path, scorer: pathlib.Path, stem: pathlib.Path) -> dict:
    path = stem.with_name(stem.name + ".score.json")
    if not path.exists():
        command = [sys.executable, scorer, stem.with_name(stem.name + ".ply"), "--csl", shape]
        if (truth := reference(shape)) is not None:
            command += ["--ref", truth]
        path.write_text(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return json.loads(path.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--score", type=pathlib.Path, help="without it, meshes are made and not scored")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/reconstruct")
    parser.add_argument("--quality", default="default")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--engines", nargs="+", default=["occupancy"], choices=["occupancy", "thinplate", "auto"])
    parser.add_argument("shapes", nargs="*")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    shapes = sorted(arguments.data.glob("*.csl")) + sorted(arguments.data.glob("thin/*.csl"))
    if arguments.shapes:
        shapes = [shape for shape in shapes if shape.stem in arguments.shapes]

    print("| shape | field | IoU | HD95 | plane IoU mean | worst | staircase | components | genus | closed | s wall | s CPU | MB |\n"
          + "|---" * 13 + "|")
    for shape in shapes:
        for engine in arguments.engines:
            row(shape, engine, arguments)


def row(shape: pathlib.Path, engine: str, arguments: argparse.Namespace) -> None:
    runs, scores = [], []
    # Nothing in the thin-plate field is random.
    for seed in arguments.seeds[:1] if engine == "thinplate" else arguments.seeds:
        stem = arguments.work / f"{shape.stem}.{engine}.{arguments.quality}.{seed}"
        runs.append(reconstruct(arguments.program, shape, engine, arguments.quality, seed, stem))
        if arguments.score:
            scores.append(score(shape, arguments.score, stem))

    def median(*keys: str, digits: int = 4) -> str:
        values = []
        for value in scores:
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                values.append(value)
        return f"{statistics.median(values):.{digits}f}" if values else ""

    surfaces = [run["report"]["surface"]["mesh"] for run in runs]
    stairs = [run["report"]["staircase"] for run in runs if run["report"].get("staircase") is not None]
    chosen = runs[0]["report"]["engine"]["name"]
    print("|", " | ".join([
        shape.stem, engine if engine == chosen else f"{engine}: {chosen}",
        median("vs_reference", "iou"), median("vs_reference", "hd95_rel"), median("vs_slices", "mean_plane_iou"),
        median("vs_slices", "min_plane_iou"), f"{statistics.median(stairs):.3f}" if stairs else "",
        "/".join(str(s["components"]) for s in surfaces), "/".join(str(s.get("genus")) for s in surfaces),
        "yes" if all(s["isClosed"] and s["isManifold"] and s["volume"] > 0 for s in surfaces) else "NO",
        f"{max(run['wall'] for run in runs):.1f}", f"{max(run['cpu'] for run in runs):.1f}",
        f"{max(run['megabytes'] for run in runs):.0f}"]), "|", flush=True)


if __name__ == "__main__":
    main()
