# SPDX-License-Identifier: Apache-2.0
"""What `gallery.py` draws, and what is to be said about it."""
from __future__ import annotations

from typing import NamedTuple

INTRODUCTION = """
# Gallery

Every photo set at hand, drawn by `tools/figures/gallery.py` and looked at; nothing is left out, nothing is retouched.
"""


class Subject(NamedTuple):
    name: str
    title: str
    scene: str
    remark: str = ""
    known: bool = False  # poses and intrinsics given
    photos: tuple[float, ...] = (0.5,)  # views from the cameras, as shares of the sequence
    turns: tuple[tuple[float, float], ...] = ((-45, 15), (45, 15), (0, 50), (180, 15))  # parallel views: turned, lifted (degrees)


SUBJECTS = [
    Subject("owl", "Owl", "owl", photos=(0.0,)),
    Subject("synth_jug", "Jug", "synth_jug", photos=(0.0, 0.25)),
    Subject("fountain_p11", "Fountain", "fountain_p11", turns=((-40, 10), (40, 10), (0, 45))),
    Subject("entry_p10", "Castle entry", "entry_p10", turns=((-40, 10), (40, 10), (0, 45))),
    Subject("dino_ring24", "Dinosaur, poses from photos", "dino_ring24"),
    Subject("dino_ring24-known", "Dinosaur, poses given", "dino_ring24", known=True, photos=(0.0, 0.5)),
    Subject("candy_ring12", "Candy, poses from photos", "candy_ring12"),
    Subject("candy_ring12-known", "Candy, poses given", "candy_ring12", known=True, photos=(0.0, 0.5)),
    Subject("facade", "Façade", "facade", turns=((-45, 10), (45, 10), (0, 45))),
    Subject("room", "Room, from inside", "room", photos=(0.1, 0.5), turns=()),
    Subject("grille", "Rods and a grille", "grille", photos=(0.0, 0.4)),
    Subject("plain", "Teapot, half of it without texture", "plain", photos=(0.0, 0.5)),
]
