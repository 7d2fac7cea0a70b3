# SPDX-License-Identifier: Apache-2.0
"""Small scenes in the layouts of the public datasets, written from known cameras by code that shares none with the importers.

    miniatures.py DATASET FOLDER    makes one of datasets/owl, whole: with its photos, for tools/datasets/import and evaluate

Formulas here are written down from the descriptions of the formats. All cameras are those of a `Truth`, whose poses and
intrinsics the importers must give back.
"""
from __future__ import annotations

import json
import math
import pathlib
import shutil
import struct
import sys
import zlib
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[3]
Matrix = list[list[float]]


class Shot(NamedTuple):
    """A photo; pixel coordinates with the centre of the top left pixel at (0.5, 0.5)."""

    rotation: Matrix  # camera from world
    center: list[float]
    k: tuple[float, float, float, float]  # fx fy cx cy
    size: tuple[int, int]
    photo: pathlib.Path | None  # to copy; else a blank picture is made


class Truth(NamedTuple):
    shots: list[Shot]
    points: list[list[float]]
    faces: list[tuple[int, ...]]


def times(a: Matrix, b: Matrix) -> Matrix:
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def turned(m: Matrix) -> Matrix:
    return [[m[j][i] for j in range(len(m))] for i in range(len(m[0]))]


def moved(m: Matrix, v: list[float]) -> list[float]:
    return [sum(x * y for x, y in zip(row, v)) for row in m]


def translation(shot: Shot) -> list[float]:
    return [-x for x in moved(shot.rotation, shot.center)]


def about(axis: int, angle: float) -> Matrix:
    """The turn by an angle (radians) about a coordinate axis."""
    i, j = [k for k in range(3) if k != axis]
    m = [[float(a == b) for b in range(3)] for a in range(3)]
    m[i][i] = m[j][j] = math.cos(angle)
    m[j][i], m[i][j] = math.sin(angle), -math.sin(angle)
    return m


