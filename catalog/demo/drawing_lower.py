"""Trousers of every kind, skirts, lederhosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_body import ANKLE, KNEE, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    Fabric,
    jitter,
    plain,
    shade,
)
from catalog.demo.drawing_legs import (
    ankle_gathers,
    belt_loops,
    drawstring,
    fly,
    hem_strip,
    legs,
    skirt_shape,
    stand,
    waistband,
)
from catalog.demo.drawing_shapes import Points, join, points, smooth


def trousers(s: Sketch) -> None:
    stand(s, indian=False, bottom="", top="shirt")
    fabric = s.cloth("plain", "plain", "heather", "pinstripes", "checks")
    wide = s.rng.choice(((1, 1, 1, 1), (1.5, 2, 2.5, 3), (2, 3, 5, 6)))
    press = [
        smooth([(x * 9.2, 80), (x * 9.5, KNEE), (x * s.body.stance, ANKLE - 2)]) for x in (-1, 1)
    ]
    legs(s, fabric, ease=wide, folds=press if s.chance(0.7) else ())
    waistband(s, fabric)
    belt_loops(s, shade(fabric.colour, 0.75))
    fly(s, shade(fabric.colour, 0.6))


def jeans(s: Sketch) -> None:
    stand(s, indian=False, bottom="", top="shirt")
    fabric = s.cloth("denim")
    legs(s, fabric, ease=s.rng.choice(((0.6, 0.4, 0.2, 0.2), (1, 1.2, 1.6, 2), (1.2, 1.5, 2.2, 5))))
    for side in (-1, 1):
        faded = smooth(
            [(side * 6, 100), (side * 9, 98), (side * 11, 118), (side * 8.5, 130), (side * 6, 118)],
            closed=True,
        )
        s.fill(faded, plain(shade(fabric.colour, 1.35)), relief=0.9, opacity=0.25)
    waistband(s, fabric)
    belt_loops(s, shade(fabric.colour, 0.8))
    fly(s, (198, 140, 70))


def shorts(s: Sketch) -> None:
    stand(s, indian=False, bottom="", top="shirt")
    fabric = s.cloth("plain", "denim", "checks", "floral", "heather")
    legs(s, fabric, hem=s.rng.uniform(106, 124), ease=(1.5, 3, 4, 4))
    waistband(s, fabric)
    if s.chance(0.5):
        drawstring(s, (236, 234, 228))
    else:
        fly(s, shade(fabric.colour, 0.6))


def leggings(s: Sketch) -> None:
    stand(s, indian=False, bottom="", top="shirt")
    fabric = s.cloth("plain", "plain", "plain", "heather", "floral")
    legs(s, fabric, hem=s.rng.choice((ANKLE - 4, ANKLE - 1, 152)), ease=(0.1, 0.0, 0.0, 0.2))
    waistband(s, plain(shade(fabric.colour, 0.85)), height=3)


def churidar(s: Sketch) -> None:
    stand(s, indian=True, bottom="", top="kurta")
    fabric = s.cloth("plain", gloss=s.rng.choice((0.0, 0.3)))
    legs(
        s,
        fabric,
        hem=ANKLE + 3,
        ease=(2.5, 2.0, 0.3, 0.9),
        folds=ankle_gathers(s, 146, s.rng.randint(7, 10)),
        depth=0.75,
    )
    _tied_waist(s, fabric)


def _tied_waist(s: Sketch, fabric: Fabric) -> None:
    waistband(s, fabric, height=4.5)
    w = s.body.waist
    for x in np.linspace(-0.9, 0.9, 13):
        s.line([(x * w, WAIST + 1.5), (x * w * 1.02, WAIST + 5)], shade(fabric.colour, 0.7), 0.3)
    if not s.worn or s.chance(0.3):
        drawstring(s, shade(fabric.colour, 1.4))


def salwar(s: Sketch) -> None:
    stand(s, indian=True, bottom="", top="kurta")
    fabric = s.cloth("plain", "plain", "buti", "ditsy", "stripes")
    folds = [
        smooth([(x * s.body.waist, WAIST + 4), (x * 16, 106), (x * 13, 140)])
        for x in (-0.9, -0.6, -0.3, 0.3, 0.6, 0.9)
    ]
    legs(s, fabric, ease=(2.5, 6, 7, 1.8), folds=folds, hem=ANKLE - 2)
    _tied_waist(s, fabric)
    _cuffs(s, plain(shade(fabric.colour, 0.82)))


def _cuffs(s: Sketch, fabric: Fabric) -> None:
    for side in (-1, 1):
        x = side * s.body.stance
        s.fill(
            points(
                (x - 5.6, ANKLE - 6),
                (x + 5.6, ANKLE - 6),
                (x + 5, ANKLE - 0.5),
                (x - 5, ANKLE - 0.5),
            ),
            fabric,
            relief=0.3,
        )
        s.line([(x - 5.4, ANKLE - 5), (x + 5.4, ANKLE - 5)], shade(fabric.colour, 0.7), 0.3)


def patiala(s: Sketch) -> None:
    stand(s, indian=True, bottom="", top="shirt")
    fabric = s.cloth("plain", "plain", "dots", "buti", "floral", gloss=0.1)
    folds: list[Points] = []
    for side in (-1, 1):
        for k in range(6):
            y = 90 + k * 9
            folds.append(
                smooth(
                    [
                        (side * (24 - k * 0.3), y - 12),
                        (side * 15, y + 12),
                        (side * 6, y + 16),
                        (side * 1.5, y - 6),
                    ]
                )
            )
    legs(s, fabric, ease=(4, 10, 13, 2.2), folds=folds, hem=ANKLE - 2, depth=0.7)
    _tied_waist(s, fabric)
    _cuffs(s, plain(shade(fabric.colour, 0.8)))


def skirt(s: Sketch) -> None:
    stand(s, indian=False, bottom="", top="shirt")
    fabric = s.cloth("plain", "floral", "checks", "tartan", "dots", "denim", "geometric")
    kind = s.rng.choice(("pencil", "flared", "pleated", "maxi"))
    s.note(cut=kind)
    hem, width, pleats = {
        "pencil": (118, 16, 0),
        "flared": (112, 30, 7),
        "pleated": (116, 29, 15),
        "maxi": (164, 34, 9),
    }[kind]
    edge = skirt_shape(s, fabric, hem=hem, hem_width=width, pleats=pleats, depth=0.45)
    if kind == "flared" and s.chance(0.4):
        hem_strip(s, edge, plain(shade(fabric.colour, 0.6)), 2.2, 2)
    waistband(s, plain(shade(fabric.colour, 0.85)), top=WAIST - 1)


def petticoat(s: Sketch) -> None:
    """The drawstring underskirt of a saree."""
    stand(s, indian=True, bottom="", top="shirt")
    fabric = s.cloth("plain")
    edge = skirt_shape(s, fabric, hem=164, hem_width=25, pleats=6, depth=0.35)
    hem_strip(s, edge, plain(shade(fabric.colour, 0.9)), 5)
    hem_strip(s, edge, plain(shade(fabric.colour, 0.75)), 0.5, 5)
    waistband(s, fabric, top=WAIST - 1)
    drawstring(s, shade(fabric.colour, 1.3))


def lederhosen(s: Sketch) -> None:
    """Bavarian leather breeches: braces with a chest bar, drop front, embroidery, laced knees."""
    stand(s, indian=False, bottom="", top="shirt")
    hide = plain(
        jitter(s.rng, s.rng.choice(((122, 84, 50), (92, 62, 40), (146, 106, 66), (70, 58, 46)))),
        0.12,
        "leather",
    )
    s.note(material="leather")
    thread = s.rng.choice(((214, 188, 130), (96, 130, 74), (232, 224, 200)))
    legs(s, hide, hem=s.rng.choice((116, 120, 138)), ease=(2.5, 3, 3, 2.5))
    waistband(s, hide, height=4)
    w = s.body.waist
    flap = smooth([(-8, WAIST + 4), (-8, 86), (-5, 89), (5, 89), (8, 86), (8, WAIST + 4)])
    s.fill(flap, plain(shade(hide.colour, 1.08)), relief=0.3)
    s.line(flap, thread, 0.7)
    s.beads([(-7.4, WAIST + 5), (7.4, WAIST + 5)], 1.1, (226, 214, 186))
    for side in (-1, 1):
        s.fill(
            join(
                points(
                    (side * (w - 5), WAIST + 2),
                    (side * (w - 9), 30),
                    (side * (w - 5), 29),
                    (side * (w - 1), WAIST + 2),
                )
            ),
            hide,
            relief=0.3,
        )
        s.line([(side * (w - 3), WAIST), (side * (w - 7), 32)], thread, 0.5)
        vine = smooth([(side * 14, 84), (side * 17, 94), (side * 13, 102), (side * 16, 110)])
        s.line(vine, thread, 0.6)
        s.beads(vine[::4], 1.1, thread, shine=False)
    bar = points((-w + 4, 45), (w - 4, 45), (w - 4, 51), (-w + 4, 51))
    s.fill(bar, hide, relief=0.25)
    s.line(bar, thread, 0.6)
    s.beads([(0, 48), (-3.4, 48), (3.4, 48)], 1.2, thread, shine=False)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "trousers": trousers,
    "jeans": jeans,
    "shorts": shorts,
    "leggings": leggings,
    "churidar": churidar,
    "salwar": salwar,
    "patiala": patiala,
    "skirt": skirt,
    "petticoat": petticoat,
    "lederhosen": lederhosen,
}
