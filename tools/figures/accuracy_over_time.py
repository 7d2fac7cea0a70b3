#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the accuracy of a surface grows with the time it is given: a plot and a table.

    tools/figures/accuracy_over_time.py SCENE --model MODEL --score eval_surface.py --work FOLDER
        [--steps 225 450 900 1800 3600] [--seed 1] [--reconstruct PROGRAM] [--threads 2] [--samples 40000]
        [--clock wall|cpu] [--output docs/images/accuracy-over-time.png]

Runs `reconstruct surface` from a COLMAP model with several numbers of training steps, with and without stereo points, and
scores each mesh as `Benchmarks/surface.py` does. Seconds are those of the whole stage: stereo, training, extraction and colours.
Prints the table in Markdown. Needs matplotlib.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))
import scenes  # noqa: E402


class Sample(NamedTuple):
    stereo: str
    steps: int
    wall: float
    cpu: float
    scores: tuple[float, float, float]  # F at 0.25, 0.5 and 1 % of the diagonal


def measure(arguments: argparse.Namespace, scene: scenes.Scene, stereo: str, steps: int) -> Sample | None:
    output = arguments.work / f"{scene.name}-{stereo}-{steps}"
    shutil.rmtree(output, ignore_errors=True)
    printed = subprocess.run([arguments.reconstruct, "surface", "-o", output, "--stereo", stereo, "--print-options"],
                             capture_output=True, text=True, check=True).stdout
    options = json.loads(printed)
    options["surface"]["training"]["steps"] = steps
    path = output.with_suffix(".json")
    path.write_text(json.dumps(options))
    cost = scenes.run([arguments.reconstruct, "surface", "--model", arguments.model, "--images", scene.images, "-o", output,
                       "--options", path, "--seed", arguments.seed, "--threads", arguments.threads, "--quiet"],
                      output.with_suffix(".log"), arguments.threads)
    if cost.status != 0:
        print(f"{output.name}: status {cost.status}; see {output.with_suffix('.log')}", file=sys.stderr)
        return None
    words = [arguments.score, output / "mesh.ply", "--est-model", arguments.model, "--gt-model", scene.truth, "--ref",
             scene.mesh("object"), "--samples", arguments.samples]
    ground = scene.mesh("ground")
    score = scenes.json_of(words + (["--context", ground] if ground else []))
    if score is None:
        return None
    return Sample(stereo, steps, cost.wall, cost.cpu, tuple(score[f"t{bound}"]["f"] for bound in ("0.25", "0.5", "1")))


def plot(samples: list[Sample], name: str, clock: str, path: pathlib.Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.2), dpi=110)
    for stereo, style, label in (("on", "-", "with stereo points"), ("off", "--", "without")):
        chosen = [sample for sample in samples if sample.stereo == stereo]
        for index, (bound, color) in enumerate((("0.25", "#1f5fa8"), ("0.5", "#d9822b"), ("1", "#3a8f4d"))):
            axes.plot([getattr(sample, clock) for sample in chosen], [sample.scores[index] for sample in chosen], style, marker="o",
                      markersize=4, color=color, label=f"F at {bound} %, {label}")
    axes.set_xscale("log")
    seconds = [getattr(sample, clock) for sample in samples]
    ticks = [value for value in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200) if 0.9 * min(seconds) <= value <= 1.1 * max(seconds)]
    axes.set_xticks(ticks, [str(value) for value in ticks])
    axes.minorticks_off()
    axes.set_xlabel(f"{'wall' if clock == 'wall' else 'CPU'} seconds of the surface stage")
    axes.set_ylabel("F-score")
    axes.set_title(f"{name}: accuracy over time")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--score", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, nargs="+", default=[225, 450, 900, 1800, 3600])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samples", type=int, default=40_000)
    parser.add_argument("--reconstruct", type=pathlib.Path, default=scenes.RECONSTRUCT)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="cpu where other programs run")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/images/accuracy-over-time.png")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    scene = scenes.Scene(arguments.scene.resolve())
    if scene.mesh("object") is None:
        raise SystemExit(f"{scene.name}: no true mesh")
    print("| stereo | steps | s wall | s CPU | F 0.25 % | F 0.5 % | F 1 % |\n" + "|---" * 7 + "|", flush=True)
    samples: list[Sample] = []
    for stereo in ("on", "off"):
        for steps in sorted(arguments.steps):
            if sample := measure(arguments, scene, stereo, steps):
                samples.append(sample)
                print(f"| {stereo} | {steps} | {sample.wall:.1f} | {sample.cpu:.1f} | "
                      + " | ".join(f"{value:.3f}" for value in sample.scores) + " |", flush=True)
    if not samples:
        raise SystemExit("no surface")
    plot(samples, scene.name, arguments.clock, arguments.output)


if __name__ == "__main__":
    main()
