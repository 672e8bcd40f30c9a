"""Whole outfits and one-piece garments: suits of kurta and salwar, lehengas, dresses, regional costume."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.demo.drawing_body import ANKLE, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_cloths import border_of, drape_dupatta, veil
from catalog.demo.drawing_fabrics import (
    GOLD,
    Fabric,
    contrasting,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_kurtas import kurta_like, kurta_men_alone
from catalog.demo.drawing_legs import ankle_gathers, hem_strip, legs, skirt_shape, stand
from catalog.demo.drawing_shapes import along, between, join, points, smooth
from catalog.demo.drawing_tops import (
    Cut,
    beaded_neck,
    bodice,
    hem_border,
    sleeve_ends,
)


def _second_ink(s: Sketch) -> tuple[int, int, int]:
    return s.rng.choice((contrasting(s.rng, s.ink), s.ink, shade(s.ink, 0.8), (240, 234, 222)))


def salwar_suit(s: Sketch) -> None:
    """Kameez, salwar, churidar or patiala, and the dupatta."""
    dye = _second_ink(s)
    stand(s, indian=True, bottom="")
    cloth = woven(s.rng, dye)
    kind = s.rng.choice(("salwar", "churidar", "patiala"))
    if kind == "churidar":
        legs(s, cloth, hem=ANKLE + 2, ease=(2, 1, 0.3, 0.8), folds=ankle_gathers(s, 148, 8))
    else:
        legs(s, cloth, ease=(4, 6, 6, 2) if kind == "salwar" else (5, 10, 11, 2), hem=ANKLE - 1)
    s.note(bottom=kind)
    hem = s.rng.uniform(112, 142)
    flared = s.chance(0.3)
    kurta_like(s, hem, 34 if flared else s.body.hip + s.rng.uniform(5, 9), slit=not flared)
    shawl = printed(
        s.rng,
        s.rng.choice((dye, s.ink)),
        s.rng.choice(("plain", "bandhani", "buti", "leheriya", "ditsy")),
    )
    drape_dupatta(s, shawl, border_of(s, shawl), s.rng.choice(("both", "one", "chest")))


def kurta_set(s: Sketch) -> None:
    """A kurta with its own trousers, no dupatta."""
    stand(s, indian=True, bottom="")
    cloth = woven(s.rng, s.rng.choice((_second_ink(s), (240, 236, 226))))
    wide = s.gender == "women" and s.chance(0.6)
    legs(s, cloth, ease=(4, 7, 10, 13) if wide else (2, 3, 3.5, 3.5), hem=ANKLE - 2)
    if s.gender == "men":
        kurta_men_alone(s)
    else:
        kurta_like(s, s.rng.uniform(108, 130), s.body.hip + s.rng.uniform(4, 8), slit=True)
    s.note(bottom="palazzo" if wide else "pyjama")


def lehenga_choli(s: Sketch) -> None:
    """A wide, heavily bordered skirt, a cropped choli and a dupatta."""
    stand(s, indian=True, bottom="")
    fabric = s.cloth(
        "brocade", "buti", "plain", "floral", "bandhani", "paisley", "leheriya", gloss=0.3
    )
    border = border_of(s, fabric, gold=0.7)
    edge = skirt_shape(
        s,
        fabric,
        hem=s.rng.uniform(166, 174),
        hem_width=s.rng.uniform(38, 54),
        pleats=s.rng.randint(9, 14),
        depth=0.6,
        top=WAIST + 3,
    )
    width = s.rng.uniform(8, 16)
    hem_strip(s, edge, border, width)
    if s.chance(0.6):
        hem_strip(
            s, edge, printed(s.rng, contrasting(s.rng, s.ink), "plain", gloss=0.2), 2.4, width + 4
        )
    if s.chance(0.5):
        spots = [
            (x * (0.35 + 0.65 * t), 80 + 70 * t)
            for t in (0.2, 0.45, 0.7)
            for x in np.linspace(-32, 32, 9)
        ]
        s.beads(spots, 1.0, GOLD)
    w = s.body.waist + 1.2
    s.fill(
        points((-w, WAIST + 1.5), (w, WAIST + 1.5), (w + 0.8, WAIST + 6), (-w - 0.8, WAIST + 6)),
        border,
        relief=0.3,
    )
    if s.chance(0.4):
        for k in (0, 1):
            s.line(smooth([(w - 2, WAIST + 5), (w + 1 + k * 2, 84), (w + k * 3, 96)]), GOLD, 0.7)
            s.beads([(w + k * 3, 97)], 1.8, GOLD)
    cut = Cut(
        hem=s.rng.uniform(60, 65),
        flare=s.body.chest - 0.6,
        sleeve=s.rng.choice((0.22, 0.4, 0.55)),
        sleeve_width=(6.6, 6, 5.6),
        neck=s.rng.choice(("sweetheart", "round", "v")),
        neck_width=9,
        neck_depth=13,
        ease=0.3,
        hem_curve=0.6,
    )
    dye = s.rng.choice((s.ink, border.colour, contrasting(s.rng, s.ink)))
    panel = bodice(
        s,
        cut,
        printed(s.rng, dye, s.rng.choice(("brocade", "buti", "plain")), GOLD, 0.3),
        creases=0,
    )
    hem_border(s, panel, border, 2.2)
    beaded_neck(s, panel.neck, GOLD, 1)
    for strip in sleeve_ends(s, cut, 3):
        s.fill(strip, border)
    if s.chance(0.85):
        sheer = printed(
            s.rng,
            s.rng.choice((dye, contrasting(s.rng, s.ink))),
            s.rng.choice(("plain", "buti", "ditsy")),
            GOLD,
        )
        if s.worn and s.chance(0.4):
            veil(s, sheer, border)
        elif s.chance(0.4):
            _half_saree_drape(s, sheer, border)
        else:
            drape_dupatta(s, sheer, border, s.rng.choice(("one", "both")))


def _half_saree_drape(s: Sketch, sheer: Fabric, border: Fabric) -> None:
    w = s.body.waist + 1
    upper = smooth([(-w, 76), (-6, 62), (4, 48), (9, 33)])
    lower = smooth([(16, 34), (12, 52), (2, 70), (-w - 1, 88)])
    s.fill(
        join(upper, lower),
        sheer,
        creases=[smooth([(-w, 78 + 3 * k), (0, 60 + 3 * k), (10 + 2 * k, 36)]) for k in range(3)],
        opacity=0.93,
    )
    s.line(upper, border.colour, 1.6)
    s.line(lower, border.colour, 1.2)


def dress(s: Sketch) -> None:
    """A-line, sheath, maxi, shirt or skater dresses."""
    stand(s, indian=False, bottom="")
    kind = s.rng.choice(("a-line", "sheath", "maxi", "skater", "shift"))
    hem, width, pleats = {
        "a-line": (122, 28, 8),
        "sheath": (116, 16.5, 0),
        "maxi": (166, 32, 9),
        "skater": (108, 31, 10),
        "shift": (108, 22, 3),
    }[kind]
    fabric = s.cloth(
        "plain",
        "plain",
        "floral",
        "dots",
        "big_floral",
        "stripes",
        "geometric",
        "ditsy",
        "tie_dye",
        "animal",
        gloss=s.rng.choice((0, 0, 0.25)),
    )
    s.note(cut=kind)
    sleeve = s.rng.choice((0.0, 0.0, 0.2, 0.3, 0.7, 1.0))
    neck = s.rng.choice(("round", "v", "square", "sweetheart", "boat"))
    cut = Cut(
        hem=hem,
        flare=width,
        fit=0.2 if kind == "shift" else 0.95,
        sleeve=sleeve,
        sleeve_width=(7, 8.6, 5) if s.chance(0.4) else (6.8, 6.2, 5.4),
        neck=neck,
        neck_width=s.rng.uniform(8, 10.5),
        neck_depth=s.rng.uniform(8, 15),
        ease=1.0,
    )
    if kind in ("sheath", "shift"):
        panel = bodice(s, cut, fabric, creases=pleats)
    else:
        edge = skirt_shape(
            s, fabric, hem=hem + s.rng.uniform(-6, 6), hem_width=width, pleats=pleats
        )
        cut = replace(cut, hem=WAIST + 1, flare=s.body.waist + 0.9, hem_curve=1.2)
        panel = bodice(s, cut, fabric, creases=2)
        if s.chance(0.3):
            hem_strip(s, edge, fabric, 9)
            s.line(edge - (0, 9.4), shade(s.ink, 0.65), 0.6)
    s.line(panel.neck, shade(s.ink, 0.72), 0.6)
    if kind != "shift" and s.chance(0.6):
        w = s.body.waist + 1.1
        sash = plain(s.rng.choice((shade(s.ink, 0.5), contrasting(s.rng, s.ink))), 0.15)
        s.fill(
            points((-w, WAIST - 1.6), (w, WAIST - 1.6), (w, WAIST + 2), (-w, WAIST + 2)),
            sash,
            relief=0.3,
        )


def dirndl(s: Sketch) -> None:
    """Laced bodice, white blouse with puffed sleeves, full skirt, apron with a bow."""
    stand(s, indian=False, bottom="")
    skirt_cloth = s.cloth("plain", "plain", "ditsy", "gingham", "stripes")
    length = s.rng.choice((118, 130, 146))
    skirt_shape(s, skirt_cloth, hem=length, hem_width=32, pleats=11, depth=0.5)
    white = woven(s.rng, (246, 245, 240), 3)
    blouse = Cut(
        hem=60,
        flare=s.body.chest,
        sleeve=s.rng.uniform(0.22, 0.32),
        sleeve_width=(7, 9.6, 6.2),
        neck=s.rng.choice(("sweetheart", "square", "round")),
        neck_width=10,
        neck_depth=13,
        ease=0.6,
    )
    panel = bodice(s, blouse, white, creases=0)
    for k in np.linspace(0.1, 0.9, 9):
        x, y = panel.neck[int(k * (len(panel.neck) - 1))]
        s.beads([(x, y + 0.4)], 1.1, (252, 252, 250), shine=False)
    for strip in sleeve_ends(s, blouse, 2.4):
        s.fill(strip, white, relief=0.5)
    _dirndl_bodice(s)
    _apron(s, length)


def _dirndl_bodice(s: Sketch) -> None:
    velvet = printed(
        s.rng,
        s.rng.choice((s.ink, shade(s.ink, 0.6), contrasting(s.rng, s.ink))),
        s.rng.choice(("plain", "plain", "brocade")),
        None,
        0.1,
    )
    w, chest = s.body.waist + 0.9, s.body.chest + 0.6
    for side in (-1, 1):
        strap = smooth([(side * 8.6, 33.6), (side * 9.2, 42), (side * 6.4, 49), (side * 2.2, 52)])
        outer = smooth(
            [
                (side * w, WAIST + 1),
                (side * (chest * 0.96), 56),
                (side * (chest - 0.5), 48),
                (side * 12.4, 33.8),
            ]
        )
        s.fill(join(strap, [(side * 1.6, WAIST + 3)], outer), velvet, relief=0.35)
    silver = (206, 206, 210)
    for y in np.linspace(53, 66, 5):
        s.line([(-3, y), (3, y + 2.6)], silver, 0.6)
        s.line([(3, y), (-3, y + 2.6)], silver, 0.6)
        s.beads([(-3, y), (3, y)], 0.9, silver)


def _apron(s: Sketch, length: float) -> None:
    apron = printed(
        s.rng,
        contrasting(s.rng, s.ink),
        s.rng.choice(("plain", "plain", "stripes", "brocade", "ditsy")),
        None,
        0.3,
    )
    w = s.body.waist + 1
    low = length - 5
    edge = smooth([(-17, low), (0, low + 2.4), (17, low)])
    top = points((-w * 0.8, WAIST + 1), (w * 0.8, WAIST + 1))
    folds = [smooth([a, (a + b) / 2, b]) for a, b in between(top, edge, 7, 0.1, 0.9)]
    s.fill(join(top[:1], edge, top[1:]), apron, creases=folds, depth=0.4, relief=0.2)
    s.fill(points((-w, WAIST), (w, WAIST), (w, WAIST + 3.4), (-w, WAIST + 3.4)), apron, relief=0.3)
    x = s.rng.choice((-6, 6))
    for side in (-1, 1):
        s.fill(
            smooth(
                [(x, WAIST + 2), (x + side * 6, WAIST - 2), (x + side * 7, WAIST + 4)], closed=True
            ),
            apron,
            relief=0.6,
        )
        s.fill(
            points(
                (x, WAIST + 2),
                (x + side * 2, WAIST + 3),
                (x + side * 4.6, WAIST + 24),
                (x + side * 1.4, WAIST + 23),
            ),
            apron,
        )
    s.beads([(x, WAIST + 2.4)], 1.5, apron.colour)


def traje_de_flamenca(s: Sketch) -> None:
    """Fitted to the thigh, then tiers of ruffles; dots mostly; ruffled sleeves."""
    stand(s, indian=False, bottom="")
    fabric = s.cloth("dots", "dots", "dots", "plain", "big_floral")
    trim = contrasting(s.rng, s.ink) if s.chance(0.6) else (248, 246, 242)
    start = s.rng.uniform(100, 118)
    tiers = s.rng.randint(3, 4)
    step = (172 - start) / tiers
    for k in range(tiers - 1, -1, -1):
        top_w = 17 + k * 6.5
        hem_w = 26 + k * 8.0
        edge = skirt_shape(
            s,
            fabric,
            top=start + k * step - 5,
            top_width=top_w,
            hem=start + (k + 1) * step,
            hem_width=hem_w,
            pleats=9 + 2 * k,
            depth=0.75,
            scallop=1.2,
        )
        s.line(edge, trim, 1.3)
    sleeve = s.rng.choice((0.34, 0.55))
    cut = Cut(
        hem=start + 2,
        flare=18,
        fit=1.0,
        ease=0.5,
        sleeve=sleeve,
        sleeve_width=(6.4, 6, 5.8),
        neck=s.rng.choice(("v", "sweetheart", "square")),
        neck_width=10,
        neck_depth=15,
    )
    bodice(s, cut, fabric, creases=0)
    for arm in (s.body.left_arm, s.body.right_arm):
        end = arm[int(sleeve * (len(arm) - 1))] + (0, 2.5)
        for k in range(2):
            x, y = end[0], end[1] + k * 5 - 5
            frill = smooth(
                [
                    (x - 6, y),
                    (x, y - 1),
                    (x + 6, y),
                    (x + 9 + k, y + 7),
                    (x + 4, y + 9),
                    (x, y + 7.5),
                    (x - 4, y + 9),
                    (x - 9 - k, y + 7),
                ],
                closed=True,
            )
            s.fill(
                frill,
                fabric,
                creases=[points((x + d, y + 1), (x + d * 1.4, y + 8)) for d in (-4, -1, 2, 5)],
                depth=0.7,
            )
            s.line(frill[28:50], trim, 0.9)
    if s.chance(0.4):
        for place in along(smooth([(-16, 37), (0, 54), (16, 37)]), 0.9):
            s.line(np.vstack([place, place + np.array([0, 9])]), trim, 0.45)
        s.fill(
            join(smooth([(-17, 34), (0, 46), (17, 34)]), smooth([(16, 38), (0, 55), (-16, 38)])),
            printed(s.rng, trim, "big_floral"),
        )


DRAWINGS = {
    "salwar_suit": salwar_suit,
    "kurta_set": kurta_set,
    "lehenga_choli": lehenga_choli,
    "dress": dress,
    "dirndl": dirndl,
    "traje_de_flamenca": traje_de_flamenca,
}
