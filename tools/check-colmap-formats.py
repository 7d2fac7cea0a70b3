#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check that COLMAP and `reconstruct` read each other's models and databases.

Needs pycolmap 4.2 and numpy from PyPI. Makes a synthetic scene with pycolmap,
or extracts and matches features of real photos with --images, and compares
every value after each way through `reconstruct convert`:

  model      pycolmap .bin -> .txt -> .bin gives the same bytes; pycolmap opens
             all of them and finds the same numbers
  database   pycolmap database -> ours: pycolmap opens it and finds the same
             cameras, images, keypoints, descriptors, matches and geometries;
             twice the same bytes; the source is unchanged
  raw        in our file x2' F x1 = 0 holds for F stored row by row, and for
             the E of qvec (w first) and tvec, but not the other way round
  mapper     pycolmap.incremental_mapping on our database registers as many
             images as on its own, with the same mean reprojection error
  back       what pycolmap mapped from our database is read by `reconstruct`

Exit code 0 when everything agrees, 1 otherwise.
"""

import argparse
import hashlib
import pathlib
import shutil
import sqlite3
import subprocess
import sys

import numpy as np
import pycolmap

failures = []


def check(name, holds, detail=""):
    """Print one line and remember a failure."""
    print(("ok    " if holds else "FAIL  ") + name + (f"  ({detail})" if detail else ""))
    if not holds:
        failures.append(name)


def convert(program, source, target, *flags):
    """Run `reconstruct convert`."""
    command = [program, "convert", str(source), "-o", str(target), *flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def digest(path):
    """Fingerprint of a file's bytes."""
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def synthesize(folder):
    """Make a database and a true model; no photos exist."""
    options = pycolmap.SyntheticDatasetOptions()
    options.num_rigs = 2
    options.num_cameras_per_rig = 1
    options.num_frames_per_rig = 6
    options.num_points3D = 300
    options.camera_has_prior_focal_length = True
    options.two_view_geometry_has_relative_pose = True
    database = pycolmap.Database.open(str(folder / "source.db"))
    model = pycolmap.synthesize_dataset(options, database)
    noise = pycolmap.SyntheticNoiseOptions()
    noise.point2D_stddev = 0.5
    pycolmap.synthesize_noise(noise, model, database)
    database.close()
    (folder / "source").mkdir()
    model.write(str(folder / "source"))


def extract(folder, images):
    """Make a database from photos, and map them."""
    path = folder / "source.db"
    pycolmap.extract_features(path, images, camera_mode=pycolmap.CameraMode.SINGLE)
    pycolmap.match_exhaustive(path)
    models = map_images(path, images, folder / "source-models")
    largest = max(models.values(), key=lambda model: model.num_reg_images())
    (folder / "source").mkdir()
    largest.write(str(folder / "source"))


def map_images(database, images, output):
    """Run COLMAP's incremental mapper."""
    output.mkdir()
    options = pycolmap.IncrementalPipelineOptions()
    options.extract_colors = False
    options.num_threads = 1
    options.random_seed = 1
    return pycolmap.incremental_mapping(str(database), str(images), str(output), options)


def same_model(a, b):
    """Whether two reconstructions hold the same numbers, bit for bit."""
    if sorted(a.cameras) != sorted(b.cameras) or sorted(a.images) != sorted(b.images):
        return False
    if sorted(a.points3D) != sorted(b.points3D):
        return False
    for key, camera in a.cameras.items():
        other = b.cameras[key]
        if (camera.model, camera.width, camera.height) != (other.model, other.width, other.height):
            return False
        if list(camera.params) != list(other.params):
            return False
    for key, image in a.images.items():
        other = b.images[key]
        pose, other_pose = image.cam_from_world(), other.cam_from_world()
        same = (
            image.name == other.name
            and image.camera_id == other.camera_id
            and np.array_equal(pose.rotation.quat, other_pose.rotation.quat)
            and np.array_equal(pose.translation, other_pose.translation)
            and len(image.points2D) == len(other.points2D)
            and all(
                np.array_equal(p.xy, q.xy) and p.point3D_id == q.point3D_id
                for p, q in zip(image.points2D, other.points2D)
            )
        )
        if not same:
            return False
    for key, point in a.points3D.items():
        other = b.points3D[key]
        track = sorted((e.image_id, e.point2D_idx) for e in point.track.elements)
        other_track = sorted((e.image_id, e.point2D_idx) for e in other.track.elements)
        same = (
            np.array_equal(point.xyz, other.xyz)
            and np.array_equal(point.color, other.color)
            and point.error == other.error
            and track == other_track
        )
        if not same:
            return False
    return True


