"""Kurtis, kurtas, sherwanis, Nehru jackets, saree blouses: Indian upper garments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

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
from catalog.demo.drawing_headwear import wind_turban
from catalog.demo.drawing_legs import stand
from catalog.demo.drawing_shapes import join, offset, points, smooth
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    Panel,
    beaded_neck,
    bodice,
    hem_border,
    placket,
    scattered,
    sleeve_ends,
    slits,
    stand_collar,
    yoke,
)

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
SILVERY = (214, 212, 206)


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


def kurta_like(s: Sketch, hem: float, flare: float, *, slit: bool) -> None:
    sleeve = s.rng.choice((0.0, 0.3, 0.55, 0.75, 1.0))
    cut = Cut(
        hem=hem,
        flare=flare,
        sleeve=sleeve,
        neck=s.rng.choice(("round", "v", "boat", "round")),
        sleeve_width=s.rng.choice(((7.2, 6.4, 5.4), (7.2, 6.4, 5.4), (7, 6.5, 9))),
        neck_depth=s.rng.uniform(7, 13),
        neck_width=s.rng.uniform(6.5, 9),
        fit=s.rng.uniform(0.4, 0.9),
        ease=s.rng.uniform(1.2, 3.0),
        hem_curve=s.rng.choice((1.5, 1.5, 6.0, -4.0)),
    )
    fabric = s.cloth(*_COTTON, gloss=s.rng.choice((0, 0, 0, 0.25)))
    s.note(sleeve=sleeve_word(sleeve))
    panel = bodice(s, cut, fabric, creases=s.rng.randint(4, 8))
    if slit:
        slits(s, panel, s.rng.uniform(88, 98))
    if s.chance(0.65):
        _trim(s, cut, panel, s.rng.uniform(2.5, 7))
    _indian_neck(s, cut, panel, fabric)


def sleeve_word(share: float) -> str:
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
    kurta_like(s, hem, s.body.hip + s.rng.uniform(2.5, 7), slit=s.chance(0.5))
    s.note(length="thigh")


def kurta_women(s: Sketch) -> None:
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("leggings", "churidar", "trousers", "salwar")))
    anarkali = s.chance(0.25)
    hem = s.rng.uniform(126, 150)
    kurta_like(
        s,
        hem,
        s.rng.uniform(30, 38) if anarkali else s.body.hip + s.rng.uniform(4, 10),
        slit=not anarkali,
    )
    s.note(length="calf", cut="anarkali" if anarkali else "straight")


def kurta_men(s: Sketch) -> None:
    """Knee-long, straight, band collar and a half placket."""
    dress_form(s)
    stand(s, indian=True, bottom=s.rng.choice(("pyjama", "churidar", "jeans")))
    kurta_men_alone(s)


def kurta_men_alone(s: Sketch) -> None:
    cut = Cut(
        hem=s.rng.uniform(112, 130),
        flare=s.body.hip + s.rng.uniform(3.5, 6),
        sleeve=s.rng.choice((1.0, 1.0, 0.55)),
        neck_width=6.4,
        neck_depth=6,
        fit=0.1,
        ease=2.6,
        sleeve_width=(8, 7, 6.2),
    )
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
    s.note(length="knee", sleeve=sleeve_word(cut.sleeve))


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
    cut = Cut(
        hem=s.rng.uniform(122, 136),
        flare=s.body.hip + s.rng.uniform(5, 9),
        fit=0.6,
        ease=2.4,
        neck_width=6.4,
        neck_depth=6,
        sleeve_width=(8.6, 7, 5.8),
    )
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
    if s.worn and s.chance(0.55):
        with s.companion():
            dye = s.rng.choice(
                (contrasting(s.rng, s.ink), s.ink, PALETTE["maroon"], PALETTE["gold"])
            )
            wind_turban(
                s,
                printed(s.rng, dye, s.rng.choice(("plain", "leheriya", "brocade"))),
                s.rng.choice(("safa", "pagri")),
            )


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


def saree_blouse(s: Sketch) -> None:
    """A choli: cropped above the midriff, close fitting, often embroidered."""
    dress_form(s)
    stand(s, indian=True, bottom="skirt")
    cut = Cut(
        hem=s.rng.uniform(60, 65),
        flare=s.body.chest - 0.6,
        sleeve=s.rng.choice((0.22, 0.3, 0.45, 0.0)),
        sleeve_width=(6.8, 6, 5.4),
        neck=s.rng.choice(("sweetheart", "round", "v", "square")),
        neck_width=9,
        neck_depth=s.rng.uniform(12, 16),
        ease=0.4,
        hem_curve=0.8,
    )
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


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "kurti": kurti,
    "kurta_women": kurta_women,
    "kurta_men": kurta_men,
    "sherwani": sherwani,
    "nehru_jacket": nehru_jacket,
    "saree_blouse": saree_blouse,
}
