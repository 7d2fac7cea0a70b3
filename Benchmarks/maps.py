#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores maps, with ingredients of the neural one left out and beside pycolmap's mappers, all on the same matches.

    Benchmarks/maps.py --score eval_poses.py --work FOLDER [--seeds 1] [--every 1] [--only VARIANT …]
        [--reconstruct PROGRAM] [--threads 2] SCENE …

A SCENE is as for `photos.py`. Features and matches are found once, by us, of every k-th photo with --every k, intrinsics
unknown; every mapper gets the same database. The scorer is run as `PYTHON eval_poses.py --est MODEL --gt TRUTH` and prints
one JSON object.

Variants: `geometric`, `neural` (the defaults of each), the neural map without SDF triangulation, without SDF rejection,
without neural bundle adjustment, with the surface's weight kept in the last adjustment; `incremental` and `global` are
pycolmap's.

Prints a Markdown table of medians over seeds: registered photos, AUC, error of camera centres in % of the extent, points, and,
in scenes with a true mesh, the median distance of points in the object's box to the surface in % of the object's diagonal and
the share of them that is off by more than 1 %. AUC counts pairs with an unregistered photo as wrong.
"""
from __future__ import annotations

import argparse
import pathlib
import shutil
import statistics
import sys

from scenes import RECONSTRUCT, ROOT, Cost, Scene, json_of, run

# Flags of `reconstruct map`, or the name of one of pycolmap's mappers.
VARIANTS: dict[str, list[str] | str] = {
    "incremental": "incremental",
    "global": "global",
    "geometric": ["--map", "geometric"],
    "neural": ["--map", "neural"],
    "no triangulation": ["--map", "neural", "--sdf-triangulation", "off"],
    "no rejection": ["--map", "neural", "--sdf-rejection", "off"],
    "no neural adjustment": ["--map", "neural", "--neural-ba", "off"],
    "surface kept": ["--map", "neural", "--final-sdf-weight", "1"],
}


def database_of(scene: Scene, arguments: argparse.Namespace) -> tuple[pathlib.Path, pathlib.Path]:
    """The photos in use, and a database with their matches."""
    work = arguments.work / scene.name / f"every{arguments.every}"
    photos, workspace = work / "photos", work / "matches"
    if not (workspace / "database.db").is_file():
        shutil.rmtree(work, ignore_errors=True)
        photos.mkdir(parents=True)
        for path in sorted(scene.images.iterdir())[::arguments.every]:
            shutil.copy(path, photos / path.name)
        log = work / "matches.log"
        for words in (["features", photos], ["match"]):
            cost = run([arguments.reconstruct, *words, "-o", workspace, "--quiet"], log, arguments.threads)
            if cost.status != 0:
                raise SystemExit(f"{scene.name}: {words[0]} ended with status {cost.status}; see {log}")
    return photos, workspace / "database.db"


def made(variant: str, seed: int, scene: Scene, arguments: argparse.Namespace) -> tuple[pathlib.Path, Cost]:
    """The folder of models, and what they cost."""
    photos, database = database_of(scene, arguments)
    work = arguments.work / scene.name / f"every{arguments.every}" / f"{variant.replace(' ', '-')}-{seed}"
    shutil.rmtree(work, ignore_errors=True)
    choice = VARIANTS[variant]
    log = work.with_name(f"{work.name}.log")
    if isinstance(choice, str):
        work.mkdir(parents=True)
        copy = shutil.copy(database, work / "database.db")
        words = [sys.executable, ROOT / "Benchmarks/peers/pycolmap_map.py", choice, "--database", copy, "--images", photos,
                 "--output", work / "sparse", "--threads", arguments.threads, "--seed", seed]
    else:
        words = [arguments.reconstruct, "map", "--database", database, "-o", work, "--seed", seed, "--threads",
                 arguments.threads, "--quiet", *choice]
    return work / "sparse", run(words, log, arguments.threads)


def scored(variant: str, seed: int, scene: Scene, arguments: argparse.Namespace) -> dict[str, float]:
    models, cost = made(variant, seed, scene, arguments)
    figures = {"registered": 0.0, "auc@1": 0.0, "auc@3": 0.0, "auc@5": 0.0, "cpu": cost.cpu, "wall": cost.wall}
    if not any(models.glob("*/images.*")):
        return figures
    score = json_of([arguments.score, "--est", models, "--gt", scene.truth])
    if score is None:
        return figures
    # Pairs of photos that take part; the scorer knows the whole scene.
    used = len(sorted(scene.images.iterdir())[::arguments.every])
    pairs = score["pairs"]
    share = used * (used - 1) / 2 / pairs["gt"]
    figures["registered"] = score["images_registered"]
    figures.update({name: pairs["auc_all"][name] / share for name in ("auc@1", "auc@3", "auc@5")})
    figures["centres"] = score["ate"]["rmse_pct_extent"]
    figures["points"] = score["points"]["count"]
    if (target := scene.mesh("object")) is not None:
        words = [ROOT / "Benchmarks/peers/points_to_mesh.py", "--model", score["est_dir"], "--truth", scene.truth,
                 "--object", target]
        ground = scene.mesh("ground")
        if surface := json_of(words + (["--context", ground] if ground else [])):
            figures["off"] = surface["median_percent"]
            figures["outliers"] = 100 * surface["beyond_1_percent"]
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=sorted(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--reconstruct", type=pathlib.Path, default=RECONSTRUCT)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    print("| scene | map | registered | AUC@1/3/5 | centres % | points | to surface % | off by 1 %, % | s CPU | s wall |\n"
          + "|---" * 10 + "|")
    for folder in arguments.scenes:
        scene = Scene(folder.resolve())
        count = len(sorted(scene.images.iterdir())[::arguments.every])
        for variant in arguments.only:
            runs = [scored(variant, seed, scene, arguments) for seed in arguments.seeds]

            def median(name: str, digits: int) -> str:
                values = [figures[name] for figures in runs if name in figures]
                return f"{statistics.median(values):.{digits}f}" if values else ""

            cells = [scene.name, variant, f"{median('registered', 0)}/{count}",
                     "/".join(median(f"auc@{bound}", 4) for bound in (1, 3, 5)), median("centres", 3), median("points", 0),
                     median("off", 3), median("outliers", 2), median("cpu", 1), median("wall", 1)]
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
