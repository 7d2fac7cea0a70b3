# SPDX-License-Identifier: Apache-2.0
"""Miniatures in the layout of each dataset come back as the cameras and the geometry that they were written from."""
from __future__ import annotations

import contextlib
import io
import json
import math
import os
import pathlib
import shutil
import struct
import tempfile
import unittest

from publicsets import importing, linear
from tests import miniatures
from tests.miniatures import Matrix, Truth

# Digits that the formats are written with allow no more.
TOLERANCE = 1e-6


class ImportCase(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.out = self.folder / "out"

    def run_import(self, *words: object) -> tuple[int, str]:
        """Exit code, and what was said on standard error."""
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            code = importing.main([str(word) for word in words])
        return code, errors.getvalue()

    def imported(self, dataset: str, source: pathlib.Path, *options: str) -> dict:
        code, errors = self.run_import(dataset, source, "-o", self.out, *options)
        self.assertEqual(code, 0, errors)
        return json.loads((self.out / "scene.json").read_text())

    def refused(self, dataset: str, source: pathlib.Path, *parts: str) -> None:
        """The import fails, says all of `parts`, and leaves nothing behind."""
        before = sorted(self.folder.iterdir())
        code, errors = self.run_import(dataset, source, "-o", self.out)
        self.assertEqual(code, 1, "was accepted")
        for part in parts:
            self.assertIn(part, errors)
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def assert_close(self, ours: list, true: list, tolerance: float, what: str) -> None:
        for a, b in zip(_flat(ours), _flat(true), strict=True):
            self.assertLess(abs(a - b), tolerance, what)

    def check_cameras(self, truth: Truth, names: list[str], intrinsics: bool = True, tolerance: float = TOLERANCE) -> None:
        found = miniatures.model(self.out / "truth")
        self.assertEqual(list(found), names)
        for name, shot in zip(names, truth.shots, strict=True):
            self.assert_close(found[name].rotation, shot.rotation, tolerance, f"rotation of {name}")
            self.assert_close(found[name].center, shot.center, 10 * tolerance, f"centre of {name}")
            self.assertEqual(found[name].size, shot.size)
            if intrinsics:
                self.assert_close(list(found[name].k), list(shot.k), 100 * tolerance, f"intrinsics of {name}")
            self.assertTrue((self.out / "images" / name).stat().st_size > 0)
        self.assertEqual(sorted(path.name for path in (self.out / "images").iterdir()), sorted(names))

    def reference_points(self) -> list[list[float]]:
        """The vertices of a reference that the importer wrote: doubles, first in a binary file."""
        data = (self.out / "reference.ply").read_bytes()
        body = data.index(b"end_header\n") + 11
        count = int(data[:body].split(b"element vertex ")[1].split()[0])
        return [list(struct.unpack_from("<3d", data, body + 24 * index)) for index in range(count)]


def _flat(values: list) -> list[float]:
    return [x for value in values for x in (_flat(value) if isinstance(value, list) else [value])]


class RoundTrips(ImportCase):
    truth = miniatures.ring()

    def test_strecha(self) -> None:
        scene = self.imported("strecha", miniatures.strecha(self.truth, self.folder / "fountain"))
        self.check_cameras(self.truth, [f"{index:04d}.png" for index in range(5)])
        self.assertEqual(scene["reference"], {"kind": "mesh", "vertices": 6, "faces": 8})

    def test_strecha_as_in_the_files_of_fountain(self) -> None:
        """The file of the first photo of fountain-P11, and its pose as openMVG and others use it: P = K (Rᵀ | -Rᵀ C)."""
        source = self.folder / "fountain"
        miniatures.photo(self.truth.shots[0]._replace(size=(3072, 2048)), source / "0000.png")
        (source / "0000.png.camera").write_text(
            "2759.48 0 1520.69 \n0 2764.16 1006.81 \n0 0 1 \n0 0 0\n0.450927 -0.0945642 -0.887537 \n"
            "-0.892535 -0.0401974 -0.449183 \n0.00679989 0.994707 -0.102528 \n-7.28137 -7.57667 0.204446 \n3072 2048\n")
        self.imported("strecha", source)
        shot = miniatures.model(self.out / "truth")["0000.png"]
        # The optical axis is the last column of R in the file.
        self.assert_close(shot.rotation[2], [-0.887537, -0.449183, -0.102528], 1e-5, "axis")
        self.assert_close(shot.center, [-7.28137, -7.57667, 0.204446], 1e-9, "centre")
        self.assert_close(list(shot.k), [2759.48, 2764.16, 1521.19, 1007.31], 1e-9, "intrinsics")

    def test_middlebury(self) -> None:
        scene = self.imported("middlebury", miniatures.middlebury(self.truth, self.folder / "owlRing"))
        self.check_cameras(self.truth, [f"owlR{index:04d}.png" for index in range(1, 6)], tolerance=1e-12)
        self.assertIsNone(scene["reference"])

    def test_blendedmvs(self) -> None:
        scene = self.imported("blendedmvs", miniatures.blendedmvs(self.truth, self.folder / "5bfe5ae0fe0ea555e6a969ca"))
        self.check_cameras(self.truth, [f"{index:08d}.jpg" for index in range(5)])
        # The tiles share corners, which each of them has.
        self.assertEqual(scene["reference"], {"kind": "mesh", "vertices": 10, "faces": 8})
        for point in self.truth.points:
            self.assertIn(point, self.reference_points())

    def test_eth3d(self) -> None:
        scene = self.imported("eth3d", miniatures.eth3d(self.truth, self.folder / "pipes"))
        self.check_cameras(self.truth, [f"DSC_{286 + index:04d}.JPG" for index in range(5)])
        self.assertEqual((scene["reference"]["points"], scene["unit"]), (6, "m"))
        self.assert_close(self.reference_points(), self.truth.points[::2] + self.truth.points[1::2], 1e-6, "points")

    def test_tanks(self) -> None:
        scene = self.imported("tanks", miniatures.tanks(self.truth, self.folder / "Barn"))
        shots = [shot for index, shot in enumerate(self.truth.shots) if index != 1]
        names = [f"{index:06d}.jpg" for index in (1, 3, 4, 5)]
        self.check_cameras(self.truth._replace(shots=shots), names, intrinsics=False)
        self.assertFalse(scene["intrinsicsKnown"])
        self.assertIn("1 photos have no true pose.", scene["notes"])
        self.assert_close(self.reference_points(), self.truth.points, 1e-6, "points in the volume")

    def test_tanks_with_a_focal_length(self) -> None:
        scene = self.imported("tanks", miniatures.tanks(self.truth, self.folder / "Barn"), "--focal", "70.5")
        self.assertTrue(scene["intrinsicsKnown"])
        self.assertEqual(miniatures.model(self.out / "truth")["000001.jpg"].k, (70.5, 70.5, 32, 24))

    def test_dtu(self) -> None:
        scene = self.imported("dtu", miniatures.dtu_official(self.truth, self.folder / "MVS Data"))
        self.check_cameras(self.truth, [f"rect_{index:03d}_max.png" for index in range(1, 6)])
        self.assertEqual((scene["name"], scene["unit"], scene["reference"]["points"]), ("scan7", "mm", 6))

    def test_dtu_with_a_light(self) -> None:
        self.imported("dtu", miniatures.dtu_official(self.truth, self.folder / "MVS Data"), "--light", "3")
        self.check_cameras(self.truth, [f"rect_{index:03d}_3_r5000.png" for index in range(1, 6)])

    def test_dtu_as_mvsnet_trains_and_tests(self) -> None:
        # As when everything is in one place: the cameras of the full size are not taken.
        miniatures.dtu_official(self.truth._replace(shots=self.truth.shots[::-1]), self.folder / "training")
        self.imported("dtu", miniatures.dtu_training(self.truth, self.folder / "training"))
        self.check_cameras(self.truth, [f"rect_{index:03d}_3_r5000.png" for index in range(1, 6)])
        self.imported("dtu", miniatures.dtu_testing(self.truth, self.folder / "testing"), "--force")
        self.check_cameras(self.truth, [f"{index:08d}.jpg" for index in range(5)])

    def test_projection_of_dtu_agrees_with_mvsnet(self) -> None:
        """pos_001.txt of the dataset, and what MVSNet's 00000000_cam.txt has for the same view."""
        k, rotation, translation = linear.camera_of_projection(
            [[2607.429996, -3.844898, 1498.178098, -533936.661373], [-192.076910, 2862.552532, 681.798177, 23434.686572],
             [-0.241605, -0.030951, 0.969881, 22.540121]])
        self.assert_close(rotation, [[0.970263, 0.00747983, 0.241939], [-0.0147429, 0.999493, 0.0282234],
                                     [-0.241605, -0.030951, 0.969881]], 2e-6, "rotation")
        self.assert_close(translation, [-191.02, 3.28832, 22.5401], 1e-3, "translation")
        # For training it is a quarter of the size, after a half and a crop by 80 and 44 pixels.
        focal, center = [k[0][0] / 2, k[1][1] / 2], [k[0][2] / 2 - 80, k[1][2] / 2 - 44]
        self.assert_close(focal, [4 * 361.54125, 4 * 360.3975], 0.01, "focal lengths")
        self.assert_close(center, [4 * 82.900625, 4 * 66.383875], 0.01, "principal point")

    def test_csl(self) -> None:
        scene = self.imported("csl", miniatures.csl(self.truth, self.folder / "set"))
        self.assertEqual([(one["name"], one["reference"]) for one in scene["sets"]],
                         [("double-torus", None), ("peanut", "references/peanut.obj")])
        self.assertTrue((self.out / "slices/peanut.csl").is_file() and (self.out / "references/peanut.obj").is_file())

    def test_turns_of_all_kinds(self) -> None:
        """Rotations near 180° about every axis, where quaternions are easily lost."""
        for axis in range(3):
            for angle in (0, 1e-9, 1, math.pi - 1e-9, math.pi, -3):
                turn: Matrix = miniatures.times(miniatures.about(axis, angle), miniatures.about((axis + 1) % 3, math.pi))
                self.assert_close(linear.rotation(linear.quaternion(turn)), turn, 1e-12, f"{axis} {angle}")


class Output(ImportCase):
    truth = miniatures.ring(3)

    def test_links_unless_copies_are_asked_for(self) -> None:
        source = miniatures.strecha(self.truth, self.folder / "fountain")
        self.imported("strecha", source)
        self.assertTrue(os.path.samefile(source / "images/0000.png", self.out / "images/0000.png"))
        self.imported("strecha", source, "--force", "--copy")
        self.assertFalse(os.path.samefile(source / "images/0000.png", self.out / "images/0000.png"))
        self.assertFalse((self.out / "images/0000.png").is_symlink())

    def test_same_input_gives_the_same_bytes(self) -> None:
        source = miniatures.eth3d(self.truth, self.folder / "pipes")
        contents = []
        for _ in range(2):
            self.imported("eth3d", source, "--force")
            files = sorted(path for path in self.out.rglob("*") if path.is_file())
            contents.append([(path.name, path.read_bytes()) for path in files])
        self.assertEqual(*contents)

    def test_nothing_is_overwritten(self) -> None:
        source = miniatures.strecha(self.truth, self.folder / "fountain")
        self.imported("strecha", source)
        code, errors = self.run_import("strecha", source, "-o", self.out)
        self.assertEqual((code, "--force" in errors), (1, True))
        (self.out / "thesis.tex").write_text("mine")
        code, errors = self.run_import("strecha", source, "-o", self.out, "--force")
        self.assertEqual((code, "thesis.tex" in errors), (1, True))
        self.assertTrue((self.out / "thesis.tex").is_file() and (self.out / "scene.json").is_file())

    def test_scans_are_thinned(self) -> None:
        truth = self.truth._replace(points=[[math.sin(index), math.cos(index), 0.0] for index in range(1000)])
        source = miniatures.dtu_testing(truth, self.folder / "testing")
        scene = self.imported("dtu", source, "--reference-points", "100")
        self.assertEqual((scene["reference"]["points"], scene["reference"]["everyNth"]), (100, 10))
        self.assert_close(self.reference_points(), truth.points[::10], 1e-6, "points")


class Refusals(ImportCase):
    truth = miniatures.ring(3)

    def test_wrong_folders(self) -> None:
        empty = self.folder / "scan1"
        empty.mkdir()
        for dataset in [*importing.READERS, "csl"]:
            with self.subTest(dataset):
                self.refused(dataset, empty, str(empty))
                self.refused(dataset, empty / "none", "is not a folder")

    def test_missing_photos_and_cameras(self) -> None:
        for layout, name, said in (
                ("strecha", "0001.png", "0001.png"), ("middlebury", "owlR0002.png", "owlR0002.png"),
                ("blendedmvs", "00000001_cam.txt", "00000001_cam.txt"), ("eth3d", "DSC_0287.JPG", "DSC_0287.JPG"),
                ("tanks", "000002.jpg", "2 photos"), ("dtu", "pos_002.txt", "pos_002.txt"),
                ("dtu-testing", "00000001_cam.txt", "00000001_cam.txt"), ("eth3d", "scan2.ply", "scan2.ply"),
                ("tanks", "tanks_trans.txt", "tanks_trans.txt")):
            with self.subTest(f"{layout} {name}"):
                source = self.folder / "source/tanks"
                shutil.rmtree(source, ignore_errors=True)
                photos = miniatures.LAYOUTS[layout](self.truth, source)
                next(source.rglob(name)).unlink()
                self.refused(layout.split("-")[0], photos, said)

    def test_cameras_to_spare_are_told(self) -> None:
        source = miniatures.dtu_testing(self.truth, self.folder / "testing")
        (source / "images/00000001.jpg").unlink()
        self.assertIn("1 cameras have no photo.", self.imported("dtu", source)["notes"])

    def test_damaged_numbers_are_named_with_their_line(self) -> None:
        for layout, name, line, change in (
                ("strecha", "0001.png.camera", 6, ("0.", "nan")), ("middlebury", "owlR_par.txt", 3, ("0.", "zero")),
                ("blendedmvs", "00000001_cam.txt", 3, ("0.", "1e999")), ("eth3d", "images.txt", 2, ("0.", "x")),
                ("tanks", "tanks_COLMAP_SfM.log", 3, ("0.", "--")), ("dtu-testing", "00000001_cam.txt", 2, ("0.", "0,"))):
            with self.subTest(layout):
                source = miniatures.LAYOUTS[layout](self.truth, self.folder / layout)
                path = next(source.rglob(name))
                rows = path.read_text().split("\n")
                self.assertIn(change[0], rows[line - 1])
                rows[line - 1] = rows[line - 1].replace(*change, 1)
                path.write_text("\n".join(rows))
                self.refused(layout.split("-")[0], source, f"{name}:{line}:")

    def test_cut_and_binary_camera_files(self) -> None:
        for layout, name in (("strecha", "0001.png.camera"), ("middlebury", "owlR_par.txt"), ("blendedmvs", "00000001_cam.txt"),
                             ("eth3d", "cameras.txt"), ("tanks", "tanks_trans.txt"), ("dtu-testing", "00000001_cam.txt"),
                             ("eth3d", "scan_alignment.mlp"), ("tanks", "tanks.json")):
            for what, content in (("cut", lambda data: data[:len(data) // 2]), ("empty", lambda data: b""),
                                  ("binary", lambda data: b"\xff\xfe\x00" * 50)):
                with self.subTest(f"{layout} {name} {what}"):
                    source = self.folder / "source"
                    shutil.rmtree(source, ignore_errors=True)
                    source = miniatures.LAYOUTS[layout](self.truth, source / "tanks" if layout == "tanks" else source)
                    path = next(source.rglob(name))
                    path.write_bytes(content(path.read_bytes()))
                    self.refused(layout.split("-")[0], source, name)

    def test_matrices_that_are_no_rotation(self) -> None:
        mirrored = self.truth._replace(shots=[shot._replace(rotation=[[-x for x in row] for row in shot.rotation])
                                              for shot in self.truth.shots])
        for layout in ("strecha", "middlebury", "blendedmvs", "tanks"):
            with self.subTest(layout):
                source = miniatures.LAYOUTS[layout](mirrored, self.folder / layout)
                self.refused(layout, source, "not a rotation")

    def test_cameras_of_other_sizes(self) -> None:
        half = self.truth._replace(shots=[shot._replace(size=(32, 24)) for shot in self.truth.shots])
        for layout in ("middlebury", "blendedmvs", "dtu-training"):
            with self.subTest(layout):
                source = miniatures.LAYOUTS[layout](half, self.folder / layout)
                self.refused(layout.split("-")[0], source, "principal point", "32 × 24")

    def test_scans_that_lie_about_their_size(self) -> None:
        source = miniatures.dtu_testing(self.truth, self.folder / "testing")
        path = self.folder / "testing/Points/stl/stl007_total.ply"
        data = path.read_bytes()
        for what, content in (("announced", data.replace(b"vertex 6", b"vertex 999999999999")), ("announced", data[:-1]),
                              ("not a count", data.replace(b"vertex 6", b"vertex -6")), ("not a PLY", data[:20]),
                              ("no lists", data.replace(b"property float z", b"property list uchar int z"))):
            with self.subTest(what):
                path.write_bytes(content)
                self.refused("dtu", source, what, path.name)

    def test_matrices_of_scans_that_are_none(self) -> None:
        source = miniatures.eth3d(self.truth, self.folder / "pipes")
        path = source / "dslr_scan_eval/scan_alignment.mlp"
        good = path.read_text()
        for old, new, said in (("0 0 0 1 \n", "0 0 0 2 \n", "does not end in"), ("0 0 0 1 \n", "", "16 numbers"),
                               ("scan1.ply", "../scan1.ply", "beside it"), ("<MeshGroup>", "<MeshGroup", "not XML"),
                               ("<MeshLabProject>", '<!ENTITY a "b"><MeshLabProject>', "entities")):
            with self.subTest(said):
                path.write_text(good.replace(old, new))
                self.refused("eth3d", source, path.name, said)

    def test_options_of_other_datasets(self) -> None:
        source = miniatures.strecha(self.truth, self.folder / "fountain")
        for words in (("--light", "3"), ("--focal", "70"), ("--reference-points", "0"), ("--nonsense",)):
            with self.subTest(words[0]), self.assertRaises(SystemExit) as caught:
                self.run_import("strecha", source, "-o", self.out, *words)
            self.assertEqual(caught.exception.code, 64)

    def test_names_that_lead_elsewhere(self) -> None:
        source = miniatures.eth3d(self.truth, self.folder / "pipes")
        path = source / "dslr_calibration_undistorted/images.txt"
        path.write_text(path.read_text().replace("dslr_images_undistorted/DSC_0287.JPG", "../../../etc/DSC_0287.JPG"))
        self.refused("eth3d", source, "images.txt:4:", "out of the folder")

    def test_pictures_that_are_none(self) -> None:
        source = miniatures.middlebury(self.truth, self.folder / "owlRing")
        for content in (b"", b"\xff\xd8\xff\xc4\x00\x00", b"\x89PNG\r\n\x1a\n", b"GIF89a"):
            (source / "owlR0001.png").write_bytes(content)
            self.refused("middlebury", source, "owlR0001.png")


if __name__ == "__main__":
    unittest.main()
