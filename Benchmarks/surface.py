#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores our surfaces, with ingredients left out and beside screened Poisson, with an independent program.

    Benchmarks/surface.py --score eval_surface.py --work FOLDER [--seeds 1 2 3] [--only VARIANT …] [--variant NAME=FLAGS …]
        [--model MODEL] [--reconstruct PROGRAM] [--threads 2] [--samples 40000] SCENE …

FOLDER is that of a finished run of `photos.py`: FOLDER/SCENE/ours holds a workspace with a model. With --model, surfaces start
from that COLMAP model instead (one scene only). Scenes without a true mesh are left out. The scorer is run as `PYTHON
eval_surface.py MESH --est-model MODEL --gt-model TRUTH --ref OBJECT [--context GROUND] --samples COUNT` and prints one JSON
object.

Variants of ours: `default`, `fast`, and the default without stereo (`no stereo`), without photo-consistency (`no photometric`),
without its pull on normals (`no normals`), without coarser pictures first (`no pyramid`), without stereo and photo-consistency
(`sparse only`); more by --variant, as "high=--quality high". Peers, on the same model: screened Poisson of MeshLab on the
sparse points (`poisson sparse`) and on the oriented points of `reconstruct depth` (`poisson dense`).

Prints a Markdown table: medians over seeds of F-scores at 0.25, 0.5 and 1 % of the object's diagonal on the part of the surface
that the photos see, of wall and CPU seconds of the surface alone, and of peak memory. Poisson has no seed and runs once; the
cost of `poisson dense` includes that of the depth maps.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
from typing import Callable

from scenes import RECONSTRUCT, ROOT, Cost, Scene, json_of, run


def without_pyramid(surface: dict) -> None:
    surface["photometric"].update(halfSizeStart=0, fullSizeStart=0)


def without_stereo(surface: dict) -> None:
    surface["stereo"] = "off"


def without_photometric(surface: dict) -> None:
    surface["photometric"] = None


def sparse_only(surface: dict) -> None:
    without_stereo(surface)
    without_photometric(surface)


# Flags, or a change of the options that --print-options writes.
VARIANTS: dict[str, list[str] | Callable[[dict], None]] = {
    "default": [],
    "fast": ["--quality", "fast"],
    "no stereo": without_stereo,
    "no photometric": without_photometric,
    "no normals": lambda surface: surface["photometric"].update(usesNormals=False),
    "no pyramid": without_pyramid,
    "sparse only": sparse_only,
}
PEERS = ("poisson sparse", "poisson dense")
COLUMNS = ("F 0.25 %", "F 0.5 %", "F 1 %", "accuracy median %", "completeness median %", "normal consistency", "unseen share",
           "components", "s wall", "s CPU", "peak MB")


