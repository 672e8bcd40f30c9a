"""Jackets, blazers, suits, waistcoats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    PALETTE,
    Fabric,
    jitter,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_figure import dress_form
from catalog.demo.drawing_legs import legs, stand
from catalog.demo.drawing_shapes import along, points, shifted, smooth
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    bodice,
    hem_border,
    lapels,
    shirt_collar,
    sleeve_ends,
    stand_collar,
)


def jacket(s: Sketch) -> None:
    """Leather, denim or quilted, with a zip or buttons."""
    dress_form(s)
    stand(s, indian=False, bottom=s.rng.choice(("jeans", "trousers")))
    kind = s.rng.choice(("leather", "denim", "quilted", "bomber"))
    fabric = (
        plain(s.ink, 0.45, "leather")
        if kind == "leather"
        else s.cloth("denim" if kind == "denim" else "plain", gloss=0.25 if kind != "denim" else 0)
    )
    s.note(material=kind)
    cut = Cut(
        hem=s.rng.uniform(80, 92),
        flare=s.body.hip + 1.5,
        fit=0.3,
        ease=3.8,
        sleeve_width=(9.2, 8, 6.4),
        neck_width=7.6,
        neck_depth=8,
        hem_curve=0,
    )
    panel = bodice(s, cut, fabric, creases=6)
    if kind == "quilted":
        for y in np.arange(44, cut.hem - 2, 6.5):
            w = s.body.chest + 3.4
            s.line(smooth([(-w, y), (0, y + 1.2), (w, y)]), shade(s.ink, 0.55), 0.6)
    s.line(
        [(0, COLLAR + 7), (0, cut.hem)],
        (196, 196, 200) if kind != "denim" else shade(s.ink, 0.6),
        0.9,
    )
    if kind == "denim":
        ys = np.linspace(COLLAR + 10, cut.hem - 4, 6)
        s.beads(np.column_stack([np.full(6, 1.4), ys]), 1.1, PALETTE["copper"])
        for side in (-1, 1):
            s.line(
                points(
                    (side * 4, 52),
                    (side * 13, 52),
                    (side * 13, 60),
                    (side * 8.5, 62),
                    (side * 4, 60),
                    (side * 4, 52),
                ),
                (200, 150, 80),
                0.4,
            )
    else:
        for side in (-1, 1):
            s.line([(side * 7, 70), (side * 13, 78)], shade(s.ink, 0.45), 1.0)
    rib = (
        printed(s.rng, shade(s.ink, 0.75), "knit")
        if kind in ("bomber", "quilted")
        else plain(shade(s.ink, 0.85), 0.2)
    )
    hem_border(s, panel, rib, 5)
    for strip in sleeve_ends(s, cut, 5):
        s.fill(strip, rib)
    if kind in ("leather", "denim"):
        shirt_collar(s, fabric, spread=8, size=10)
    else:
        stand_collar(s, rib, panel.neck, height=4.6)


def blazer(s: Sketch) -> None:
    dress_form(s)
    stand(
        s,
        indian=False,
        bottom=s.rng.choice(("trousers", "jeans", "skirt")) if s.gender == "women" else "trousers",
    )
    _tailored(
        s,
        s.cloth("plain", "plain", "heather", "checks", "pinstripes"),
        tie=s.gender == "men" and s.chance(0.5),
    )


def suit(s: Sketch) -> None:
    """Jacket and trousers of one cloth, with shirt and tie."""
    stand(s, indian=False, bottom="")
    fabric = s.cloth("plain", "plain", "pinstripes", "heather", "checks")
    press = [smooth([(x * 9.2, 96), (x * 9.5, 131), (x * s.body.stance, 166)]) for x in (-1, 1)]
    legs(s, fabric, ease=(1.5, 2, 2, 2.2), folds=press)
    _tailored(s, fabric, tie=True)


def _tailored(s: Sketch, fabric: Fabric, *, tie: bool) -> None:
    white = woven(
        s.rng, jitter(s.rng, s.rng.choice(((246, 246, 248), (214, 226, 244), (250, 236, 236))), 4)
    )
    cut = Cut(
        hem=s.rng.uniform(92, 99),
        flare=s.body.hip + 2.5,
        fit=0.65,
        ease=2.6,
        sleeve_width=(8.6, 7.2, 5.8),
        neck_width=7,
        neck_depth=7,
        hem_curve=0,
    )
    bottom = s.rng.uniform(62, 72)
    panel = bodice(s, cut, fabric, creases=3)
    s.fill(points((-7, 30), (7, 30), (5.5, 42), (0, bottom), (-5.5, 42)), white, relief=0.15)
    if tie:
        dye = plain(
            jitter(
                s.rng, PALETTE[s.rng.choice(("red", "navy", "maroon", "blue", "black", "green"))]
            ),
            0.15,
        )
        s.fill(points((-2, 36), (2, 36), (3.2, 58), (0, bottom - 1), (-3.2, 58)), dye)
    shirt_collar(s, white, spread=6, size=6)
    if tie:
        s.fill(points((-2.4, 34.5), (2.4, 34.5), (1.5, 39), (-1.5, 39)), dye)
    lapels(s, fabric, bottom, width=s.rng.uniform(8, 10), shawl=s.chance(0.15))
    s.line(
        smooth([(0, bottom), (0.6, (bottom + cut.hem) / 2), (2.5, cut.hem)]),
        shade(s.ink, 0.45),
        0.5,
    )
    count = s.rng.choice((1, 2, 2))
    s.beads([(1.6, bottom + 1 + 8 * k) for k in range(count)], 1.0, shade(s.ink, 0.4))
    for side in (-1, 1):
        s.fill(
            points((side * 6.5, 79), (side * 14, 80), (side * 14, 83), (side * 6.5, 82)),
            fabric,
            relief=0.2,
        )
        s.line([(side * 6.5, 82), (side * 14, 83)], shade(s.ink, 0.5), 0.45)
    s.line([(7, 54.5), (13, 53)], shade(s.ink, 0.5), 0.8)
    for arm in (s.body.left_arm, s.body.right_arm):
        s.beads(
            along(shifted(arm[-5:], 1.5 if arm[-1][0] > 0 else -1.5, 0), 2.6)[-3:],
            0.6,
            shade(s.ink, 0.4),
        )
    del panel


def waistcoat(s: Sketch) -> None:
    dress_form(s)
    stand(s, indian=False, bottom="trousers", top="shirt" if s.worn else "")
    cut = Cut(
        hem=s.rng.uniform(80, 84),
        flare=s.body.waist + 2.5,
        sleeve=0,
        neck="v",
        neck_depth=s.rng.uniform(24, 30),
        neck_width=7.5,
        fit=0.9,
        ease=1.5,
        hem_curve=0,
    )
    fabric = s.cloth("plain", "plain", "pinstripes", "checks", "heather", "tartan")
    panel = bodice(s, cut, fabric, creases=0, lining=plain(shade(s.ink, 0.5), 0.3))
    y = COLLAR + cut.neck_depth
    s.fill(points((-cut.flare + 1, cut.hem - 1), (-1, cut.hem - 1), (-6, cut.hem + 6)), fabric)
    s.fill(points((cut.flare - 1, cut.hem - 1), (1, cut.hem - 1), (6, cut.hem + 6)), fabric)
    s.line([(0, y), (0, cut.hem)], shade(s.ink, 0.45), 0.5)
    ys = np.linspace(y + 3, cut.hem - 2, s.rng.randint(4, 5))
    s.beads(np.column_stack([np.full(len(ys), 1.2), ys]), 0.9, shade(s.ink, 0.35))
    for side in (-1, 1):
        s.line([(side * 4.5, 72), (side * 11, 71)], shade(s.ink, 0.45), 0.8)
    s.line(panel.neck, shade(s.ink, 0.6), 0.6)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "jacket": jacket,
    "blazer": blazer,
    "suit": suit,
    "waistcoat": waistcoat,
}
