#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what is made of every n-th slice of a volume of labels, in one run: our engines, interpolation of the slices'
signed distances, and ITK's morphological contour interpolation, by IoU with the whole volume at voxel centres.

    Benchmarks/interpolated.py VOLUME.nii.gz --every 4 --first 2 [--reconstruct PROGRAM] [--seeds 1 2 3]

Needs numpy, scipy, nibabel and itk-morphologicalcontourinterpolation (peers/requirements.txt). Slices are taken across the
last index axis; everything that is not 0 is inside.
"""

import argparse
import pathlib
import subprocess
import tempfile
import time

import itk
import nibabel
import numpy
from scipy.ndimage import distance_transform_edt


def signed_distances(mask, spacing):
    """Negative inside; half a pixel from the border to the nearest centres on both sides."""
    if not mask.any():
        return numpy.full(mask.shape, max(mask.shape) * max(spacing))
    return distance_transform_edt(~mask, sampling=spacing) - distance_transform_edt(mask, sampling=spacing)


def interpolated_distances(volume, taken, spacing):
    """Linear in between the signed distances of neighbouring slices; empty beyond the first and the last."""
    result = numpy.zeros_like(volume)
    fields = [signed_distances(volume[:, :, index], spacing[:2]) for index in taken]
    for (first, before), (last, after) in zip(zip(taken, fields), zip(taken[1:], fields[1:])):
        for index in range(first, last + 1):
            share = (index - first) / (last - first)
            result[:, :, index] = (1 - share) * before + share * after < 0
    return result


def morphological(volume, taken):
    sparse = numpy.zeros(volume.shape, numpy.uint8)
    sparse[:, :, taken] = volume[:, :, taken]
    # Arrays of ITK have their axes in the opposite order.
    image = itk.image_from_array(numpy.ascontiguousarray(sparse.transpose(2, 1, 0)))
    found = itk.morphological_contour_interpolator(image, axis=2, label=1)
    return itk.array_from_image(found).transpose(2, 1, 0) != 0


def ours(options, path, field, seed):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "filled.nii.gz"
        subprocess.run(
            [options.reconstruct, "slices", path, "-o", target, "--axis", "k", "--every", str(options.every), "--first",
             str(options.first), "--field", field, "--seed", str(seed), "--quiet"],
            check=True, stdout=subprocess.DEVNULL)
        return numpy.asarray(nibabel.load(target).dataobj) != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("volume")
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--reconstruct", default=".build/release/reconstruct")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    image = nibabel.load(options.volume)
    volume = numpy.asarray(image.dataobj) != 0
    spacing = [float(size) for size in image.header.get_zooms()[:3]]
    taken = list(range(options.first, volume.shape[2], options.every))
    methods = [("slice distances", lambda: interpolated_distances(volume, taken, spacing)),
               ("itk morphological", lambda: morphological(volume, taken)),
               ("ours, thin plate", lambda: ours(options, options.volume, "thinplate", 1))]
    for seed in options.seeds:
        methods.append((f"ours, network, seed {seed}", lambda seed=seed: ours(options, options.volume, "occupancy", seed)))
    print("| method | IoU | wall s |\n|---|---|---|")
    for name, method in methods:
        start = time.monotonic()
        found = method()
        seconds = time.monotonic() - start
        iou = numpy.logical_and(found, volume).sum() / numpy.logical_or(found, volume).sum()
        print(f"| {name} | {iou:.4f} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
