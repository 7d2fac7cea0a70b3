# SPDX-License-Identifier: Apache-2.0
"""Public symbols: each has a comment, the landing page of its module lists it, and docc has nothing to say."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

MODULES = ["Geometry", "Storage", "Mesh", "Fields", "Slices", "Images", "SfM"]


def target():
    """The platform that the compiler builds for."""
    info = subprocess.run(["swiftc", "-print-target-info"], check=True, capture_output=True, text=True)
    return json.loads(info.stdout)["target"]["unversionedTriple"]


def graph(module, build, folder, platform):
    result = build.run([
        "swift", "symbolgraph-extract", "-module-name", module, "-minimum-access-level", "public", "-target", platform,
        "-output-dir", str(folder), *build.flags()])
    if result.returncode != 0:
        raise SystemExit(f"check-docs: the symbols of {module} cannot be read:\n{result.stderr}")
    return json.loads((folder / f"{module}.symbols.json").read_text())["symbols"]


def name(symbol):
    return ".".join(symbol["pathComponents"])


def module_problems(module, build, folder, platform):
    symbols = graph(module, build, folder, platform)
    for symbol in symbols:
        if "docComment" not in symbol and "::SYNTHESIZED::" not in symbol["identifier"]["precise"]:
            yield f"{module}: {name(symbol)} has no comment"
    catalogue = build.root / "Sources" / module / f"{module}.docc"
    landing = (catalogue / f"{module}.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^- ``(\w+)``$", landing, re.MULTILINE))
    top = {name(symbol) for symbol in symbols if len(symbol["pathComponents"]) == 1}
    for missing in sorted(top - listed):
        yield f"{catalogue}/{module}.md: {missing} is under no topic"
    result = build.run([
        "docc", "convert", str(catalogue), "--additional-symbol-graph-dir", str(folder), "--output-path",
        str(folder / "archive"), "--fallback-display-name", module, "--fallback-bundle-identifier", f"zeroset.{module}",
        "--warnings-as-errors"])
    if result.returncode != 0:
        yield f"{module}: docc complains:\n{result.stdout}{result.stderr}"


def problems(build):
    platform = target()
    for module in MODULES:
        with tempfile.TemporaryDirectory() as folder:
            yield from module_problems(module, build, Path(folder), platform)
