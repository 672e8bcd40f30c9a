"""Shirts, kurtas, jackets: everything that covers the upper body."""

from __future__ import annotations

import numpy as np

from catalog.demo.drawing_body import WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    PALETTE,
    Fabric,
    contrasting,
    jitter,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_figure import dress_form
from catalog.demo.drawing_lower import legs, stand
from catalog.demo.drawing_shapes import along, join, offset, points, shifted, smooth
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    Panel,
    beaded_neck,
    bodice,
    hem_border,
    lapels,
    placket,
    scattered,
    shirt_collar,
    sleeve_ends,
    slits,
    stand_collar,
    yoke,
)  # fmt: skip

_COTTON = (
    "plain",
    "floral",
    "buti",
    "paisley",
    "ikat",
    "leheriya",
    "bandhani",
    "chikan",
    "ditsy",
    "geometric",
    "stripes",
    "dots",
)


def _trim(s: Sketch, cut: Cut, panel: Panel, width: float) -> None:
    """One border for hem and sleeves."""
    dye = GOLD if s.chance(0.4) else contrasting(s.rng, s.ink)
    border = printed(
        s.rng,
        dye,
        s.rng.choice(("brocade", "geometric", "buti", "plain")),
        gloss=0.2 if dye == GOLD else 0,
    )
    hem_border(s, panel, border, width)
    if cut.sleeve > 0:
        for strip in sleeve_ends(s, cut, width * 0.7):
            s.fill(strip, border, relief=0.2)


def _indian_neck(s: Sketch, cut: Cut, panel: Panel, fabric: Fabric) -> None:
    """Keyhole, band collar with placket, embroidery, or nothing."""
    kind = s.rng.choice(("beads", "collar", "yoke", "keyhole", "plain"))
    thread = s.rng.choice((GOLD, (250, 248, 240), contrasting(s.rng, s.ink)))
    if kind == "beads":
        beaded_neck(s, panel.neck, thread)
    elif kind == "collar":
        stand_collar(s, fabric, panel.neck)
        placket(
            s,
            fabric,
            COLLAR + cut.neck_depth - 1,
            s.rng.uniform(52, 66),
            buttons=s.rng.randint(3, 6),
            button=thread,
        )
    elif kind == "yoke":
        yoke(s, thread, s.rng.uniform(52, 66))
    elif kind == "keyhole":
        y = COLLAR + cut.neck_depth
        s.fill(
            smooth([(0, y), (-1.6, y + 6), (0, y + 9), (1.6, y + 6)], closed=True),
            plain(shade(s.ink, 0.45)),
            relief=0,
        )
        s.line(offset(panel.neck, -0.4), thread, 1.0)
    s.note(neck=kind)


def _kurta_like(s: Sketch, hem: float, flare: float, *, slit: bool) -> None:
    sleeve = s.rng.choice((0.0, 0.3, 0.55, 0.75, 1.0))
    cut = Cut(hem=hem, flare=flare, sleeve=sleeve, neck=s.rng.choice(("round", "v", "boat", "round")),
              sleeve_width=s.rng.choice(((7.2, 6.4, 5.4), (7.2, 6.4, 5.4), (7, 6.5, 9))),
              neck_depth=s.rng.uniform(7, 13), neck_width=s.rng.uniform(6.5, 9), fit=s.rng.uniform(0.4, 0.9),
              ease=s.rng.uniform(1.2, 3.0), hem_curve=s.rng.choice((1.5, 1.5, 6.0, -4.0)))  # fmt: skip
    fabric = s.cloth(*_COTTON, gloss=s.rng.choice((0, 0, 0, 0.25)))
    s.note(sleeve=_sleeve_word(sleeve))
    panel = bodice(s, cut, fabric, creases=s.rng.randint(4, 8))
    if slit:
        slits(s, panel, s.rng.uniform(88, 98))
    if s.chance(0.65):
        _trim(s, cut, panel, s.rng.uniform(2.5, 7))
    _indian_neck(s, cut, panel, fabric)


def _sleeve_word(share: float) -> str:
    return (
        "sleeveless"
        if share == 0
        else "short"
        if share < 0.4
        else "three-quarter"
        if share < 0.9
        else "long"
    )


def kurti(s: Sketch) -> None:
    """Hip to mid-thigh: shorter than a kurta."""
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("leggings", "churidar", "jeans", "trousers")))
    hem = s.rng.uniform(100, 114)
    _kurta_like(s, hem, s.body.hip + s.rng.uniform(2.5, 7), slit=s.chance(0.5))
    s.note(length="thigh")