def check_models(program, folder):
    """Compare a model before and after conversions."""
    source = folder / "source"
    convert(program, source, folder / "bin")
    convert(program, folder / "bin", folder / "txt", "--to", "colmap-txt")
    convert(program, folder / "txt", folder / "bin-again")
    for name in ("cameras.bin", "images.bin", "points3D.bin"):
        same = digest(folder / "bin" / name) == digest(folder / "bin-again" / name)
        check(f"bin -> txt -> bin keeps the bytes of {name}", same)
    truth = pycolmap.Reconstruction(str(source))
    for name in ("bin", "txt", "bin-again"):
        check(f"pycolmap reads our {name}", same_model(truth, pycolmap.Reconstruction(str(folder / name))))
    truth.write_text(str(folder / "bin"))
    (folder / "pycolmap-txt").mkdir()
    truth.write_text(str(folder / "pycolmap-txt"))
    convert(program, folder / "pycolmap-txt", folder / "from-pycolmap-txt")
    same = same_model(truth, pycolmap.Reconstruction(str(folder / "from-pycolmap-txt")))
    check("we read pycolmap's text", same)


def same_geometry(a, b, name):
    """Compare one matrix of two geometries; COLMAP leaves unknown ones empty."""
    first, second = getattr(a, name), getattr(b, name)
    if first is None or second is None:
        return first is None and second is None
    return np.array_equal(first, second)


def check_pair(ours, source, a, b):
    """Compare the matches and the geometry of two images."""
    matches = source.read_matches(a, b)
    order = np.lexsort((matches[:, 1], matches[:, 0])) if len(matches) else []
    if not np.array_equal(ours.read_matches(a, b), matches[order]):
        return "matches"
    geometry, copy = source.read_two_view_geometry(a, b), ours.read_two_view_geometry(a, b)
    inliers = geometry.inlier_matches
    order = np.lexsort((inliers[:, 1], inliers[:, 0])) if len(inliers) else []
    if geometry.config != copy.config or not np.array_equal(copy.inlier_matches, inliers[order]):
        return "inliers or configuration"
    for name in "FEH":
        if not same_geometry(geometry, copy, name):
            return name
    first, second = geometry.cam2_from_cam1, copy.cam2_from_cam1
    if (first is None) != (second is None):
        return "presence of the pose"
    if first is not None:
        length = np.linalg.norm(first.translation)
        if not np.array_equal(first.rotation.quat, second.rotation.quat):
            return "rotation"
        if not np.allclose(first.translation / max(length, 1e-300), second.translation, rtol=0, atol=1e-15):
            return "direction"
    return None


def check_database(program, folder):
    """Compare a database before and after a conversion."""
    source_path, path = folder / "source.db", folder / "ours.db"
    before = digest(source_path)
    convert(program, source_path, path)
    check("reading does not change the source", digest(source_path) == before)
    convert(program, source_path, folder / "twin.db")
    check("the same content gives the same bytes", digest(path) == digest(folder / "twin.db"))
    convert(program, path, folder / "second.db")
    check("our own database round trips to the same bytes", digest(path) == digest(folder / "second.db"))
    # COLMAP switches what it opens to write-ahead mode; it gets a copy.
    shutil.copy(path, folder / "opened.db")
    ours, source = pycolmap.Database.open(str(folder / "opened.db")), pycolmap.Database.open(str(source_path))
    counts = ("rigs", "cameras", "frames", "images", "keypoints", "descriptors", "matches",
              "matched_image_pairs", "verified_image_pairs", "inlier_matches")
    for name in counts:
        values = [getattr(database, f"num_{name}")() for database in (source, ours)]
        if name != "rigs":
            check(f"number of {name}", values[0] == values[1], f"{values[0]} and {values[1]}")
    cameras = {camera.camera_id: camera for camera in ours.read_all_cameras()}
    same = all(
        (c.model, c.width, c.height, list(c.params), c.has_prior_focal_length)
        == (d.model, d.width, d.height, list(d.params), d.has_prior_focal_length)
        for c in source.read_all_cameras() for d in [cameras[c.camera_id]]
    )
    check("cameras", same)
    images = source.read_all_images()
    names = {image.image_id: (image.name, image.camera_id) for image in ours.read_all_images()}
    check("images", all(names[i.image_id] == (i.name, i.camera_id) for i in images))
    check("frames", all(i.has_frame_id() for i in ours.read_all_images()))
    same_positions = same_descriptors = True
    for image in images:
        a, b = (database.read_keypoints(image.image_id) for database in (source, ours))
        same_positions &= np.array_equal(np.asarray(a)[:, :2], np.asarray(b)[:, :2])
        a, b = (database.read_descriptors(image.image_id).data for database in (source, ours))
        same_descriptors &= np.array_equal(a, b)
    check("keypoints", same_positions)
    check("descriptors", same_descriptors)
    ids = sorted(names)
    pairs = [(a, b) for a in ids for b in ids if a < b and source.exists_matches(a, b)]
    wrong = [(a, b, what) for a, b in pairs if (what := check_pair(ours, source, a, b))]
    check(f"matches and geometries of {len(pairs)} pairs", not wrong, str(wrong[:3]) if wrong else "")
    ours.close()
    source.close()


