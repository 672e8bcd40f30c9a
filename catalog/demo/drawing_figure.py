"""A simple figure that wears the clothes: skin, hair and face in many tones, bare feet or plain shoes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from catalog.demo.drawing_body import ANKLE, CROTCH, HIP, KNEE, SOLE, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import Colour, Fabric, jitter, plain, shade
from catalog.demo.drawing_shapes import ellipse, points, smooth, symmetric, tube

SKINS: tuple[Colour, ...] = (
    (246, 216, 192),
    (236, 194, 160),
    (222, 172, 132),
    (204, 150, 108),
    (184, 128, 88),
    (158, 104, 70),
    (126, 80, 54),
    (94, 60, 42),
)
_HAIR: tuple[Colour, ...] = (
    (24, 20, 20),
    (38, 28, 24),
    (62, 42, 30),
    (110, 74, 44),
    (196, 156, 96),
)


@dataclass(frozen=True, slots=True)
class Looks:
    skin: Fabric
    hair: Fabric
    style: str
    beard: bool = False


def pick_looks(rng: Random, *, indian: bool, women: bool) -> Looks:
    """Skin, hair and its style; Indian wear is mostly, not only, worn by brown skin and dark hair."""
    skin = rng.choice(SKINS[2:] if indian and rng.random() < 0.9 else SKINS)
    dark = indian or sum(skin) < 460 or rng.random() < 0.4
    hair = rng.choice(_HAIR[:2] if dark else _HAIR)
    beard = not women and rng.random() < (0.55 if indian else 0.25)
    style = rng.choice(
        ("long", "bun", "braid", "bob") if women else ("short", "short", "curly", "bald")
    )
    return Looks(
        plain(jitter(rng, skin, 8), name="skin"), plain(jitter(rng, hair, 6), 0.25), style, beard
    )


def figure(s: Sketch, looks: Looks, *, legs: bool = True, trunk: bool = True) -> None:
    """Everything of the body that clothes may cover."""
    skin = looks.skin
    if looks.style in ("long", "braid"):
        _long_hair(s, looks)
    if legs:
        for side in (-1, 1):
            _leg(s, skin, side)
    body = s.body
    if trunk:
        half = smooth(
            [
                (-3, 29),
                (-body.shoulder + 4, 33.5),
                (-body.shoulder - 0.5, 38),
                (-body.chest, 50),
                (-body.waist, WAIST),
                (-body.hip, HIP),
                (-body.hip * 0.9, CROTCH + 4),
                (0, CROTCH + 5),
            ]
        )
        s.fill(symmetric(half), skin, relief=0.3, waves=0.03)
    for arm in (body.left_arm, body.right_arm):
        s.fill(tube(arm, (5.0, 4.6, 4.2, 3.6, 2.7)), skin, relief=0.35, waves=0.02)
        hand(s, skin, arm)
    neck = points((-4.6, 18), (4.6, 18), (5.2, 30), (9, 34), (-9, 34), (-5.2, 30))
    s.fill(neck, plain(shade(skin.colour, 0.9)), relief=0.2, waves=0.02)
    head(s, looks)


def hand(s: Sketch, skin: Fabric, arm: object) -> None:
    """A mitten with a thumb, in the direction of the arm."""
    path = np.asarray(arm, dtype=np.float64)
    end, before = path[-1], path[-4]
    way = (end - before) / max(float(np.hypot(*(end - before))), 1e-6)
    tip = end + way * 13
    thumb = end + way * 7 + np.array([-way[1], way[0]]) * (4 if end[0] > 0 else -4)
    s.fill(tube(np.vstack([end, end + way * 3, thumb]), (2, 1.4, 1.0)), skin, relief=0.2)
    s.fill(tube(np.vstack([end - way, end + way * 5, tip]), (2.5, 3.8, 3.3, 1.4)), skin, relief=0.3)


def head(s: Sketch, looks: Looks) -> None:
    """Face and hair."""
    skin, hair = looks.skin, looks.hair
    if looks.style == "bun":
        s.fill(ellipse(0, -3.5, 5.5, 4.6), hair)
    if looks.style in ("bun", "braid", "long", "bob"):
        s.fill(ellipse(0, 8.6, 10.2, 10.4), hair, relief=0.3)
    if looks.style == "bob":
        s.fill(
            smooth([(-10, 8), (-11.5, 20), (-7, 25), (7, 25), (11.5, 20), (10, 8)], closed=True),
            hair,
        )
    if looks.style in ("short", "curly"):
        s.fill(ellipse(0, 7.4, 9.2 + (looks.style == "curly"), 9.6), hair, relief=0.3)
    face = smooth(
        [(0, 2), (6.6, 5), (7.8, 12), (6, 19), (0, 23.4), (-6, 19), (-7.8, 12), (-6.6, 5)],
        closed=True,
    )
    for x in (-8, 8):
        s.fill(ellipse(x, 13, 1.5, 2.8), skin)
    s.fill(face, skin, relief=0.3, waves=0.02)
    if looks.beard:
        jaw = [
            (-7.6, 13),
            (-6, 19.4),
            (0, 24.6),
            (6, 19.4),
            (7.6, 13),
            (5, 16.2),
            (0, 17),
            (-5, 16.2),
        ]
        s.fill(smooth(jaw, closed=True), hair, relief=0.2)
    _face(s, skin.colour)
    _fringe(s, looks)


def _face(s: Sketch, skin: Colour) -> None:
    dark = shade(skin, 0.42)
    lip = (round(skin[0] * 0.82), round(skin[1] * 0.52), round(skin[2] * 0.52))
    for x in (-3.3, 3.3):
        s.line(smooth([(x - 1.8, 9.6), (x, 9.0), (x + 1.8, 9.5)]), dark, 0.6)
        s.fill(ellipse(x, 11.6, 1.5, 0.75), plain((246, 244, 240)), relief=0)
        s.beads([(x, 11.6)], 0.72, (40, 28, 24), shine=False)
        s.line(smooth([(x - 1.6, 11.4), (x, 10.7), (x + 1.6, 11.4)]), (30, 22, 20), 0.45)
    s.line(smooth([(0.4, 12), (1.2, 15.2), (-0.6, 15.7)]), shade(skin, 0.75), 0.5)
    s.fill(
        smooth([(-2.6, 18.6), (0, 18), (2.6, 18.6), (0, 20)], closed=True), plain(lip), relief=0.1
    )


def _fringe(s: Sketch, looks: Looks) -> None:
    if looks.style == "bald":
        return
    part = s.rng.uniform(-3, 3)
    top = smooth([(-8.2, 11), (-8.4, 4), (-4, -1.6), (4, -1.6), (8.4, 4), (8.2, 11)])
    low = smooth([(7.2, 8), (5, 4.4), (part, 1.8), (-5, 4.4), (-7.2, 8)])
    s.fill(np.vstack([top, low]), looks.hair, relief=0.2)
    if looks.style == "long":
        for x in (-1, 1):
            lock = [(x * 8.2, 6), (x * 9.6, 18), (x * 10.5, 30), (x * 9, 44 + s.rng.uniform(-4, 8))]
            s.fill(tube(lock, (1.2, 2.6, 3.2, 1.0)), looks.hair, relief=0.3)
    if looks.style == "braid":
        s.fill(
            tube([(5, 18), (10, 28), (10, 48), (8, 62)], (2, 2.6, 2.2, 1)), looks.hair, relief=0.5
        )


def _long_hair(s: Sketch, looks: Looks) -> None:
    shape = smooth(
        [(0, -1), (9.5, 4), (11, 20), (12, 38), (7, 46), (-7, 46), (-12, 38), (-11, 20), (-9.5, 4)],
        closed=True,
    )
    s.fill(shape, looks.hair, relief=0.3)


def leg_spine(s: Sketch, side: int) -> list[tuple[float, float]]:
    """From the hip joint over the knee to the ankle."""
    stance = s.body.stance
    return [
        (side * s.body.hip * 0.52, CROTCH - 4),
        (side * (stance * 0.5 + 4), KNEE),
        (side * stance, ANKLE),
    ]


def _leg(s: Sketch, skin: Fabric, side: int) -> None:
    s.fill(tube(leg_spine(s, side), (8.4, 7.6, 5.4, 5.6, 3.3)), skin, relief=0.35, waves=0.02)
    x = side * s.body.stance
    foot = smooth(
        [
            (x - 3, ANKLE - 2),
            (x + 3, ANKLE - 2),
            (x + 3.6 + side, SOLE - 3),
            (x + 4 + side * 2, SOLE + 2),
            (x + side * 2, SOLE + 3),
            (x - 4 + side * 2, SOLE + 2),
            (x - 3.6 + side, SOLE - 3),
        ],
        closed=True,
    )
    s.fill(foot, skin, relief=0.3)


def plain_shoes(s: Sketch, colour: Colour) -> None:
    """Shoes from the front, for figures whose shoes are not the matter."""
    leather = plain(colour, 0.2)
    for side in (-1, 1):
        x = side * s.body.stance
        shoe = smooth(
            [
                (x - 3.6, ANKLE + 1),
                (x, ANKLE + 3),
                (x + 3.6, ANKLE + 1),
                (x + 4.4 + side, SOLE - 1),
                (x + 4.6 + side * 2, SOLE + 3),
                (x + side * 2, SOLE + 4.4),
                (x - 4.6 + side * 2, SOLE + 3),
                (x - 4.4 + side, SOLE - 1),
            ],
            closed=True,
        )
        s.fill(shoe, leather, relief=0.4)


def dress_form(s: Sketch) -> None:
    """Now and then a tailor's dummy in a flat garment: neck with its cap, and a stand below."""
    if s.worn or not s.chance(0.22):
        return
    s.form = True
    cloth = plain(s.rng.choice(((38, 36, 38), (226, 218, 200), (240, 240, 238), (120, 96, 72))))
    body = s.body
    with s.companion():
        s.fill(tube([(0, 90), (0, 130)], (1.4, 1.4)), plain((90, 70, 52), 0.3))
        torso = [
            (-3, 25),
            (-4.6, 30),
            (-body.shoulder + 3, 35),
            (-body.chest, 50),
            (-body.waist, WAIST),
            (-body.hip, HIP),
            (0, HIP + 4),
        ]
        s.fill(symmetric(smooth(torso)), cloth, relief=0.4)
        s.fill(points((-4.8, 22), (4.8, 22), (5, 32), (-5, 32)), cloth, relief=0.5)
        s.fill(ellipse(0, 22, 4.8, 1.6), plain(shade(cloth.colour, 1.4)), relief=0.3)
    s.note(shown="dummy")
