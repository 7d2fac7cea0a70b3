# SPDX-License-Identifier: Apache-2.0
"""Prints the contours of a DICOM structure set, one JSON object a line: runs in a process of its own, with bounded memory
and time, since DICOM files come from anywhere."""

import json
import resource
import sys

MEMORY_BYTES = 2 << 30
PROCESSOR_SECONDS = 120
LARGEST_POINT_COUNT = 20_000_000
NO_PYDICOM = 3  # the caller tries another Python


def fail(message):
    print(message, file=sys.stderr)
    sys.exit(1)


resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
try:
    import pydicom
except ImportError:
    sys.exit(NO_PYDICOM)

try:
    data = pydicom.dcmread(sys.argv[1])
    modality = str(data.get("Modality", "missing"))
    if modality != "RTSTRUCT":
        fail(f"the modality is {modality}; only structure sets (RTSTRUCT) hold contours")
    names = {int(roi.ROINumber): str(roi.get("ROIName", "")) for roi in data.get("StructureSetROISequence", [])}
    points = 0
    for roi in data.get("ROIContourSequence", []):
        number = int(roi.ReferencedROINumber)
        for contour in roi.get("ContourSequence", []):
            numbers = [float(number) for number in contour.get("ContourData", None) or []]
            points += len(numbers) // 3
            if points > LARGEST_POINT_COUNT:
                fail(f"more than {LARGEST_POINT_COUNT} points")
            entry = {
                "structure": number,
                "name": names.get(number, ""),
                "kind": str(contour.get("ContourGeometricType", "")),
                "numbers": numbers,
            }
            print(json.dumps(entry, allow_nan=False))
except MemoryError:
    fail(f"it needs more than {MEMORY_BYTES >> 30} GB of memory")
except Exception as error:  # pydicom raises errors of any type on damaged files
    fail(f"not a readable DICOM structure set: {error}")