def kurta_women(s: Sketch) -> None:
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("leggings", "churidar", "trousers", "salwar")))
    anarkali = s.chance(0.25)
    hem = s.rng.uniform(126, 150)
    _kurta_like(
        s,
        hem,
        s.rng.uniform(30, 38) if anarkali else s.body.hip + s.rng.uniform(4, 10),
        slit=not anarkali,
    )
    s.note(length="calf", cut="anarkali" if anarkali else "straight")


def tunic(s: Sketch) -> None:
    """A Western long top: no slits, no Indian trim."""
    stand(s, indian=False, bottom=s.rng.choice(("leggings", "jeans")))
    cut = Cut(hem=s.rng.uniform(96, 108), flare=s.body.hip + s.rng.uniform(3, 9), sleeve=s.rng.choice((0, 0.25, 0.7, 1.0)),
              neck=s.rng.choice(("v", "boat", "round")), fit=s.rng.uniform(0, 0.5), ease=s.rng.uniform(2, 4),
              sleeve_width=s.rng.choice(((7.5, 7, 6), (7.5, 8, 10))), hem_curve=s.rng.choice((-5, 2, 7)))  # fmt: skip
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
    s.note(sleeve=_sleeve_word(cut.sleeve))
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


def kurta_men(s: Sketch) -> None:
    """Knee-long, straight, band collar and a half placket."""
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("pyjama", "churidar", "jeans")))
    _kurta_men_alone(s)


def _kurta_men_alone(s: Sketch) -> None:
    cut = Cut(hem=s.rng.uniform(112, 130), flare=s.body.hip + s.rng.uniform(3.5, 6), sleeve=s.rng.choice((1.0, 1.0, 0.55)),
              neck_width=6.4, neck_depth=6, fit=0.1, ease=2.6, sleeve_width=(8, 7, 6.2))  # fmt: skip
    fabric = s.cloth(
        "plain",
        "plain",
        "plain",
        "chikan",
        "buti",
        "stripes",
        "checks",
        "brocade",
        gloss=s.rng.choice((0, 0, 0.25)),
    )
    panel = bodice(s, cut, fabric, creases=4)
    slits(s, panel, 98)
    stand_collar(s, fabric, panel.neck)
    thread = s.rng.choice((GOLD, shade(s.ink, 0.5), (250, 248, 240)))
    placket(
        s, fabric, COLLAR + 5, s.rng.uniform(60, 70), buttons=s.rng.randint(3, 5), button=thread
    )
    if s.chance(0.35):
        yoke(s, thread, 68, width=4.6)
    if s.chance(0.5):
        pocket = points((5, 54), (13, 54), (13, 63), (5, 63))
        s.fill(pocket, fabric, relief=0.1)
        s.line(pocket, shade(s.ink, 0.7), 0.35)
    s.note(length="knee", sleeve=_sleeve_word(cut.sleeve))


def sherwani(s: Sketch) -> None:
    """A wedding coat: knee-long, band collar, closed in front by many buttons, brocade."""
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("churidar", "pyjama")))
    rich = printed(
        s.rng,
        s.ink,
        s.rng.choice(("brocade", "brocade", "paisley", "buti", "plain")),
        s.rng.choice((GOLD, GOLD, SILVERY)),
        0.3,
    )
    s.note(print=rich.print, length="knee", sleeve="long")
    cut = Cut(hem=s.rng.uniform(122, 136), flare=s.body.hip + s.rng.uniform(5, 9), fit=0.6, ease=2.4, neck_width=6.4,
              neck_depth=6, sleeve_width=(8.6, 7, 5.8))  # fmt: skip
    panel = bodice(s, cut, rich, creases=5)
    thread = s.rng.choice((GOLD, GOLD, SILVERY))
    s.line([(0, COLLAR + 6), (0, cut.hem + 1)], shade(s.ink, 0.4), 0.5)
    strip = plain(shade(s.ink, 0.85), 0.2)
    placket(s, strip, COLLAR + 5, 96, width=2.0, buttons=s.rng.randint(7, 11), button=thread)
    stand_collar(s, printed(s.rng, s.ink, "brocade", thread, 0.3), panel.neck, height=4.6)
    if s.chance(0.8):
        for side in (-1, 1):
            scattered(s, _chest(side), thread, 0.6, 26)
    for strip_at in sleeve_ends(s, cut, 6):
        s.fill(strip_at, printed(s.rng, shade(thread, 0.9), "brocade", s.ink, 0.3), relief=0.25)
    hem_border(s, panel, printed(s.rng, shade(thread, 0.9), "brocade", s.ink, 0.3), 5)
    if s.chance(0.5):
        _stole_over_shoulder(s)


