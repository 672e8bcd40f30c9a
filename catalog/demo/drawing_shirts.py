"""Shirts, tops, tunics, sweaters: Western upper garments of one layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_body import WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    contrasting,
    plain,
    printed,
    shade,
)
from catalog.demo.drawing_figure import dress_form
from catalog.demo.drawing_kurtas import sleeve_word
from catalog.demo.drawing_legs import stand
from catalog.demo.drawing_shapes import join, offset, points, smooth
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    bodice,
    hem_border,
    placket,
    shirt_collar,
    sleeve_ends,
)


def tunic(s: Sketch) -> None:
    """A Western long top: no slits, no Indian trim."""
    stand(s, indian=False, bottom=s.rng.choice(("leggings", "jeans")))
    cut = Cut(
        hem=s.rng.uniform(96, 108),
        flare=s.body.hip + s.rng.uniform(3, 9),
        sleeve=s.rng.choice((0, 0.25, 0.7, 1.0)),
        neck=s.rng.choice(("v", "boat", "round")),
        fit=s.rng.uniform(0, 0.5),
        ease=s.rng.uniform(2, 4),
        sleeve_width=s.rng.choice(((7.5, 7, 6), (7.5, 8, 10))),
        hem_curve=s.rng.choice((-5, 2, 7)),
    )
    fabric = s.cloth(
        "plain",
        "stripes",
        "floral",
        "animal",
        "tie_dye",
        "heather",
        "geometric",
        "dots",
        "big_floral",
    )
    panel = bodice(s, cut, fabric)
    s.note(sleeve=sleeve_word(cut.sleeve))
    if s.chance(0.4):
        w = abs(panel.waist[0][0]) + 1
        s.fill(
            points((-w, WAIST - 1.5), (w, WAIST - 1.5), (w, WAIST + 1.5), (-w, WAIST + 1.5)),
            plain(shade(s.ink, 0.5), 0.1),
        )
    elif s.chance(0.5):
        for side in (-1, 1):
            s.line(
                smooth(
                    [(side * 0.6, COLLAR + cut.neck_depth - 2), (side * 1.6, 52), (side * 2.4, 60)]
                ),
                shade(s.ink, 0.6),
                0.5,
            )


def shirt(
    s: Sketch,
    prints: tuple[str, ...] = (
        "plain",
        "plain",
        "stripes",
        "pinstripes",
        "dots",
        "floral",
        "denim",
    ),
) -> None:
    dress_form(s)
    stand(s, indian=False, bottom=s.rng.choice(("trousers", "jeans")))
    long = s.chance(0.65)
    cut = Cut(
        hem=s.rng.uniform(88, 94),
        flare=s.body.hip + 2.5,
        fit=0.3,
        ease=2.4,
        sleeve=1.0 if long else 0.34,
        sleeve_width=(8, 7, 5) if long else (8, 7.6, 7.6),
        neck_width=7,
        neck_depth=7,
        hem_curve=s.rng.choice((0, 4)),
    )
    fabric = s.cloth(*prints)
    s.note(sleeve=sleeve_word(cut.sleeve))
    bodice(s, cut, fabric)
    placket(
        s,
        fabric,
        COLLAR + 5,
        cut.hem + 1,
        buttons=7,
        button=s.rng.choice(((250, 250, 246), shade(s.ink, 0.5))),
    )
    for side in (1,) if s.chance(0.6) else ((-1, 1) if s.chance(0.4) else ()):
        pocket = points(
            (side * 5, 54), (side * 13, 54), (side * 13, 63), (side * 9, 65), (side * 5, 63)
        )
        s.fill(pocket, fabric, relief=0.1)
        s.line(join(pocket, pocket[:1]), shade(s.ink, 0.68), 0.35)
    shirt_collar(s, fabric)
    if long:
        for strip in sleeve_ends(s, cut, 6):
            s.fill(strip, fabric, relief=0.3)


def checked_shirt(s: Sketch) -> None:
    shirt(s, ("checks", "tartan", "gingham", "gingham", "checks"))


def tshirt(s: Sketch) -> None:
    stand(s, indian=False, bottom=s.rng.choice(("jeans", "trousers")))
    cut = Cut(
        hem=s.rng.uniform(86, 93),
        flare=s.body.hip + 2,
        fit=0.2,
        ease=2.2,
        sleeve=s.rng.uniform(0.26, 0.36),
        sleeve_width=(8.2, 7.8, 7.4),
        neck=s.rng.choice(("round", "round", "v")),
        neck_width=7.4,
        neck_depth=s.rng.uniform(6, 9),
        hem_curve=0.5,
    )
    fabric = s.cloth("plain", "plain", "heather", "stripes", "tie_dye", "plain")
    panel = bodice(s, cut, fabric, creases=4)
    s.line(offset(panel.neck, -0.8), shade(s.ink, 0.82), 1.5)
    if fabric.print in ("plain", "heather") and s.chance(0.55):
        _chest_print(s)


def _chest_print(s: Sketch) -> None:
    dye, x, y = contrasting(s.rng, s.ink), 0.0, 57.0
    kind = s.rng.randint(0, 3)
    if kind == 0:
        for k in range(s.rng.randint(2, 4)):
            s.fill(
                points(
                    (x - 9 + k, y + k * 3.4),
                    (x + 9 - k, y + k * 3.4),
                    (x + 9 - k, y + 2 + k * 3.4),
                    (x - 9 + k, y + 2 + k * 3.4),
                ),
                plain(dye),
                relief=0,
            )
    elif kind == 1:
        s.beads([(x, y + 2)], 7, dye, shine=False)
        s.beads([(x + 2, y)], 3, s.ink, shine=False)
    elif kind == 2:
        star = [
            (
                x + (8 if k % 2 else 3.6) * np.cos(k * np.pi / 5 + 0.3),
                y + 2 + (8 if k % 2 else 3.6) * np.sin(k * np.pi / 5 + 0.3),
            )
            for k in range(10)
        ]
        s.fill(np.array(star), plain(dye), relief=0)
    else:
        s.fill(
            points((x - 10, y - 5), (x + 10, y - 5), (x + 10, y + 11), (x - 10, y + 11)),
            printed(s.rng, dye, s.rng.choice(("floral", "tie_dye", "geometric"))),
            relief=0,
        )


def top(s: Sketch) -> None:
    stand(s, indian=False, bottom=s.rng.choice(("jeans", "skirt", "trousers")))
    cut = Cut(
        hem=s.rng.uniform(74, 88),
        flare=s.body.waist + s.rng.uniform(3, 8),
        sleeve=s.rng.choice((0, 0, 0.2, 0.3)),
        neck=s.rng.choice(("sweetheart", "round", "v", "square", "boat")),
        neck_width=s.rng.uniform(8, 11),
        neck_depth=s.rng.uniform(8, 14),
        sleeve_width=s.rng.choice(((7, 6.6, 6.4), (7, 9, 6))),
        fit=s.rng.uniform(0.3, 1),
        ease=1.2,
    )
    fabric = s.cloth("plain", "floral", "dots", "stripes", "geometric", "big_floral", "animal")
    panel = bodice(s, cut, fabric)
    s.line(panel.neck, shade(s.ink, 0.7), 0.6)
    if s.chance(0.4):
        hem_border(s, panel, plain(shade(s.ink, 0.9)), 4)
    s.note(sleeve=sleeve_word(cut.sleeve))


def blouse(s: Sketch) -> None:
    """A woman's soft woven top: bow, frill or small collar, full sleeves."""
    stand(s, indian=False, bottom=s.rng.choice(("skirt", "trousers")))
    cut = Cut(
        hem=s.rng.uniform(84, 92),
        flare=s.body.hip + 2,
        sleeve=s.rng.choice((1.0, 0.8, 0.35)),
        sleeve_width=(6.5, 8.5, 10, 4.6),
        neck="v",
        neck_width=6.4,
        neck_depth=8,
        fit=0.5,
        ease=1.8,
    )
    fabric = s.cloth("plain", "plain", "dots", "ditsy", "floral", "stripes", gloss=0.15)
    panel = bodice(s, cut, fabric)
    placket(s, fabric, COLLAR + 8, cut.hem, width=1.2, buttons=6, button=(246, 244, 238))
    kind = s.rng.choice(("bow", "collar", "frill"))
    if kind == "collar":
        shirt_collar(s, fabric, spread=6, size=5)
    elif kind == "bow":
        for side in (-1, 1):
            s.fill(
                smooth([(0, 40), (side * 5, 36.5), (side * 7, 40), (side * 5, 43)], closed=True),
                fabric,
            )
            s.fill(
                points((0, 40), (side * 3, 58), (side * 6.5, 57), (side * 1.5, 40)),
                fabric,
                creases=[points((side, 42), (side * 4, 57))],
            )
        s.beads([(0, 40)], 1.6, s.ink)
    else:
        for k in range(2):
            s.fill(
                join(panel.neck, offset(panel.neck, -3.2 - k * 2.4)[::-1]),
                fabric,
                creases=[points((p[0], p[1]), (p[0], p[1] + 5)) for p in panel.neck[::3]],
                depth=0.6,
            )
    for strip in sleeve_ends(s, cut, 3):
        s.fill(strip, plain(shade(s.ink, 0.92)))
    s.note(sleeve=sleeve_word(cut.sleeve), collar=kind)


