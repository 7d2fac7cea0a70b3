#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A model with the true poses and intrinsics of a scene, and points triangulated from the matches of a database.

    Benchmarks/peers/exact_model.py --database DATABASE --truth TRUTH --images IMAGES --output MODEL [--noise DEGREES UNITS]

With --noise, every pose is then turned by a random angle (standard deviation about each axis) and its centre moved (standard
deviation along each axis), with points left where they are. Needs pycolmap.
"""
import argparse
import pathlib
import shutil

import numpy as np
import pycolmap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("database", "truth", "images", "output"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--noise", type=float, nargs=2, default=(0, 0))
    arguments = parser.parse_args()
    database = arguments.output.parent / f"{arguments.output.name}.db"
    arguments.output.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(arguments.database, database)
    known = pycolmap.Reconstruction(str(arguments.truth))
    names = {image.name: image for image in known.images.values()}
    start = pycolmap.Reconstruction()
    with pycolmap.Database.open(str(database)) as db:
        images = [image for image in db.read_all_images() if image.name in names]
        for camera_id in sorted({image.camera_id for image in images}):
            sharing = [names[image.name].camera for image in images if image.camera_id == camera_id]
            true = sharing[0]
            if any(list(other.params) != list(true.params) for other in sharing):
                raise SystemExit("photos that share a camera in the database have different ones in truth; extract their "
                                 "features with --intrinsics TRUTH/cameras.txt")
            camera = db.read_camera(camera_id)
            camera.model, camera.width, camera.height = true.model, true.width, true.height
            camera.params = true.params
            db.update_camera(camera)
            start.add_camera_with_trivial_rig(camera)
        for image in images:
            start.add_image_with_trivial_frame(
                pycolmap.Image(image.name, camera_id=image.camera_id, image_id=image.image_id),
                names[image.name].cam_from_world())
    options = pycolmap.IncrementalPipelineOptions()
    result = pycolmap.triangulate_points(
        start, str(database), str(arguments.images), str(arguments.output), clear_points=True, options=options,
        refine_intrinsics=False)
    degrees, units = arguments.noise
    if degrees or units:
        random = np.random.default_rng(1)
        for image_id in sorted(result.images):
            image = result.images[image_id]
            pose = image.cam_from_world()
            turn = pycolmap.Rotation3d(np.radians(random.normal(0, degrees, 3)))
            centre = image.projection_center() + random.normal(0, units, 3)
            rotation = turn * pose.rotation
            image.frame.set_cam_from_world(
                image.camera_id, pycolmap.Rigid3d(rotation, -(rotation.matrix() @ centre)))
    result.write(str(arguments.output))
    database.unlink()


if __name__ == "__main__":
    main()
