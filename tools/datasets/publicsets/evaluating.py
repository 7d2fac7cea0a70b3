# SPDX-License-Identifier: Apache-2.0
"""The command `tools/datasets/evaluate`."""
from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import time

from . import table
from .command import Parser, exit_code
from .errors import DatasetError

ROOT = pathlib.Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None) -> int:
    parser = Parser(
        prog="evaluate",
        description="Reconstructs what tools/datasets/import made, and compares it with the truth: cameras, and the surface\n"
                    "when there is a reference. Writes OUT/run/ and OUT/evaluation.json. An interrupted run continues.",
        epilog="Options after -- go to `reconstruct images` or `reconstruct slices`, as in: evaluate OUT -- --quality fast\n"
               "Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted and resumable.")
    parser.add_argument("folder", type=pathlib.Path, metavar="OUT", help="folder that tools/datasets/import made")
    parser.add_argument("--poses-given", action="store_true",
                        help="start from the true cameras and hold them; writes run-poses-given/, evaluation-poses-given.json")
    parser.add_argument("--program", type=pathlib.Path,
                        help="the program; default .build/release/reconstruct of this checkout, else that of the PATH")
    parser.add_argument("--json", action="store_true", help="print the JSON object instead of the table")
    words = sys.argv[1:] if arguments is None else arguments
    own, further = (words[:words.index("--")], words[words.index("--") + 1:]) if "--" in words else (words, [])
    chosen = parser.parse_args(own)
    return exit_code(lambda: _evaluate(chosen, further))


def _evaluate(chosen: argparse.Namespace, further: list[str]) -> None:
    scene = _scene(chosen.folder)
    program = _program(chosen.program)
    if scene["kind"] == "photos":
        report = evaluate_photos(scene, program, chosen, further)
    elif chosen.poses_given:
        raise DatasetError(f"{chosen.folder} holds cross-sections; --poses-given is for photos.")
    else:
        report = evaluate_slices(scene, program, chosen, further)
    path = chosen.folder / ("evaluation-poses-given.json" if chosen.poses_given else "evaluation.json")
    content = json.dumps(report, indent=2, ensure_ascii=False)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(content + "\n", encoding="utf-8")
    partial.replace(path)
    print(content if chosen.json else table.text(report))


def _scene(folder: pathlib.Path) -> dict:
    path = folder / "scene.json"
    try:
        scene = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DatasetError(f"{path} is missing or damaged. Make the folder with tools/datasets/import.") from None
    if not isinstance(scene, dict) or scene.get("kind") not in ("photos", "slices"):
        raise DatasetError(f"{path} was not written by tools/datasets/import.")
    return scene


def _program(given: pathlib.Path | None) -> str:
    built = ROOT / ".build/release/reconstruct"
    # Absolute, or a program beside would be looked for on the PATH.
    found = str(given.resolve()) if given else str(built) if built.is_file() else shutil.which("reconstruct")
    if not found or not shutil.which(found):
        raise DatasetError(f"No program {given or built}. Build it: swift build -c release --product reconstruct; or --program.")
    return found


def _run(words: list[object], accepted: tuple[int, ...] = (0,)) -> tuple[str, float, int]:
    """Standard output, seconds and status of a command; its progress goes on to standard error."""
    start = time.monotonic()
    result = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, text=True)
    if result.returncode == 130:
        raise KeyboardInterrupt
    if result.returncode not in accepted:
        raise DatasetError(f"`{' '.join(map(str, words))}` ended with status {result.returncode}.")
    return result.stdout, time.monotonic() - start, result.returncode


def _start(scene: dict, program: str, further: list[str]) -> dict:
    keys = ("kind", "dataset", "name", "unit", "reference", "cite")
    return {"scene": {key: scene[key] for key in keys if key in scene}, "version": _run([program, "--version"])[0].strip(),
            "options": further}


def evaluate_photos(scene: dict, program: str, chosen: argparse.Namespace, further: list[str]) -> dict:
    folder, report = chosen.folder, _start(scene, program, further)
    truth = folder / "truth"
    if chosen.poses_given and not scene.get("intrinsicsKnown"):
        raise DatasetError(f"{folder}: the dataset has no intrinsics, so the cameras cannot be held. Import it with --focal.")
    work = folder / ("run-poses-given" if chosen.poses_given else "run")
    given = ["--poses", truth, "--hold-poses"] if chosen.poses_given else []
    # 2: some photos are not registered, which the figures tell.
    _, seconds, status = _run([program, "images", folder / "images", "-o", work, *given, *further, "--json"], (0, 2))
    model = next((place for place in (work / "refined/sparse/0", work / "sparse/0") if place.is_dir()), None)
    if model is None:
        raise DatasetError(f"{work}: no model in it.")
    poses = json.loads(_run([program, "evaluate", "poses", "--est", model, "--gt", truth, "--json"])[0])
    report |= {"posesGiven": chosen.poses_given, "seconds": round(seconds, 1), "status": status, "poses": poses, "mesh": None}
    if not scene.get("intrinsicsKnown"):
        poses.pop("focalLengthPercent", None)
    if scene.get("reference") and (work / "mesh.ply").is_file():
        words = [program, "evaluate", "mesh", work / "mesh.ply", "--reference", folder / "reference.ply", "--cameras", truth,
                 "--model", model, "--json"]
        report["mesh"] = json.loads(_run(words)[0])
    return report


def evaluate_slices(scene: dict, program: str, chosen: argparse.Namespace, further: list[str]) -> dict:
    folder, report = chosen.folder, _start(scene, program, further)
    work = folder / "run"
    work.mkdir(exist_ok=True)
    report["sets"] = []
    for one in scene["sets"]:
        mesh = work / f"{one['name']}.ply"
        words = [program, "slices", folder / one["sections"], "-o", mesh, "--force", *further, "--json"]
        output, seconds, _ = _run(words)
        comparison = None
        if one["reference"]:
            words = [program, "evaluate", "mesh", mesh, "--reference", folder / one["reference"], "--json"]
            comparison = json.loads(_run(words)[0])
        report["sets"].append({"name": one["name"], "seconds": round(seconds, 1),
                               "agreement": json.loads(output).get("agreement"), "mesh": comparison})
    return report
