#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One stage of COLMAP's pipeline in a process of its own, so that its time and memory can be measured.

    pycolmap_stage.py extract|match|map --images FOLDER --work FOLDER [--threads 2] [--known MODEL]

Unknown intrinsics: one SIMPLE_RADIAL camera for all photos, focal length 1.2 times the longer side and refined. Known ones
are read from the COLMAP model MODEL and kept. Everything else is pycolmap's default. The work folder holds `database.db`
and, after `map`, `sparse/0`, `sparse/1` ….
"""
from __future__ import annotations

import argparse
import pathlib

import pycolmap


def extract(arguments: argparse.Namespace) -> None:
    reader = pycolmap.ImageReaderOptions()
    options = pycolmap.FeatureExtractionOptions()
    options.num_threads = arguments.threads
    known = pycolmap.Reconstruction(arguments.known) if arguments.known else None
    single = known is None or len(known.cameras) == 1
    reader.camera_model = "PINHOLE" if known else "SIMPLE_RADIAL"
    database = arguments.work / "database.db"
    pycolmap.extract_features(
        database, arguments.images, camera_mode=pycolmap.CameraMode.SINGLE if single else pycolmap.CameraMode.PER_IMAGE,
        reader_options=reader, extraction_options=options, device=pycolmap.Device.cpu)
    if known is None:
        return
    given = {image.name: known.cameras[image.camera_id] for image in known.images.values()}
    with pycolmap.Database.open(database) as store:
        for image in store.read_all_images():
            camera = store.read_camera(image.camera_id)
            truth = given[image.name]
            camera.params = [truth.focal_length_x, truth.focal_length_y, truth.principal_point_x, truth.principal_point_y]
            camera.has_prior_focal_length = True
            store.update_camera(camera)


def match(arguments: argparse.Namespace) -> None:
    matching = pycolmap.FeatureMatchingOptions()
    matching.num_threads = arguments.threads
    verification = pycolmap.TwoViewGeometryOptions()
    verification.ransac.random_seed = 0
    pycolmap.match_exhaustive(
        arguments.work / "database.db", matching_options=matching, verification_options=verification,
        device=pycolmap.Device.cpu)


def map_images(arguments: argparse.Namespace) -> None:
    options = pycolmap.IncrementalPipelineOptions()
    options.num_threads = arguments.threads
    options.random_seed = 0
    if arguments.known:
        options.ba_refine_focal_length = False
        options.ba_refine_extra_params = False
    output = arguments.work / "sparse"
    output.mkdir(exist_ok=True)
    pycolmap.incremental_mapping(arguments.work / "database.db", arguments.images, output, options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["extract", "match", "map"])
    parser.add_argument("--images", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--known", type=pathlib.Path)
    arguments = parser.parse_args()
    {"extract": extract, "match": match, "map": map_images}[arguments.stage](arguments)


if __name__ == "__main__":
    main()
