"""Trousers of every kind, skirts, and the figure that stands in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catalog.demo.drawing_body import ANKLE, CROTCH, HIP, KNEE, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    PALETTE,
    Colour,
    Fabric,
    jitter,
    plain,
    printed,
    shade,
    woven,
)  # fmt: skip
from catalog.demo.drawing_figure import Looks, figure, pick_looks, plain_shoes
from catalog.demo.drawing_shapes import Points, between, join, points, shifted, smooth
from catalog.demo.drawing_tops import Cut, bodice

NEUTRAL = ("white", "black", "navy", "beige", "grey", "maroon", "blue", "olive", "mustard", "pink")


def stand(
    s: Sketch, *, indian: bool, bottom: str = "trousers", top: str = "", shoes: bool = True
) -> Looks | None:  # fmt: skip
    """Under a worn garment: the figure and what else it wears. None when the garment is flat."""
    if not s.worn:
        return None
    women = s.gender in ("women", "girls")
    looks = pick_looks(s.rng, indian=indian, women=women)
    with s.companion():
        figure(s, looks)
        if shoes:
            plain_shoes(
                s,
                shade(
                    PALETTE[s.rng.choice(("brown", "black", "beige", "white", "gold", "red"))], 0.9
                ),
            )
        dye = jitter(s.rng, PALETTE[s.rng.choice(NEUTRAL)])
        if bottom:
            _companion_bottom(s, bottom, woven(s.rng, dye))
        if top:
            shirt = printed(
                s.rng,
                jitter(s.rng, PALETTE[s.rng.choice(NEUTRAL)]),
                s.rng.choice(("plain", "plain", "heather", "stripes")),
            )
            length = 84 if top == "shirt" else 132
            bodice(s, Cut(hem=length, flare=s.body.hip + (2 if length < 90 else 6), sleeve=s.rng.choice((0.22, 0.3, 1.0)),
                          neck_depth=6, neck_width=7), shirt)  # fmt: skip
    return looks


def legs(
    s: Sketch, fabric: Fabric, *, hem: float = ANKLE, ease: Sequence[float] = (1.5, 2.0, 2.0, 2.5),
    folds: Sequence[Points] = (), waist: float = WAIST + 2, depth: float = 0.4,
) -> None:  # fmt: skip
    """Two legs; `ease` is what the cloth stands off at hip, thigh, knee and ankle."""
    body, rng = s.body, s.rng
    hip, thigh, knee, ankle = ease
    shin = body.stance * 0.5 + 4
    low_share = max(0.0, min(1.0, (hem - KNEE) / (ANKLE - KNEE)))
    for side in (-1, 1):
        end_x = (
            shin + (body.stance - shin) * low_share
            if hem > KNEE
            else shin + (body.hip * 0.5 - shin) * (KNEE - hem) / 40
        )
        end = 5.4 + (3.4 - 5.4) * low_share + knee + (ankle - knee) * low_share
        outer: list[tuple[float, float]] = [
            (side * (body.waist + 1.0), waist),
            (side * (body.hip + hip), HIP),
            (side * (body.hip * 0.52 + 7.6 + thigh), 108),
        ]
        inner: list[tuple[float, float]] = [
            (side * max(0.4, body.hip * 0.52 - 7.6 - thigh * 0.5), 108)
        ]
        if hem > KNEE + 4:
            outer.append((side * (shin + 5.6 + knee), KNEE))
            inner.insert(0, (side * max(0.3, shin - 5.6 - knee), KNEE))
        outer.append((side * (end_x + end), hem))
        inner.insert(0, (side * max(0.2, end_x - end), hem + 0.6))
        outline = join(
            smooth(outer), smooth([*inner, (-side * 0.4, CROTCH + 2)]), [(-side * 0.4, waist)]
        )
        mine = [f for f in folds if side * f[:, 0].mean() >= 0]
        for _ in range(rng.randint(1, 3)):
            y = rng.uniform(KNEE - 6, KNEE + 5)
            if y < hem - 4:
                mine.append(
                    smooth(
                        [
                            (side * (shin - 5), y),
                            (side * shin, y + 1.2),
                            (side * (shin + 4), y - 0.5),
                        ]
                    )
                )
        mine.append(
            smooth(
                [
                    (side * 0.6, CROTCH),
                    (side * body.hip * 0.5, CROTCH - 4),
                    (side * body.hip * 0.9, CROTCH - 9),
                ]
            )
        )
        s.fill(outline, fabric, creases=mine, depth=depth, relief=0.5)


def waistband(s: Sketch, fabric: Fabric, *, height: float = 4.0, top: float = WAIST + 1) -> None:
    w = s.body.waist + 1.4
    s.fill(
        points((-w, top), (w, top), (w + 0.6, top + height), (-w - 0.6, top + height)),
        fabric,
        relief=0.25,
    )


def fly(s: Sketch, stitch: Colour, *, pockets: bool = True) -> None:
    """Front fly, button and slanted pockets."""
    w = s.body.waist
    s.line(smooth([(2.6, WAIST + 5), (2.6, 84), (0.2, 90)]), stitch, 0.4)
    s.line([(0.2, WAIST + 5), (0, CROTCH + 2)], stitch, 0.4)
    s.beads([(0, WAIST + 3)], 1.0, PALETTE["copper"])
    if pockets:
        for side in (-1, 1):
            s.line(
                smooth(
                    [(side * w * 0.5, WAIST + 5), (side * w * 0.75, 80), (side * (w + 3.5), 83)]
                ),
                stitch,
                0.45,
            )


def belt_loops(s: Sketch, colour: Colour) -> None:
    for x in (-0.75, -0.3, 0.3, 0.75):
        s.line([(x * s.body.waist, WAIST + 0.6), (x * s.body.waist, WAIST + 5.4)], colour, 1.1)


def drawstring(s: Sketch, colour: Colour) -> None:
    """A tied cord, as salwars and pyjamas have it."""
    for side in (-1, 1):
        path = smooth([(0, WAIST + 3), (side * 2.2, WAIST + 9), (side * 1.5, WAIST + 17)])
        s.line(path, colour, 0.8)
        s.beads([path[-1]], 1.0, colour)


def skirt_shape(
    s: Sketch, fabric: Fabric, *, top: float = WAIST, top_width: float | None = None, hem: float = 120.0,
    hem_width: float = 28.0, pleats: int = 8, depth: float = 0.5, dip: float = 2.5, scallop: float = 0.0,
) -> Points:  # fmt: skip
    """A skirt from the waist; returns its hem from left to right."""
    w = top_width if top_width is not None else s.body.waist + 0.8
    xs = np.linspace(-1, 1, 33)
    ys = hem + dip * (1 - xs**2) + scallop * np.cos(xs * np.pi * max(2, pleats))
    edge = np.column_stack([xs * hem_width, ys])
    hip_y, hip_w = top + 19, max(w + (hem_width - w) * 0.38, min(s.body.hip + 1.5, hem_width))
    if hem < hip_y + 8:
        hip_y = (top + hem) / 2
    left = smooth([(-w, top), (-hip_w, hip_y), (-hem_width, hem)])
    right = left[::-1] * (-1, 1)
    waist = smooth([(-w, top), (0, top + 1.2), (w, top)])
    lines = between(waist, edge, pleats, 0.06, 0.94)
    folds = []
    for a, b in lines:
        start = a + (b - a) * s.rng.uniform(0.0, 0.25)
        folds.append(smooth([start, (start + b) / 2 + (s.rng.uniform(-1.2, 1.2), 0), b]))
    s.fill(join(left, edge, right, waist[::-1]), fabric, creases=folds, depth=depth, relief=0.35)
    return edge


def hem_strip(s: Sketch, edge: Points, fabric: Fabric, width: float, lift: float = 0.0) -> None:
    """A border along a skirt's hem, `lift` above the edge."""
    low = shifted(edge, 0, -lift) * (1 - lift * 0.0035, 1)
    high = shifted(low, 0, -width) * (1 - width * 0.0035, 1)
    s.fill(join(low, high[::-1]), fabric, relief=0.12, waves=0.12)


