# SPDX-License-Identifier: Apache-2.0
"""The command `tools/datasets/import`."""
from __future__ import annotations

import argparse
import json
import pathlib
import sys

from . import blendedmvs, colmap, csl, dtu, eth3d, middlebury, reference, strecha, tanks
from .command import Parser, exit_code
from .errors import DatasetError
from .files import appearing, place
from .scene import Options, Scene, Source

READERS = {"blendedmvs": blendedmvs, "dtu": dtu, "eth3d": eth3d, "middlebury": middlebury, "strecha": strecha, "tanks": tanks}


def main(arguments: list[str] | None = None) -> int:
    parser = Parser(
        prog="import",
        description="Brings one scene of a public dataset, as downloaded, into the form that tools/datasets/evaluate takes.\n"
                    "Nothing is downloaded. The layouts are described in docs/datasets.md.",
        epilog="Exit codes: 0 done, 1 failed, 64 wrong usage.")
    parser.add_argument("dataset", choices=[*READERS, "csl"])
    parser.add_argument("folder", type=pathlib.Path, help="folder of one scene, or of a collection of .csl files")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, metavar="OUT", help="folder to make")
    parser.add_argument("--force", action="store_true", help="replace an earlier import and its evaluation")
    parser.add_argument("--copy", action="store_true", help="copy photos and meshes instead of making hard links")
    parser.add_argument("--light", help="DTU: the lighting, 0 to 6 or max; default max, else 3")
    parser.add_argument("--focal", type=float, metavar="PIXELS", help="Tanks and Temples, which has no intrinsics: focal length")
    parser.add_argument("--reference-points", type=int, default=2_000_000, metavar="N",
                        help="points of scans to keep at most, every k-th; default %(default)s")
    chosen = parser.parse_args(arguments)
    for option, owner in (("light", "dtu"), ("focal", "tanks")):
        if getattr(chosen, option) is not None and chosen.dataset != owner:
            parser.error(f"--{option} is for {owner}")
    if chosen.focal is not None and not 0 < chosen.focal < 1e7:
        parser.error("--focal is a positive number of pixels")
    if chosen.reference_points < 1:
        parser.error("--reference-points is at least 1")
    return exit_code(lambda: _import(chosen))


def _import(chosen: argparse.Namespace) -> None:
    if not chosen.folder.is_dir():
        raise DatasetError(f"{chosen.folder} is not a folder.")
    report = (import_slices if chosen.dataset == "csl" else import_photos)(chosen)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    print(f"Next: tools/datasets/evaluate {chosen.output}", file=sys.stderr)


def import_photos(chosen: argparse.Namespace) -> dict:
    reader = READERS[chosen.dataset]
    scene: Scene = reader.read(chosen.folder, Options(chosen.light, chosen.focal))
    names = {view.name for view in scene.views}
    if len(names) < len(scene.views):
        raise DatasetError(f"{chosen.folder}: several photos of one name.")
    with appearing(chosen.output, chosen.force) as out:
        (out / "images").mkdir()
        for view in scene.views:
            place(view.photo, out / "images" / view.name, chosen.copy)
        colmap.write(out / "truth", scene.views)
        report = {
            "kind": "photos", "dataset": chosen.dataset, "name": scene.name, "photos": len(scene.views),
            "cameras": len({view.camera for view in scene.views}), "unit": scene.unit,
            "intrinsicsKnown": scene.has_intrinsics,
            "conventions": "truth/ as COLMAP: camera from world, z forward, y down, top left pixel centre (0.5, 0.5)",
            "reference": reference.write(scene.reference, out / "reference.ply", chosen.reference_points, chosen.copy)
            if scene.reference else None,
            "notes": scene.notes}
        return _described(report, reader.SOURCE, out)


def import_slices(chosen: argparse.Namespace) -> dict:
    sets = csl.read(chosen.folder)
    with appearing(chosen.output, chosen.force) as out:
        (out / "slices").mkdir()
        (out / "references").mkdir()
        listed = []
        for one in sets:
            place(one.sections, out / "slices" / one.sections.name, chosen.copy)
            target = f"references/{one.name}{one.reference.suffix.lower()}" if one.reference else None
            if one.reference:
                place(one.reference, out / target, chosen.copy)
            listed.append({"name": one.name, "sections": f"slices/{one.sections.name}", "reference": target})
        notes = []
        if not all(one.reference for one in sets):
            notes.append("Sets without a reference mesh are compared with their sections only.")
        report = {"kind": "slices", "dataset": "csl", "name": chosen.folder.resolve().name, "sets": listed, "notes": notes}
        return _described(report, csl.SOURCE, out)


def _described(report: dict, source: Source, out: pathlib.Path) -> dict:
    report |= {"title": source.title, "licence": source.licence, "cite": source.citation}
    (out / "scene.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return report