SILVERY = (214, 212, 206)


def _chest(side: int) -> tuple[float, float, float, float]:
    left, right = sorted((side * 4.0, side * 13.0))
    return left, 38, right, 62


def _stole_over_shoulder(s: Sketch) -> None:
    cloth = printed(s.rng, contrasting(s.rng, s.ink), "brocade", GOLD, 0.3)
    strip = join(
        points((8, 33), (17, 34)),
        smooth([(17, 60), (18, 90), (17, 120)]),
        points((10, 121)),
        smooth([(9.5, 90), (8.5, 60)]),
    )
    s.fill(strip, cloth, creases=[points((11, 36), (12, 118)), points((14, 36), (15, 118))])


def nehru_jacket(s: Sketch) -> None:
    """A sleeveless, buttoned waistcoat with a band collar and a breast pocket, over a kurta."""
    dress_form(s)
    stand(s, indian=True, bottom="pyjama")
    if s.worn or s.chance(0.3):
        with s.companion():
            under = Cut(
                hem=s.rng.uniform(116, 128),
                flare=s.body.hip + 4,
                neck_width=6.2,
                neck_depth=5,
                fit=0,
                ease=2,
            )
            white = woven(
                s.rng, jitter(s.rng, PALETTE[s.rng.choice(("white", "beige", "peach", "navy"))])
            )
            bodice(s, under, white)
    fabric = s.cloth(
        "plain",
        "plain",
        "heather",
        "brocade",
        "checks",
        "floral",
        "buti",
        gloss=s.rng.choice((0, 0.15)),
    )
    cut = Cut(
        hem=s.rng.uniform(88, 94),
        flare=s.body.hip + 1.5,
        sleeve=0,
        fit=0.35,
        ease=2.8,
        neck_width=6.4,
        neck_depth=6,
        hem_curve=0,
    )
    panel = bodice(s, cut, fabric, creases=0, lining=plain(shade(s.ink, 0.45)))
    s.line([(0, COLLAR + 6), (0, cut.hem)], shade(s.ink, 0.4), 0.5)
    ys = np.linspace(COLLAR + 9, cut.hem - 8, s.rng.randint(5, 6))
    s.beads(
        np.column_stack([np.full(len(ys), 1.3), ys]),
        1.0,
        s.rng.choice((GOLD, shade(s.ink, 0.35), (60, 44, 32), SILVERY)),
    )
    stand_collar(s, fabric, panel.neck, height=4.2)
    s.line([(6, 54), (13, 53)], shade(s.ink, 0.45), 0.8)
    if s.chance(0.5):
        s.fill(
            points((7, 54), (8.5, 49), (10, 52.5), (11.5, 49.5), (12.4, 53.4)),
            plain(contrasting(s.rng, s.ink)),
        )
    for side in (-1, 1):
        s.line([(side * 7, 77), (side * 14, 78)], shade(s.ink, 0.45), 0.9)


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
    cut = Cut(hem=s.rng.uniform(88, 94), flare=s.body.hip + 2.5, fit=0.3, ease=2.4, sleeve=1.0 if long else 0.34,
              sleeve_width=(8, 7, 5) if long else (8, 7.6, 7.6), neck_width=7, neck_depth=7, hem_curve=s.rng.choice((0, 4)))  # fmt: skip
    fabric = s.cloth(*prints)
    s.note(sleeve=_sleeve_word(cut.sleeve))
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
    cut = Cut(hem=s.rng.uniform(86, 93), flare=s.body.hip + 2, fit=0.2, ease=2.2, sleeve=s.rng.uniform(0.26, 0.36), sleeve_width=(8.2, 7.8, 7.4),
              neck=s.rng.choice(("round", "round", "v")), neck_width=7.4, neck_depth=s.rng.uniform(6, 9), hem_curve=0.5)  # fmt: skip
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
    cut = Cut(hem=s.rng.uniform(74, 88), flare=s.body.waist + s.rng.uniform(3, 8), sleeve=s.rng.choice((0, 0, 0.2, 0.3)),
              neck=s.rng.choice(("sweetheart", "round", "v", "square", "boat")), neck_width=s.rng.uniform(8, 11), neck_depth=s.rng.uniform(8, 14),
              sleeve_width=s.rng.choice(((7, 6.6, 6.4), (7, 9, 6))), fit=s.rng.uniform(0.3, 1), ease=1.2)  # fmt: skip
    fabric = s.cloth("plain", "floral", "dots", "stripes", "geometric", "big_floral", "animal")
    panel = bodice(s, cut, fabric)
    s.line(panel.neck, shade(s.ink, 0.7), 0.6)
    if s.chance(0.4):
        hem_border(s, panel, plain(shade(s.ink, 0.9)), 4)
    s.note(sleeve=_sleeve_word(cut.sleeve))