class Bench:
    """One scene and the model that surfaces of it start from."""

    def __init__(self, arguments: argparse.Namespace, scene: Scene):
        self.program, self.scorer, self.threads = arguments.reconstruct, arguments.score, arguments.threads
        self.samples = arguments.samples
        self.scene = scene
        self.model = arguments.model or arguments.work / scene.name / "ours/sparse/0"
        self.folder = arguments.work / scene.name / "surfaces"
        self.folder.mkdir(parents=True, exist_ok=True)

    def log(self, name: str) -> pathlib.Path:
        return self.folder / f"{name.replace(' ', '-')}.log"

    def flags(self, name: str, variant: list[str] | Callable[[dict], None]) -> list[str]:
        if not callable(variant):
            return variant
        printed = subprocess.run([self.program, "surface", "-o", self.folder / "options", "--print-options"],
                                 capture_output=True, text=True, check=True).stdout
        options = json.loads(printed)
        variant(options["surface"])
        path = self.folder / f"{name.replace(' ', '-')}.json"
        path.write_text(json.dumps(options, indent=2))
        return ["--options", str(path)]

    def ours(self, name: str, flags: list[str], seed: int) -> tuple[Cost, pathlib.Path]:
        # Not in the workspace of the model: each surface starts afresh, and nothing of an earlier one is used.
        output = self.folder / name.replace(" ", "-")
        shutil.rmtree(output, ignore_errors=True)
        cost = run([self.program, "surface", "--model", self.model, "--images", self.scene.images, "-o", output, "--seed", seed,
                    "--threads", self.threads, "--quiet", *flags], self.log(name), self.threads)
        return cost, output / "mesh.ply"

    def poisson(self, name: str) -> tuple[Cost, pathlib.Path]:
        mesh = self.folder / f"{name.replace(' ', '-')}.ply"
        mesh.unlink(missing_ok=True)
        words = [sys.executable, ROOT / "Benchmarks/peers/poisson.py", "--model", self.model, "--truth", self.scene.truth,
                 "--object", self.scene.mesh("object"), "--output", mesh]
        if name == "poisson sparse":
            return run(words, self.log(name), self.threads), mesh
        depth = self.folder / "depth"
        shutil.rmtree(depth, ignore_errors=True)
        first = run([self.program, "depth", self.model, "--images", self.scene.images, "-o", depth, "--threads", self.threads,
                     "--quiet"], self.log(name), self.threads)
        second = run([*words, "--points", depth / "dense.ply", "--depth", 9], self.log(name), self.threads)
        total = Cost(first.cpu + second.cpu, first.wall + second.wall, max(first.megabytes, second.megabytes), second.status)
        return total, mesh

    def score(self, name: str, cost: Cost, mesh: pathlib.Path) -> list[float] | None:
        if cost.status not in (0, 2) or not mesh.is_file():
            print(f"{self.scene.name}: {name} ended with status {cost.status}; see {self.log(name)}", file=sys.stderr)
            return None
        refined = mesh.parent / "refined/sparse/0"
        words = [self.scorer, mesh, "--est-model", refined if refined.is_dir() else self.model, "--gt-model", self.scene.truth, "--ref",
                 self.scene.mesh("object"), "--samples", self.samples]
        ground = self.scene.mesh("ground")
        score = json_of(words + (["--context", ground] if ground else []))
        if score is None:
            return None
        return [*(score[f"t{bound}"]["f"] for bound in ("0.25", "0.5", "1")), score["accuracy_pct"]["median"],
                score["completeness_pct"]["median"], score["normal_consistency"], score["recon_unseen_share"],
                score["components"], cost.wall, cost.cpu, cost.megabytes]


def row(scene: Scene, name: str, runs: list[list[float]]) -> str:
    middle = [statistics.median(values) for values in zip(*runs)]
    digits = (3, 3, 3, 3, 3, 3, 3, 0, 1, 1, 0)
    return "| " + " | ".join([scene.name, name, *(f"{value:.{count}f}" for value, count in zip(middle, digits))]) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", nargs="+", choices=[*VARIANTS, *PEERS], default=[*VARIANTS, *PEERS])
    parser.add_argument("--variant", action="append", default=[], metavar="NAME=FLAGS")
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--reconstruct", type=pathlib.Path, default=RECONSTRUCT)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samples", type=int, default=40_000)
    parser.add_argument("scenes", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    if arguments.model and len(arguments.scenes) > 1:
        parser.error("--model belongs to one scene")
    variants = {name: VARIANTS[name] for name in arguments.only if name in VARIANTS}
    for words in arguments.variant:
        name, _, flags = words.partition("=")
        variants[name] = shlex.split(flags)

    print("| scene | mesh | " + " | ".join(COLUMNS) + " |\n" + "|---" * (2 + len(COLUMNS)) + "|", flush=True)
    for folder in arguments.scenes:
        bench = Bench(arguments, Scene(folder.resolve()))
        if bench.scene.mesh("object") is None or not bench.model.is_dir():
            print(f"{bench.scene.name}: no true mesh, or no model at {bench.model}", file=sys.stderr)
            continue
        for name, variant in variants.items():
            flags = bench.flags(name, variant)
            scored = [bench.score(name, *bench.ours(name, flags, seed)) for seed in arguments.seeds]
            if runs := [values for values in scored if values]:
                print(row(bench.scene, name, runs), flush=True)
        for name in (peer for peer in PEERS if peer in arguments.only):
            if values := bench.score(name, *bench.poisson(name)):
                print(row(bench.scene, name, [values]), flush=True)


if __name__ == "__main__":
    main()
