# SPDX-License-Identifier: Apache-2.0
"""What `gallery.py` draws, and what is to be said about it."""
from __future__ import annotations

from typing import NamedTuple

INTRODUCTION = """
# Gallery

Every photo set at hand, reconstructed, drawn and looked at: failures included, nothing retouched. All options are the defaults,
the same for all sets. `tools/figures/gallery.py` made the pictures and the figures; the remarks are ours.

First rows: a photo; the truth, where it is known; our mesh from the same camera; the same in colours. Last row: our mesh from
elsewhere, as a parallel projection. Normals are those of faces, without smoothing, so that ripples show; **red faces are seen
from behind**: the surface is open there. Seconds are wall time on two cores that other programs used as well, everything
included.
"""


class Subject(NamedTuple):
    name: str
    title: str
    scene: str
    known: bool = False  # poses and intrinsics given
    photos: tuple[float, ...] = (0.5,)  # views from the cameras, as shares of the sequence
    # Parallel views: turned, lifted, in degrees.
    turns: tuple[tuple[float, float], ...] = ((-45, 15), (45, 15), (0, 50), (180, 15))
    remark: str = ""


SUBJECTS = [
    Subject("owl", "Owl", "owl", photos=(0.0,), remark="""
Right: the shape, the rims of the eyes, beak, ears and wings. Wrong: the seam between owl and base is a little filled; the ground
ends where the cube around the scene ends, with a ragged skirt of walls under its edge.
"""),
    Subject("synth_jug", "Jug", "synth_jug", photos=(0.0, 0.25), remark="""
Right: spout, handle, the opening of the neck and what can be seen of its inside. Wrong: ragged undersides of the arms and a hole
between the feet, which no photo shows; a ragged skirt under the edge of the table, where the cube around the scene ends.
"""),
    Subject("fountain_p11", "Fountain", "fountain_p11", turns=((-40, 10), (40, 10), (0, 45)), remark="""
Right: joints of the wall, volutes, bosses, the fish, steps and basin. Wrong: the flat carving of the friezes is only in the colours;
the rim of the basin is torn at the right; scraps and open sheets float between the wall and the building at the right, of which
few photos show much, and one block alone at the left.
"""),
    Subject("entry_p10", "Castle entry", "entry_p10", turns=((-40, 10), (40, 10), (0, 45)), remark="""
Right: windows in their reveals, balusters, coat of arms, columns, steps, the tower at the left. Wrong: lumps along the roof's edge
against the sky; the dark ceiling of the porch hangs down; a gap in the balcony's floor, which no photo shows; side walls, seen at
a grazing angle, are wavy.
"""),
    Subject("dino_ring24", "Dinosaur, poses from photos", "dino_ring24", remark="""
Nearly textureless, through a long lens of unknown focal length. Body, legs, plates, muzzle and the folds of the plaster are there, all
around. Wrong: rags of the black cloth on the base, of which the underside is a guess; small crumbs beside the plates; the finest folds
are smoothed away.
"""),
    Subject("dino_ring24-known", "Dinosaur, poses given", "dino_ring24", known=True, photos=(0.0, 0.5), remark="""
Right: outline, plates and the large folds of the plaster. Wrong: the black cloth behind the base became a wall in rags, larger than
the figure (nothing tells it from an object; masks would); small tags at the tips of plates and at the muzzle.
"""),
    Subject("candy_ring12", "Candy, poses from photos", "candy_ring12", remark="""
Refused: grains look alike and neighbours are 30° apart; no pair has enough points seen at a useful angle. With poses given it works.
"""),
    Subject("candy_ring12-known", "Candy, poses given", "candy_ring12", known=True, photos=(0.0, 0.5), remark="""
Right: the closed body with its grain. Wrong: the dark stand below and the cables behind, out of focus, became rags and lumps, two
of them loose in the air; the table (above in the photos) is a rough, torn sheet.
"""),
    Subject("facade", "Façade", "facade", turns=((-45, 10), (45, 10), (0, 45)), remark="""
Right: frames, sills, pilasters, reveals. Wrong: dark grooves along sharp steps and rounded inner corners; scraps above the
cornice, which no photo shows from above, and ragged ends where photos end.
"""),
    Subject("room", "Room, from inside", "room", photos=(0.1, 0.5), turns=(), remark="""
Right: the closed room, bench, table, column, shelves with balls. Wrong: a fine ripple on the walls, lumpy edges of shelves and
table, a ragged gap in the wall behind the column, holes in floor and ceiling near the cameras.
"""),
    Subject("grille", "Rods and a grille", "grille", photos=(0.0, 0.4), remark="""
Right: every rod is there, none has grown into its neighbour, and the holes are open. Wrong: drips hang from the undersides of ring
and bars, which photos from above hardly show; a ragged skirt under the edge of the ground.
"""),
    Subject("plain", "Teapot, half of it without texture", "plain", photos=(0.0, 0.5), remark="""
The hardest of the four. Right: lid, knob and handle, which have texture, and the round of the body, which outlines give. Wrong: where
there is no texture the body is bumpy, rough above the foot, and the underside of the spout is ragged.
"""),
]
