#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reconstructs photo scenes with Zeroset and with COLMAP in one run, and scores both with an independent program.

    Benchmarks/photos.py --score eval_poses.py --work FOLDER [--known] [--rounds 1] [--only ours|peer] SCENE …

A SCENE is a folder with `images/` and the truth as a COLMAP text model in `gt/` (or `truth/`), with true meshes beside it
where there are some. Every stage is a process of its own, limited to two threads; rounds alternate between the programs.
The scorer is run as `PYTHON eval_poses.py --est MODEL --gt TRUTH` and prints one JSON object.

Intrinsics are unknown (one camera, focal length searched and refined) or, with --known, given from the truth.

Prints a Markdown table: CPU seconds by stage and peak memory of the worst stage as medians over rounds, accuracy of the last
round. AUC counts pairs with an unregistered photo as wrong. "To surface" is the median distance of points in the object's
box to the true surface, in % of the object's diagonal.
"""
from __future__ import annotations

import argparse
import pathlib
import shutil
import statistics
import sys

from scenes import RECONSTRUCT, ROOT, Cost, Scene, json_of, look_up, run

STAGES = ("extract", "match", "map")
OUR_STAGES = {"extract": "features", "match": "match", "map": "map"}


def command(program: str, stage: str, scene: Scene, work: pathlib.Path, threads: int, known: bool) -> list:
    if program == "peer":
        words = [sys.executable, ROOT / "Benchmarks/peers/pycolmap_stage.py", stage, "--images", scene.images, "--work", work,
                 "--threads", threads]
        return words + (["--known", scene.truth] if known else [])
    words = [RECONSTRUCT, OUR_STAGES[stage], *([scene.images] if stage == "extract" else []), "-o", work,
             "--threads", threads, "--quiet"]
    return words + (["--intrinsics", scene.truth / "cameras.txt"] if known and stage == "extract" else [])


def reconstruct(program: str, scene: Scene, work: pathlib.Path, threads: int, known: bool) -> dict[str, Cost]:
    """Runs the three stages in an empty folder; a failed stage ends the run."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # Beside the folder: a workspace holds nothing from elsewhere.
    log = work.with_name(f"{work.name}.log")
    costs: dict[str, Cost] = {}
    for stage in STAGES:
        costs[stage] = run(command(program, stage, scene, work, threads, known), log, threads)
        # 2 is a partial result: some photos are not registered, which the score will tell.
        if costs[stage].status not in (0, 2):
            print(f"{scene.name}: {program}, {stage} ended with status {costs[stage].status}; see {log}",
                  file=sys.stderr)
            break
    return costs


def to_surface(scene: Scene, model: pathlib.Path) -> dict | None:
    target = scene.mesh("object")
    if target is None:
        return None
    words = [ROOT / "Benchmarks/peers/points_to_mesh.py", "--model", model, "--truth", scene.truth, "--object", target]
    ground = scene.mesh("ground")
    return json_of(words + (["--context", ground] if ground else []))


def row(program: str, scene: Scene, work: pathlib.Path, rounds: list[dict[str, Cost]], scorer: pathlib.Path,
        baseline: float | None) -> tuple[str, float]:
    cpu = {stage: [costs[stage].cpu for costs in rounds if stage in costs] for stage in STAGES}
    seconds = {stage: statistics.median(values) for stage, values in cpu.items() if values}
    total = sum(seconds.values())
    memory = statistics.median(max(cost.megabytes for cost in costs.values()) for costs in rounds)
    model = work / "sparse"
    has_model = any(model.glob("*/images.*"))
    score = json_of([scorer, "--est", model, "--gt", scene.truth]) if has_model else None
    surface = to_surface(scene, pathlib.Path(score["est_dir"])) if score else None
    registered = f"{score['images_registered'] if score else 0}/{len(list(scene.images.iterdir()))}"
    cells = [scene.name, "Zeroset" if program == "ours" else "pycolmap",
             *(f"{seconds[stage]:.1f}" if stage in seconds else "" for stage in STAGES), f"{total:.1f}",
             f"{total / baseline:.2f}" if baseline else "", f"{memory:.0f}", registered,
             "/".join(look_up(score, "pairs", "auc_all", f"auc@{bound}") or "0" for bound in (1, 3, 5)),
             look_up(score, "ate", "rmse_pct_extent"), look_up(score, "focal_err_pct", "median", digits=2),
             look_up(score, "points", "count", digits=0), look_up(score, "points", "reproj_px", "mean", digits=2),
             look_up(surface, "median_percent")]
    return "| " + " | ".join(cells) + " |", total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--known", action="store_true", help="give the true intrinsics")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["ours", "peer"])
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    programs = [arguments.only] if arguments.only else ["peer", "ours"]

    print("| scene | program | extract s | match s | map s | sum s CPU | ratio | peak MB | registered | AUC@1/3/5 | ATE % "
          "| focal error % | points | reprojection px | to surface % |\n" + "|---" * 15 + "|")
    for folder in arguments.scenes:
        scene = Scene(folder.resolve())
        work = {program: arguments.work / scene.name / program for program in programs}
        rounds: dict[str, list[dict[str, Cost]]] = {program: [] for program in programs}
        for _ in range(arguments.rounds):
            for program in programs:
                rounds[program].append(
                    reconstruct(program, scene, work[program], arguments.threads, arguments.known))
        baseline = None
        for program in programs:
            text, total = row(program, scene, work[program], rounds[program], arguments.score, baseline)
            if program == "peer":
                baseline = total
            print(text, flush=True)


if __name__ == "__main__":
    main()