def sweater(s: Sketch) -> None:
    stand(s, indian=False, bottom=s.rng.choice(("jeans", "trousers")))
    cut = Cut(
        hem=s.rng.uniform(84, 90),
        flare=s.body.hip + 1,
        fit=0.1,
        ease=3.4,
        sleeve=1.0,
        sleeve_width=(8.8, 7.8, 6.6, 5.4),
        neck=s.rng.choice(("round", "v")),
        neck_width=7.6,
        neck_depth=s.rng.uniform(5, 10),
        hem_curve=0,
    )
    fabric = s.cloth("knit", "cable", "cable", "knit")
    panel = bodice(s, cut, fabric, creases=4)
    rib = printed(s.rng, shade(s.ink, 0.9), "knit", s.ink)
    hem_border(s, panel, rib, 6)
    for strip in sleeve_ends(s, cut, 6):
        s.fill(strip, rib, relief=0.35)
    s.fill(join(panel.neck, offset(panel.neck, 2.8)[::-1]), rib, relief=0.35)


def vest(s: Sketch) -> None:
    """A ribbed sleeveless undershirt."""
    stand(s, indian=False, bottom="trousers")
    fabric = s.cloth("plain", "plain", "knit")
    cut = Cut(
        hem=s.rng.uniform(88, 94),
        flare=s.body.hip + 0.5,
        sleeve=0,
        neck_width=s.rng.uniform(8.5, 10),
        neck_depth=s.rng.uniform(13, 18),
        fit=0.5,
        ease=0.6,
        hem_curve=0,
    )
    panel = bodice(s, cut, fabric, creases=3)
    s.line(offset(panel.neck, -0.6), shade(s.ink, 0.8), 1.1)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "tunic": tunic,
    "shirt": shirt,
    "checked_shirt": checked_shirt,
    "tshirt": tshirt,
    "top": top,
    "blouse": blouse,
    "sweater": sweater,
    "vest": vest,
}
