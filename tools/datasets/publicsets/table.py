# SPDX-License-Identifier: Apache-2.0
"""The figures of an evaluation for people."""
from __future__ import annotations


def text(report: dict) -> str:
    scene = report["scene"]
    rows = [("scene", f"{scene['dataset']} {scene['name']}")]
    rows += _slices(report) if scene["kind"] == "slices" else _photos(report)
    width = max(len(label) for label, _ in rows) + 2
    return "\n".join(label.ljust(width) + value for label, value in rows)


def _photos(report: dict) -> list[tuple[str, str]]:
    poses, scene = report["poses"], report["scene"]
    auc, centers = poses["pairs"]["aucOfAll"], poses["centers"]["error"]
    rows = [("cameras", "given" if report["posesGiven"] else "found"),
            ("photos registered", f"{poses['registeredImages']} of {poses['groundTruthImages']}"),
            ("pose AUC@1/3/5", " / ".join(f"{auc[key]:.3f}" for key in ("at1", "at3", "at5"))),
            ("centres", f"median {centers['median']:.4g}, root mean square {centers['rootMeanSquare']:.4g} "
                        f"({poses['centers']['percentOfExtent']['rootMeanSquare']:.3f} % of their extent)")]
    if focal := poses.get("focalLengthPercent"):
        rows.append(("focal length", f"median error {focal['median']:.3f} %"))
    mesh = report["mesh"]
    if mesh is None:
        why = "no mesh was made" if scene.get("reference") else "there is no reference"
        rows.append(("surface", f"not compared: {why}"))
    elif mesh.get("scores") is None:
        rows.append(("surface", "nothing of it is near the reference"))
    else:
        scores, unit = mesh["scores"], "" if scene["unit"] == "unknown" else f" {scene['unit']}"
        rows += [_f_score(scores["fScores"])]
        for label, key in (("accuracy", "accuracyPercent"), ("completeness", "completenessPercent")):
            median, mean = (scores[key][name] for name in ("median", "mean"))
            absolute = "" if not unit else f" ({mesh['diagonal'] * median / 100:.4g}{unit})"
            rows.append((label, f"median {median:.3f} % of the diagonal{absolute}, mean {mean:.3f} %"))
        if spacing := mesh.get("spacingPercent"):
            rows.append(("points compared", f"{mesh['points']}, {spacing:.3f} % of the diagonal apart"))
    rows.append(("wall time", f"{report['seconds']:.0f} s"))
    return rows


def _slices(report: dict) -> list[tuple[str, str]]:
    rows = []
    for one in report["sets"]:
        cells = []
        if one["agreement"]:
            cells.append(f"plane IoU {one['agreement']['meanPlaneIoU']:.3f}")
        if one["mesh"]:
            iou = one["mesh"]["volume"].get("iou")
            cells.append("IoU -" if iou is None else f"IoU {iou:.3f}")
            if distances := one["mesh"].get("distances"):
                cells.append(" ".join(_f_score(distances["fScores"])))
        rows.append((one["name"], ", ".join([*cells, f"{one['seconds']:.0f} s"])))
    return rows


def _f_score(scores: list[dict]) -> tuple[str, str]:
    bounds = "/".join(f"{score['percent']:g}" for score in scores)
    return f"F at {bounds} %", " / ".join(f"{score['f']:.3f}" for score in scores)
