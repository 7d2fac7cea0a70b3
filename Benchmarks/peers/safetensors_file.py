# SPDX-License-Identifier: Apache-2.0
"""Reads safetensors files of 32-bit floats."""
from __future__ import annotations

import json
import pathlib
import struct

import numpy as np


def read(path: pathlib.Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors and metadata by name."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        start, end = entry["data_offsets"]
        values = np.frombuffer(data, "<f4", (end - start) // 4, 8 + length + start)
        tensors[name] = values.reshape(entry["shape"]).copy()
    return tensors, metadata
