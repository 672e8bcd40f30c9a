"""Turbans, caps and hats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    Fabric,
    contrasting,
    jitter,
    metal,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_figure import figure, pick_looks
from catalog.demo.drawing_shapes import (
    along,
    ellipse,
    join,
    points,
    smooth,
    tube,
)
from catalog.demo.drawing_tops import Cut, bodice


def head_only(s: Sketch, *, indian: bool) -> None:
    looks = pick_looks(s.rng, indian=indian, women=s.gender == "women")
    with s.companion():
        figure(s, looks, legs=False)
        dye = s.rng.choice(
            ((240, 238, 232), (40, 60, 110), (60, 60, 64), (150, 40, 44), (96, 120, 84))
        )
        bodice(
            s,
            Cut(hem=88, flare=s.body.hip, sleeve=0.4, neck_width=7, neck_depth=6),
            woven(s.rng, dye),
        )


def turban(s: Sketch) -> None:
    """Cloth wound in crossing bands; a wedding safa has a tail and an ornament."""
    cloth = s.cloth("plain", "plain", "leheriya", "bandhani", "brocade", "floral", gloss=0.1)
    if s.worn:
        head_only(s, indian=True)
    style = s.rng.choice(("pagri", "safa", "dastar"))
    s.note(cut=style)
    wind_turban(s, cloth, style)
    if s.worn:
        s.frame = (-21, -26, 21, 34)
    else:
        hollow = smooth([(-9, 6.6), (0, 4.4), (9, 6.6), (0, 7.6)], closed=True)
        s.fill(hollow, plain(shade(s.ink, 0.3)), relief=0)


def wind_turban(s: Sketch, cloth: Fabric, style: str) -> None:
    """A `pagri`, a `safa` (fan and tail) or a `dastar` (high, pointed) where the head is."""
    wide, crown, brow = (13.5, -12.0, 7.0) if style != "dastar" else (11.6, -15.0, 6.4)
    if style == "safa":
        tail = smooth([(8, 2), (14, 12), (15, 34), (10, 36), (8, 14)], closed=True)
        s.fill(tail, cloth, creases=[smooth([(10, 4), (12, 18), (12, 34)])])
        fan = join([(2, crown + 3)], ellipse(3, crown, 9, 10, 230, 330))
        rays = [points((3, crown + 2), (3 + x, crown - 8)) for x in (-5, -2, 1, 4)]
        s.fill(fan, cloth, creases=rays, depth=0.8)
    left = [(-9.4, brow), (-wide, 0), (-wide * 0.86, crown * 0.66), (0, crown)]
    right = [(wide * 0.86, crown * 0.66), (wide, 0), (9.4, brow), (0, brow - 2.6)]
    s.fill(smooth([*left, *right], closed=True), cloth, relief=0.5)
    _turban_bands(s, cloth, wide, crown, brow)
    if style == "dastar":
        inner = plain(contrasting(s.rng, cloth.colour))
        s.fill(points((-3.6, brow - 1.4), (3.6, brow - 1.4), (0, brow - 5.6)), inner, relief=0.2)
    elif s.chance(0.55):
        _turban_ornament(s, brow)


def _turban_bands(s: Sketch, cloth: Fabric, wide: float, crown: float, brow: float) -> None:
    for k in range(5):
        rise = crown * (0.16 + 0.17 * k)
        lean = (k - 2) * 0.5
        for side in (-1, 1):
            path = [
                (side * (wide - 0.6 - k * 0.5), 2.4 + rise * 0.62),
                (side * wide * 0.5, brow - 4.4 + rise * 0.9),
                (lean, brow - 5 + rise * 1.12),
                (-side * wide * 0.45, brow - 9 + rise * 1.1),
            ]
            s.fill(tube(path, (1.5, 2.1, 1.9, 0.9)), cloth, relief=0.7, waves=0.14)


def _turban_ornament(s: Sketch, brow: float) -> None:
    """A kalgi with a red stone over a string of pearls."""
    leaf = [(0, brow - 6), (2.2, brow - 10), (0, brow - 16), (-2.2, brow - 10)]
    s.fill(smooth(leaf, closed=True), metal(GOLD))
    s.beads([(0, brow - 9.6)], 1.1, (190, 24, 44))
    string = smooth([(-8, brow - 4), (0, brow - 6), (8, brow - 4)])
    s.beads(along(string, 1.5), 0.55, (244, 238, 224))


def cap(s: Sketch) -> None:
    """A baseball cap, from the side or on a head."""
    cloth = s.cloth("plain", "plain", "denim", "heather", "checks")
    brim = plain(s.rng.choice((shade(s.ink, 0.8), contrasting(s.rng, s.ink))))
    if s.worn:
        head_only(s, indian=False)
        s.fill(
            smooth(
                [
                    (-9.2, 6),
                    (-9.4, 0),
                    (-5, -5.4),
                    (0, -6.4),
                    (5, -5.4),
                    (9.4, 0),
                    (9.2, 6),
                    (0, 4.6),
                ],
                closed=True,
            ),
            cloth,
            relief=0.45,
        )
        s.fill(
            smooth([(-9, 5.4), (0, 3.6), (9, 5.4), (7.4, 8.8), (0, 7.6), (-7.4, 8.8)], closed=True),
            brim,
            relief=0.4,
        )
        s.line([(0, -6), (0, 4)], shade(s.ink, 0.7), 0.35)
        s.beads([(0, 0)], 1.8, contrasting(s.rng, s.ink), shine=False)
        s.frame = (-17, -11, 17, 30)
        return
    s.fill(
        smooth(
            [
                (-13, 4),
                (-13.4, -4),
                (-8, -12),
                (0, -14),
                (8, -11.4),
                (12.6, -3),
                (12.4, 3),
                (0, 5.4),
            ],
            closed=True,
        ),
        cloth,
        relief=0.5,
    )
    for path in (
        [(-2, -13.8), (-4, -6), (-4.4, 4.6)],
        [(2, -13.6), (6, -6), (7.4, 4.4)],
        [(0, -14), (-9, -8), (-12.8, 0)],
    ):
        s.line(smooth(path), shade(s.ink, 0.68), 0.4)
    s.fill(
        smooth([(0, 5.2), (12.4, 2.6), (20, 3), (25.6, 6.4), (20, 7.4), (8, 7)], closed=True),
        brim,
        relief=0.4,
    )
    s.beads([(0, -14.2)], 1.0, shade(s.ink, 0.75))
    if s.chance(0.6):
        s.beads([(2.4, -4)], 2.8, contrasting(s.rng, s.ink), shine=False)


def hat(s: Sketch) -> None:
    """Brim, crown, ribbon; straw, felt or wool."""
    straw = s.chance(0.4)
    if straw:
        s.ink = jitter(s.rng, (218, 186, 126))
    cloth = printed(s.rng, s.ink, "knit" if straw else "heather")
    s.note(material="straw" if straw else "felt")
    dy, k = (2.0, 0.72) if s.worn else (0.0, 1.0)
    if s.worn:
        head_only(s, indian=False)
    wide, tall = s.rng.uniform(19, 25) * k, s.rng.uniform(12, 16) * k
    s.fill(ellipse(0, dy + 1, wide, wide * 0.24), cloth, relief=0.4)
    crown = smooth(
        [
            (-11.4 * k - 0.8, dy),
            (-10.4 * k, dy - tall * 0.8),
            (-5 * k, dy - tall),
            (0, dy - tall * 0.9),
            (5 * k, dy - tall),
            (10.4 * k, dy - tall * 0.8),
            (11.4 * k + 0.8, dy),
            (0, dy + 2.6),
        ],
        closed=True,
    )
    s.fill(crown, cloth, creases=[smooth([(0, dy - tall), (1, dy - tall * 0.5)])], relief=0.5)
    ribbon = plain(contrasting(s.rng, s.ink), 0.1)
    low = smooth([(-11.4 * k - 0.6, dy), (0, dy + 2.4), (11.4 * k + 0.6, dy)])
    s.fill(join(low, (low * (0.97, 1) - (0, 3.4 * k))[::-1]), ribbon, relief=0.3)
    if s.worn:
        s.frame = (-19, -16, 19, 30)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "turban": turban,
    "cap": cap,
    "hat": hat,
}