def ankle_gathers(s: Sketch, top: float, count: int) -> list[Points]:
    """Rings of cloth above the ankle: what makes a churidar."""
    rings = []
    for side in (-1, 1):
        for y in np.linspace(top, ANKLE - 1, count):
            x = side * (
                s.body.stance * 0.5 + 4 + (s.body.stance * 0.5 - 4) * (y - KNEE) / (ANKLE - KNEE)
            )
            tilt = s.rng.uniform(-1.4, 1.4)
            rings.append(smooth([(x - 5.5, y + tilt), (x, y + 1.6), (x + 5.5, y - tilt)]))
    return rings


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
    stand(s, indian=True, bottom="", top="")
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


def _companion_bottom(s: Sketch, kind: str, fabric: Fabric) -> None:
    """What a figure wears below when the bottoms are not the matter."""
    if kind == "skirt":
        skirt_shape(s, fabric, hem=118, hem_width=22, pleats=4)
    elif kind == "churidar":
        legs(s, fabric, hem=ANKLE + 2, ease=(2, 1, 0.3, 0.8), folds=ankle_gathers(s, 148, 8))
    elif kind == "jeans":
        denim = printed(s.rng, jitter(s.rng, (70, 90, 132)), "denim")
        legs(s, denim, ease=(0.6, 0.6, 0.4, 0.4))
    elif kind == "pyjama":
        legs(s, woven(s.rng, (240, 236, 226)), ease=(2, 3, 3.5, 3.5))
    else:
        ease = {"leggings": (0.2, 0.0, 0.0, 0.3), "salwar": (4.0, 6.0, 5.0, 2.0)}
        legs(s, fabric, ease=ease.get(kind, (1.5, 2.0, 2.0, 2.5)))


DRAWINGS = {
    "trousers": trousers, "jeans": jeans, "shorts": shorts, "leggings": leggings, "churidar": churidar,
    "salwar": salwar, "patiala": patiala, "skirt": skirt, "petticoat": petticoat, "lederhosen": lederhosen,
}  # fmt: skip