def epipolar_distance(matrix, first, second):
    """Median distance of second points from the lines M x1."""
    first, second = (np.column_stack([points, np.ones(len(points))]) for points in (first, second))
    lines = first @ matrix.T
    return np.median(np.abs(np.sum(second * lines, axis=1)) / np.linalg.norm(lines[:, :2], axis=1))


def check_conventions(folder):
    """Look at the raw numbers: F row by row in pixels, quaternions w first, second from first."""
    database = pycolmap.Database.open(str(folder / "opened.db"))
    cameras = {camera.camera_id: camera for camera in database.read_all_cameras()}
    images = {image.image_id: image for image in database.read_all_images()}
    connection = sqlite3.connect(f"file:{folder / 'ours.db'}?mode=ro", uri=True)
    query = "SELECT pair_id, data, F, qvec, tvec FROM two_view_geometries WHERE F NOT NULL AND rows >= 30"
    straight, transposed, posed, back = [], [], [], []
    for pair_id, data, fundamental, qvec, tvec in connection.execute(query):
        ids = divmod(pair_id, 2147483647)
        matches = np.frombuffer(data, "<u4").reshape(-1, 2)
        pixels = [np.asarray(database.read_keypoints(i))[matches[:, k], :2] for k, i in enumerate(ids)]
        fundamental = np.frombuffer(fundamental, "<f8").reshape(3, 3)
        straight.append(epipolar_distance(fundamental, *pixels))
        transposed.append(epipolar_distance(fundamental.T, *pixels))
        if qvec is None or not np.any(np.frombuffer(tvec, "<f8")):
            continue
        points = [cameras[images[i].camera_id].cam_from_img(p) for i, p in zip(ids, pixels)]
        w, x, y, z = np.frombuffer(qvec, "<f8")
        rotation = pycolmap.Rotation3d(np.array([x, y, z, w])).matrix()
        t = np.frombuffer(tvec, "<f8")
        cross = np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])
        posed.append(epipolar_distance(cross @ rotation, *points))
        back.append(epipolar_distance((cross @ rotation).T, *points))
    connection.close()
    database.close()
    if straight:
        values = np.median(straight), np.median(transposed)
        detail = f"{len(straight)} pairs, medians {values[0]:.2f} px, transposed {values[1]:.2f} px"
        check("F is stored row by row", values[0] < 0.1 * values[1], detail)
    if posed:
        # Photos with a guessed focal length bend the lines; the wrong way round is still far worse.
        values = np.median(posed), np.median(back)
        detail = f"{len(posed)} pairs, medians {values[0]:.1e}, inverse {values[1]:.1e}"
        check("poses are second from first, w first", values[0] < 0.5 * values[1], detail)


def check_mapping(program, folder, images):
    """Map our database with COLMAP and compare with its own."""
    shutil.copy(folder / "ours.db", folder / "mapped.db")
    own = map_images(folder / "source.db", images, folder / "mapped-source")
    ours = map_images(folder / "mapped.db", images, folder / "mapped-ours")
    figures = [
        max(((m.num_reg_images(), m.compute_mean_reprojection_error()) for m in models.values()), default=(0, 0))
        for models in (own, ours)
    ]
    check("as many images are registered from our database", figures[0][0] == figures[1][0] > 0,
          f"{figures[0][0]} and {figures[1][0]}")
    check("their mean reprojection error is the same within 1 %",
          abs(figures[1][1] / figures[0][1] - 1) < 0.01, f"{figures[0][1]:.4f} and {figures[1][1]:.4f} px")
    model = folder / "mapped-ours" / "0"
    convert(program, model, folder / "mapped-copy")
    same = same_model(pycolmap.Reconstruction(str(model)), pycolmap.Reconstruction(str(folder / "mapped-copy")))
    check("we read what COLMAP mapped", same)


def main():
    """Run all checks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the reconstruct program")
    parser.add_argument("folder", type=pathlib.Path, help="folder for all files; must not exist yet")
    parser.add_argument("--images", type=pathlib.Path, help="photos to extract and match instead of a synthetic scene")
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True)
    pycolmap.set_random_seed(1)
    print(f"pycolmap {pycolmap.__version__}")
    if arguments.images:
        extract(folder, arguments.images)
    else:
        synthesize(folder)
    check_models(arguments.program, folder)
    check_database(arguments.program, folder)
    check_conventions(folder)
    check_mapping(arguments.program, folder, arguments.images or folder)
    print("all agree" if not failures else f"{len(failures)} check(s) failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