def ring(count: int = 5, size: tuple[int, int] = (64, 48), k: tuple[float, float, float, float] = (70.25, 71.5, 31.75, 24.5),
         radius: float = 3) -> Truth:
    """Cameras on an uneven ring that look about at the origin, and an octahedron there."""
    shots = []
    for index in range(count):
        turn = times(about(0, 0.3 + 0.05 * index), times(about(1, 1.1 * index), about(2, 0.2 * index)))
        center = moved(turned(turn), [0.1, -0.2, -radius - 0.1 * index])
        shots.append(Shot(turn, center, k, size, None))
    points = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
    faces = [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
    return Truth(shots, [[float(x) for x in point] for point in points], faces)


def model(folder: pathlib.Path) -> dict[str, Shot]:
    """The images of a COLMAP text model with pinhole cameras, by name."""
    cameras = {}
    for row in (folder / "cameras.txt").read_text().splitlines():
        if row and not row.startswith("#"):
            number, kind, width, height, *values = row.split()
            f = [float(value) for value in values]
            cameras[number] = ((int(width), int(height)), tuple(f if kind == "PINHOLE" else [f[0], *f]))
    shots = {}
    for row in (folder / "images.txt").read_text().splitlines():
        words = row.split()
        if len(words) != 10 or row.startswith("#"):
            continue
        w, x, y, z, *t = map(float, words[1:8])
        turn = [[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]]
        size, k = cameras[words[8]]
        shots[words[9]] = Shot(turn, [-value for value in moved(turned(turn), t)], k, size, None)
    return shots


def owl() -> Truth:
    """The photos and the truth of datasets/owl."""
    folder = ROOT / "datasets/owl"
    shots = [shot._replace(photo=folder / "images" / name) for name, shot in model(folder / "truth").items()]
    return Truth(shots, *_mesh(folder / "truth/object.ply"))


def _mesh(path: pathlib.Path) -> tuple[list[list[float]], list[tuple[int, ...]]]:
    """A binary PLY file of float positions and triangles, as datasets/owl has it."""
    data = path.read_bytes()
    body = data.index(b"end_header\n") + len(b"end_header\n")
    counts = [int(row.split()[2]) for row in data[:body].decode("ascii").splitlines() if row.startswith("element")]
    points = [list(struct.unpack_from("<3f", data, body + 12 * index)) for index in range(counts[0])]
    body += 12 * counts[0]
    return points, [struct.unpack_from("<3I", data, body + 13 * index + 1) for index in range(counts[1])]


# MARK: Files

def png(shot: Shot) -> str:
    """The ending of a photo where the dataset has PNG files; the owl's are JPEG."""
    return "jpg" if shot.photo else "png"


def photo(shot: Shot, path: pathlib.Path) -> None:
    """The photo of a shot, or a grey picture of its size: PNG, or the headers of a JPEG, of which nothing else is read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = shot.size
    if shot.photo:
        shutil.copyfile(shot.photo, path)
    elif path.suffix.lower() == ".png":
        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        rows = zlib.compress((b"\0" + b"\x80" * width) * height)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
                         + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    else:
        comment = b"\xff\xfe" + struct.pack(">H", 8) + b"before"
        path.write_bytes(b"\xff\xd8" + comment + b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1)
                         + b"\x01\x11\x00\xff\xd9")


def put(path: pathlib.Path, rows: list[list[float | str]], form: str = "{:.10g}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(" ".join(x if isinstance(x, str) else form.format(x) for x in row) + " \n" for row in rows))


def scan(points: list[list[float]], path: pathlib.Path) -> None:
    """Binary points with properties between and after the coordinates, as scanners write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["float x", "float y", "float z", "uchar intensity", "double time"]
    head = ["ply", "format binary_little_endian 1.0", "comment a scan", f"element vertex {len(points)}",
            *(f"property {name}" for name in names), "end_header", ""]
    path.write_bytes("\n".join(head).encode() + b"".join(struct.pack("<fffBd", *point, 7, 0.5) for point in points))


def k_matrix(shot: Shot, shift: float = 0, scale: float = 1) -> Matrix:
    """K with pixel coordinates less `shift`, then scaled."""
    fx, fy, cx, cy = shot.k
    return [[scale * fx, 0, scale * (cx - shift)], [0, scale * fy, scale * (cy - shift)], [0, 0, 1]]


# MARK: Datasets

def strecha(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    for index, shot in enumerate(truth.shots):
        name = f"{index:04d}.{png(shot)}"
        photo(shot, folder / "images" / name)
        rows = [*k_matrix(shot, 0.5), [0, 0, 0], *turned(shot.rotation), shot.center, list(shot.size)]
        put(folder / "gt_dense_cameras" / f"{name}.camera", rows)
    head = ["ply", "format ascii 1.0", f"element vertex {len(truth.points)}", *(f"property float {axis}" for axis in "xyz"),
            f"element face {len(truth.faces)}", "property list uchar int vertex_indices", "end_header"]
    put(folder / "mesh.ply", [*([row] for row in head), *truth.points, *([3, *face] for face in truth.faces)], "{:.9g}")
    return folder


def middlebury(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    rows: list[list] = [[len(truth.shots)]]
    for index, shot in enumerate(truth.shots, 1):
        name = f"owlR{index:04d}.{png(shot)}"
        photo(shot, folder / name)
        rows.append([name, *sum(k_matrix(shot, 0.5), []), *sum(shot.rotation, []), *translation(shot)])
    put(folder / "owlR_par.txt", rows, "{:.16f}")
    return folder


def mvsnet_camera(path: pathlib.Path, shot: Shot, k: Matrix) -> None:
    extrinsic = [[*row, t] for row, t in zip(shot.rotation, translation(shot))] + [[0.0, 0.0, 0.0, 1.0]]
    put(path, [["extrinsic"], *extrinsic, [], ["intrinsic"], *k, [], [425, 2.5, 192, 933.8]])


def blendedmvs(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    for index, shot in enumerate(truth.shots):
        photo(shot, folder / f"blended_images/{index:08d}.jpg")
        photo(shot, folder / f"blended_images/{index:08d}_masked.jpg")
        mvsnet_camera(folder / f"cams/{index:08d}_cam.txt", shot, k_matrix(shot))
    put(folder / "cams/pair.txt", [[len(truth.shots)]])
    half = len(truth.faces) // 2
    for tile, faces in enumerate((truth.faces[:half], truth.faces[half:])):
        used = sorted({corner for face in faces for corner in face})
        index = {corner: number for number, corner in enumerate(used, 1)}
        rows: list[list] = [["mtllib x.mtl"], *(["v", *truth.points[corner]] for corner in used), ["vt", 0.5, 0.5], ["usemtl a"]]
        # Indices from the end are as good as those from the start.
        rows += [["f", *(f"{index[c] - (tile and len(used) + 1)}/1" for c in face)] for face in faces]
        put(folder / f"textured_mesh/tile_{tile}/tile.obj", rows)
    return folder


def eth3d(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    cameras, images = [["# cameras"]], [["# images"]]
    for index, shot in enumerate(truth.shots):
        photo(shot, folder / f"images/dslr_images_undistorted/DSC_{286 + index:04d}.JPG")
        r = shot.rotation
        w, x, y, z = _quaternion(r)
        cameras.append([str(index), "PINHOLE", *map(str, shot.size), *shot.k])
        images.append([str(index + 3), w, x, y, z, *translation(shot), str(index),
                       f"dslr_images_undistorted/DSC_{286 + index:04d}.JPG"])
        images.append([] if index % 2 else [1.5, 2.5, "-1"])
    put(folder / "dslr_calibration_undistorted/cameras.txt", cameras, "{:.12g}")
    put(folder / "dslr_calibration_undistorted/images.txt", images, "{:.12g}")
    # Two scans of half of the points each, each in a frame of its own.
    entries = []
    for part in range(2):
        turn, offset = about(part, 0.7), [1.0 + part, -2.0, 0.5]
        back = [moved(turned(turn), [p - o for p, o in zip(point, offset)]) for point in truth.points[part::2]]
        scan(back, folder / f"dslr_scan_eval/scan{part + 1}.ply")
        matrix = "\n".join(" ".join(f"{x:.9g}" for x in [*row, o]) for row, o in zip(turn, offset))
        entries.append(f' <MLMesh label="scan{part + 1}.ply" filename="scan{part + 1}.ply">\n'
                       f"  <MLMatrix44>\n{matrix}\n0 0 0 1 \n</MLMatrix44>\n </MLMesh>\n")
    (folder / "dslr_scan_eval/scan_alignment.mlp").write_text(
        "<!DOCTYPE MeshLabDocument>\n<MeshLabProject>\n<MeshGroup>\n" + "".join(entries) + "</MeshGroup>\n</MeshLabProject>\n")
    return folder


def _quaternion(r: Matrix) -> list[float]:
    """Magnitudes from the diagonal, signs from the differences: loses digits where a component is small."""
    w = math.sqrt(max(0, 1 + r[0][0] + r[1][1] + r[2][2])) / 2
    x, y, z = (math.sqrt(max(0, 1 + 2 * r[i][i] - r[0][0] - r[1][1] - r[2][2])) / 2 for i in range(3))
    return [w, math.copysign(x, r[2][1] - r[1][2]), math.copysign(y, r[0][2] - r[2][0]), math.copysign(z, r[1][0] - r[0][1])]


def tanks(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    """The log is in a frame of its own: truth = 1.7 · turn · x + offset. The second photo is marked as unregistered."""
    name, scale, turn, offset = folder.name, 1.7, times(about(0, 0.4), about(2, 2)), [3.0, -1.0, 2.0]
    rows: list[list] = []
    for index, shot in enumerate(truth.shots):
        photo(shot, folder / f"images/{index + 1:06d}.jpg")
        if index == 1:
            rows += [[index, -1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
            continue
        center = [x / scale for x in moved(turned(turn), [c - o for c, o in zip(shot.center, offset)])]
        world_from_camera = times(turned(turn), turned(shot.rotation))
        rows += [[index, index, 0], *([*row, c] for row, c in zip(world_from_camera, center)), [0, 0, 0, 1]]
    put(folder / f"{name}_COLMAP_SfM.log", rows, "{:.12g}")
    put(folder / f"{name}_trans.txt", [*([*(scale * x for x in row), o] for row, o in zip(turn, offset)), [0, 0, 0, 1]], "{:.16e}")
    # The volume leaves out what is added here.
    scan([*truth.points, [0, 0, 9], [4, 0, 0]], folder / f"{name}.ply")
    # Below everything but what is outside: the axis is y, the polygon is in x and z.
    polygon = [[-2.0, 0.0, -2.0], [2.0, 0.0, -2.0], [2.5, 0.0, 2.5], [-2.0, 0.0, 2.0]]
    (folder / f"{name}.json").write_text(json.dumps({
        "axis_max": 2.5, "axis_min": -2.5, "bounding_polygon": polygon, "class_name": "SelectionPolygonVolume",
        "orthogonal_axis": "Y", "version_major": 1, "version_minor": 0}))
    return folder


def dtu_official(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    """Returns the folder of the scan's photos. Projection matrices come scaled by any factor, also by negative ones."""
    photos = folder / "Rectified/scan7"
    for index, shot in enumerate(truth.shots, 1):
        photo(shot, photos / f"rect_{index:03d}_max.{png(shot)}")
        photo(shot, photos / f"rect_{index:03d}_3_r5000.{png(shot)}")
        motion = [[*row, t] for row, t in zip(shot.rotation, translation(shot))]
        factor = (-1) ** index * (1 + index)
        put(folder / f"Calibration/cal18/pos_{index:03d}.txt",
            [[factor * x for x in row] for row in times(k_matrix(shot, 0.5 * shot.k[0] / 2892.33), motion)])
    scan(truth.points, folder / "Points/stl/stl007_total.ply")
    return photos


def dtu_training(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    photos = folder / "Rectified/scan7_train"
    for index, shot in enumerate(truth.shots, 1):
        photo(shot, photos / f"rect_{index:03d}_3_r5000.{png(shot)}")
        mvsnet_camera(folder / f"Cameras/train/{index - 1:08d}_cam.txt", shot, k_matrix(shot, 0.5 * shot.k[0] / 2892.33, 0.25))
    return photos


def dtu_testing(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    for index, shot in enumerate(truth.shots):
        photo(shot, folder / f"scan7/images/{index:08d}.jpg")
        mvsnet_camera(folder / f"scan7/cams/{index:08d}_cam.txt", shot, k_matrix(shot, 0.5 * shot.k[0] / 2892.33))
    scan(truth.points, folder / "Points/stl/stl007_total.ply")
    return folder / "scan7"


def csl(truth: Truth, folder: pathlib.Path) -> pathlib.Path:
    """Two of the sets of datasets/slices, one with a stand-in for a reference under the name that OReX gives it."""
    folder.mkdir(parents=True)
    for name in ("peanut", "double-torus"):
        shutil.copyfile(ROOT / f"datasets/slices/{name}.csl", folder / f"{name}.csl")
    rows = [*(["v", *point] for point in truth.points), *(["f", *(corner + 1 for corner in face)] for face in truth.faces)]
    put(folder / "ref/peanut_scaled.obj", rows)
    return folder


LAYOUTS = {"strecha": strecha, "middlebury": middlebury, "blendedmvs": blendedmvs, "eth3d": eth3d, "tanks": tanks,
           "dtu": dtu_official, "dtu-training": dtu_training, "dtu-testing": dtu_testing, "csl": csl}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in LAYOUTS or pathlib.Path(sys.argv[2]).exists():
        sys.exit(f"usage: miniatures.py {{{','.join(LAYOUTS)}}} FOLDER   (FOLDER must not exist)")
    print(LAYOUTS[sys.argv[1]](owl(), pathlib.Path(sys.argv[2])))
