# SPDX-License-Identifier: Apache-2.0
"""`evaluate` runs the right commands and reports what they say. The program is a stand-in: what `reconstruct` computes is
tested elsewhere, and an evaluation with it takes a minute."""
from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from publicsets import evaluating
from tests import miniatures
from tests.test_import import ImportCase

# Notes its arguments, makes the files of a workspace, and prints figures in the form of `reconstruct`.
STAND_IN = '''#!{python}
import json, pathlib, sys
words = sys.argv[1:]
with open("{log}", "a") as file:
    file.write(json.dumps(words) + "\\n")
statistics = {{"median": 0.5, "mean": 0.6, "rootMeanSquare": 0.7}}
scores = [{{"percent": p, "f": 0.9}} for p in (0.25, 0.5, 1)]
if words == ["--version"]:
    print("9.9.9")
elif words[0] == "images":
    work = pathlib.Path(words[words.index("-o") + 1])
    (work / "refined/sparse/0").mkdir(parents=True, exist_ok=True)
    (work / "mesh.ply").write_text("")
    sys.exit({status})
elif words[0] == "slices":
    print(json.dumps({{"agreement": {{"meanPlaneIoU": 0.75}}}}))
elif words[:2] == ["evaluate", "poses"]:
    print(json.dumps({{"registeredImages": 4, "groundTruthImages": 5, "focalLengthPercent": statistics,
                       "pairs": {{"aucOfAll": {{"at1": 0.1, "at3": 0.2, "at5": 0.3}}}},
                       "centers": {{"error": statistics, "percentOfExtent": statistics}}}}))
elif "--cameras" in words:
    print(json.dumps({{"diagonal": 50, "points": 77, "spacingPercent": 0.25, "scores": {{
        "accuracyPercent": statistics, "completenessPercent": statistics, "fScores": scores}}}}))
else:
    print(json.dumps({{"volume": {{"iou": 0.8}}, "distances": {{"fScores": scores}}}}))
'''


class Evaluations(ImportCase):
    truth = miniatures.ring(3)

    def evaluate(self, *words: str, status: int = 0) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        program = self.folder / "reconstruct"
        self.log = self.folder / "log"
        program.write_text(STAND_IN.format(python=sys.executable, log=self.log, status=status))
        program.chmod(0o755)
        output, errors = StringIO(), StringIO()
        with redirect_stdout(output), redirect_stderr(errors):
            code = evaluating.main([str(self.out), "--program", str(program), *words])
        return code, output.getvalue(), errors.getvalue()

    def commands(self) -> list[str]:
        """The commands that were run, with the paths of this test left out."""
        rows = [json.loads(row) for row in self.log.read_text().splitlines()]
        return [" ".join(row).replace(f"{self.out}/", "") for row in rows]

    def test_photos(self) -> None:
        self.imported("strecha", miniatures.strecha(self.truth, self.folder / "fountain"))
        code, output, _ = self.evaluate("--", "--quality", "fast", status=2)
        self.assertEqual(code, 0)
        self.assertEqual(self.commands(), [
            "--version", "images images -o run --quality fast --json",
            "evaluate poses --est run/refined/sparse/0 --gt truth --json",
            "evaluate mesh run/mesh.ply --reference reference.ply --cameras truth --model run/refined/sparse/0 --json"])
        for row in ("photos registered  4 of 5", "pose AUC@1/3/5     0.100 / 0.200 / 0.300", "0.900 / 0.900 / 0.900",
                    "accuracy           median 0.500 % of the diagonal (0.25 m), mean 0.600 %"):
            self.assertIn(row, output)
        report = json.loads((self.out / "evaluation.json").read_text())
        self.assertEqual((report["version"], report["status"], report["options"]), ("9.9.9", 2, ["--quality", "fast"]))

    def test_given_poses(self) -> None:
        self.imported("strecha", miniatures.strecha(self.truth, self.folder / "fountain"))
        code, output, _ = self.evaluate("--poses-given", "--json")
        self.assertEqual(code, 0)
        self.assertIn("images images -o run-poses-given --poses truth --hold-poses --json", self.commands())
        self.assertEqual(json.loads(output), json.loads((self.out / "evaluation-poses-given.json").read_text()))

    def test_poses_without_intrinsics_are_not_held(self) -> None:
        self.imported("tanks", miniatures.tanks(self.truth, self.folder / "Barn"))
        code, _, errors = self.evaluate("--poses-given")
        self.assertEqual((code, "--focal" in errors), (1, True))
        code, output, _ = self.evaluate()
        self.assertEqual((code, "focal" in output), (0, False))
        self.assertIn("points compared    77, 0.250 % of the diagonal apart", output)

    def test_slices(self) -> None:
        self.imported("csl", miniatures.csl(self.truth, self.folder / "set"))
        code, output, _ = self.evaluate("--", "--seed", "2")
        self.assertEqual(code, 0)
        self.assertEqual(self.commands()[1:], [
            "slices slices/double-torus.csl -o run/double-torus.ply --force --seed 2 --json",
            "slices slices/peanut.csl -o run/peanut.ply --force --seed 2 --json",
            "evaluate mesh run/peanut.ply --reference references/peanut.obj --json"])
        self.assertIn("plane IoU 0.750, IoU 0.800", output)

    def test_failures_are_told(self) -> None:
        code, _, errors = self.evaluate()
        self.assertEqual((code, "tools/datasets/import" in errors), (1, True))
        self.imported("strecha", miniatures.strecha(self.truth, self.folder / "fountain"))
        code, _, errors = self.evaluate(status=1)
        self.assertEqual((code, "ended with status 1" in errors), (1, True))
        code, _, errors = self.evaluate(status=130)
        self.assertEqual((code, "interrupted" in errors), (130, True))
        (self.out / "scene.json").write_text("[1]")
        code, _, errors = self.evaluate()
        self.assertEqual((code, "was not written by" in errors), (1, True))
