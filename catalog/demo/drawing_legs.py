"""How trousers and skirts are cut, and the figure that stands in them."""

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
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_figure import Looks, figure, pick_looks, plain_shoes
from catalog.demo.drawing_shapes import Points, between, join, points, shifted, smooth
from catalog.demo.drawing_tops import Cut, bodice

NEUTRAL = ("white", "black", "navy", "beige", "grey", "maroon", "blue", "olive", "mustard", "pink")


def stand(
    s: Sketch, *, indian: bool, bottom: str = "trousers", top: str = "", shoes: bool = True
) -> Looks | None:
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
            bodice(
                s,
                Cut(
                    hem=length,
                    flare=s.body.hip + (2 if length < 90 else 6),
                    sleeve=s.rng.choice((0.22, 0.3, 1.0)),
                    neck_depth=6,
                    neck_width=7,
                ),
                shirt,
            )
    return looks


def legs(
    s: Sketch,
    fabric: Fabric,
    *,
    hem: float = ANKLE,
    ease: Sequence[float] = (1.5, 2.0, 2.0, 2.5),
    folds: Sequence[Points] = (),
    waist: float = WAIST + 2,
    depth: float = 0.4,
) -> None:
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
    s: Sketch,
    fabric: Fabric,
    *,
    top: float = WAIST,
    top_width: float | None = None,
    hem: float = 120.0,
    hem_width: float = 28.0,
    pleats: int = 8,
    depth: float = 0.5,
    dip: float = 2.5,
    scallop: float = 0.0,
) -> Points:
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
