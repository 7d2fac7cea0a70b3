#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Maps the images of a COLMAP database by pycolmap's incremental or global mapper, in a process of its own.

    pycolmap_map.py incremental|global --database DATABASE --images FOLDER --output SPARSE [--threads 2] [--seed 0]

The database is used as it is, with its matches and two-view geometries; give a copy, the mappers may write to it.
"""
from __future__ import annotations

import argparse
import pathlib

import pycolmap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mapper", choices=["incremental", "global"])
    parser.add_argument("--database", type=pathlib.Path, required=True)
    parser.add_argument("--images", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    is_global = arguments.mapper == "global"
    options = pycolmap.GlobalPipelineOptions() if is_global else pycolmap.IncrementalPipelineOptions()
    options.num_threads = arguments.threads
    options.random_seed = arguments.seed
    arguments.output.mkdir(parents=True, exist_ok=True)
    mapping = pycolmap.global_mapping if is_global else pycolmap.incremental_mapping
    mapping(arguments.database, arguments.images, arguments.output, options)


if __name__ == "__main__":
    main()
