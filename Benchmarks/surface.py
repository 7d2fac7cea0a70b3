#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores our first mesh and screened Poisson on the same points with an independent program.

    Benchmarks/surface.py --score eval_surface.py --work FOLDER SCENE …

FOLDER is that of a finished run of `photos.py`: FOLDER/SCENE/ours holds a workspace with a model. Scenes without a true mesh
are left out. The scorer is run as `PYTHON eval_surface.py MESH --est-model MODEL --gt-model TRUTH --ref OBJECT
[--context GROUND]` and prints one JSON object.

Prints a Markdown table: F-scores at 0.25, 0.5 and 1 % of the object's diagonal on the part of the surface that the photos
see, CPU seconds and peak memory.
"""
from __future__ import annotations

import argparse
import pathlib
import sys

from scenes import RECONSTRUCT, ROOT, Scene, json_of, look_up, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()

    print("| scene | mesh | F 0.25 % | F 0.5 % | F 1 % | accuracy median % | completeness median % | unseen share | components "
          "| closed | s CPU | peak MB |\n" + "|---" * 12 + "|")
    for folder in arguments.scenes:
        scene = Scene(folder.resolve())
        target, ground = scene.mesh("object"), scene.mesh("ground")
        work = arguments.work / scene.name / "ours"
        model = work / "sparse/0"
        if target is None or not model.is_dir():
            print(f"{scene.name}: {'no true mesh' if target is None else f'no model at {model}'}", file=sys.stderr)
            continue
        poisson = work / "poisson.ply"
        makers = {
            "Zeroset": ([RECONSTRUCT, "surface", "-o", work, "--threads", arguments.threads, "--quiet", "--force"],
                        work / "mesh.ply"),
            "screened Poisson": ([sys.executable, ROOT / "Benchmarks/peers/poisson.py", "--model", model, "--truth",
                                  scene.truth, "--object", target, "--output", poisson], poisson),
        }
        for name, (command, mesh) in makers.items():
            mesh.unlink(missing_ok=True)
            cost = run(command, work.with_name("surface.log"), arguments.threads)
            if cost.status not in (0, 2) or not mesh.is_file():
                print(f"{scene.name}: {name} ended with status {cost.status}; see {work.with_name('surface.log')}",
                      file=sys.stderr)
                continue
            words = [arguments.score, mesh, "--est-model", model, "--gt-model", scene.truth, "--ref", target]
            score = json_of(words + (["--context", ground] if ground else []))
            cells = [scene.name, name, *(look_up(score, f"t{bound}", "f") for bound in ("0.25", "0.5", "1")),
                     look_up(score, "accuracy_pct", "median"), look_up(score, "completeness_pct", "median"),
                     look_up(score, "recon_unseen_share"), look_up(score, "components", digits=0),
                     "yes" if score and score["closed"] else "no", f"{cost.cpu:.1f}", f"{cost.megabytes:.0f}"]
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