def blouse(s: Sketch) -> None:
    """A woman's soft woven top: bow, frill or small collar, full sleeves."""
    stand(s, indian=False, bottom=s.rng.choice(("skirt", "trousers")))
    cut = Cut(hem=s.rng.uniform(84, 92), flare=s.body.hip + 2, sleeve=s.rng.choice((1.0, 0.8, 0.35)), sleeve_width=(6.5, 8.5, 10, 4.6),
              neck="v", neck_width=6.4, neck_depth=8, fit=0.5, ease=1.8)  # fmt: skip
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
    s.note(sleeve=_sleeve_word(cut.sleeve), collar=kind)


def sweater(s: Sketch) -> None:
    stand(s, indian=False, bottom=s.rng.choice(("jeans", "trousers")))
    cut = Cut(hem=s.rng.uniform(84, 90), flare=s.body.hip + 1, fit=0.1, ease=3.4, sleeve=1.0, sleeve_width=(8.8, 7.8, 6.6, 5.4),
              neck=s.rng.choice(("round", "v")), neck_width=7.6, neck_depth=s.rng.uniform(5, 10), hem_curve=0)  # fmt: skip
    fabric = s.cloth("knit", "cable", "cable", "knit")
    panel = bodice(s, cut, fabric, creases=4)
    rib = printed(s.rng, shade(s.ink, 0.9), "knit", s.ink)
    hem_border(s, panel, rib, 6)
    for strip in sleeve_ends(s, cut, 6):
        s.fill(strip, rib, relief=0.35)
    s.fill(join(panel.neck, offset(panel.neck, 2.8)[::-1]), rib, relief=0.35)


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


def saree_blouse(s: Sketch) -> None:
    """A choli: cropped above the midriff, close fitting, often embroidered."""
    dress_form(s)
    stand(s, indian=True, bottom="skirt")
    cut = Cut(hem=s.rng.uniform(60, 65), flare=s.body.chest - 0.6, sleeve=s.rng.choice((0.22, 0.3, 0.45, 0.0)), sleeve_width=(6.8, 6, 5.4),
              neck=s.rng.choice(("sweetheart", "round", "v", "square")), neck_width=9, neck_depth=s.rng.uniform(12, 16), ease=0.4, hem_curve=0.8)  # fmt: skip
    fabric = s.cloth("plain", "brocade", "brocade", "buti", "bandhani", "ikat", gloss=0.3)
    panel = bodice(s, cut, fabric, creases=0)
    for side in (-1, 1):
        s.line(
            smooth([(side * 5.5, cut.hem), (side * 6.2, 55), (side * 10, 48)]),
            shade(s.ink, 0.6),
            0.4,
        )
    s.line([(0, COLLAR + cut.neck_depth), (0, cut.hem)], shade(s.ink, 0.55), 0.4)
    gold = printed(s.rng, GOLD, "brocade", s.ink, 0.4)
    if cut.sleeve > 0:
        for strip in sleeve_ends(s, cut, 4):
            s.fill(strip, gold)
    if s.chance(0.7):
        beaded_neck(s, panel.neck, GOLD, 1)
    hem_border(s, panel, gold, 2)
    s.note(length="cropped")


DRAWINGS = {
    "kurti": kurti, "kurta_women": kurta_women, "kurta_men": kurta_men, "tunic": tunic, "sherwani": sherwani,
    "nehru_jacket": nehru_jacket, "shirt": shirt, "checked_shirt": checked_shirt, "tshirt": tshirt, "top": top,
    "blouse": blouse, "sweater": sweater, "jacket": jacket, "blazer": blazer, "suit": suit, "waistcoat": waistcoat,
    "vest": vest, "saree_blouse": saree_blouse,
}  # fmt: skip
