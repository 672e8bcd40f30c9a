"""Unstitched garments wound around the body: sarees, dhotis, mundus, lungis."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_body import HIP, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_cloths import (
    _edge,
    _shoulder_cloth,
    _white,
    border_of,
    folded,
    spread,
    strip,
)
from catalog.demo.drawing_fabrics import (
    GOLD,
    PALETTE,
    Fabric,
    contrasting,
    jitter,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_legs import stand
from catalog.demo.drawing_shapes import (
    Points,
    band,
    between,
    join,
    points,
    shifted,
    smooth,
)
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    bodice,
    placket,
    shirt_collar,
    sleeve_ends,
    stand_collar,
)


def _silk(s: Sketch) -> Fabric:
    return s.cloth(
        "plain",
        "brocade",
        "buti",
        "floral",
        "bandhani",
        "ikat",
        "leheriya",
        "paisley",
        "ditsy",
        "geometric",
        "dots",
        gloss=s.rng.choice((0.0, 0.15, 0.35)),
    )


def saree(s: Sketch) -> None:
    """Pleats in front, the pallu over the left shoulder; or folded with its border."""
    fabric = _silk(s)
    border = border_of(s, fabric, gold=0.6)
    rich = printed(
        s.rng,
        s.rng.choice((fabric.colour, border.colour)),
        s.rng.choice(("brocade", "paisley", "buti")),
        GOLD,
        0.3,
    )
    if not s.worn and s.chance(0.35):
        folded(s, fabric, border, motif=rich if s.chance(0.5) else None)
        return
    sheer = 0.92 if s.chance(0.2) else 1.0
    tail = join(
        points((9, 34), (17, 35)),
        smooth([(22, 60), (27, 95), (29, 128)]),
        smooth([(17, 131), (15, 90), (11, 60)]),
    )
    s.fill(
        tail,
        fabric,
        creases=[smooth([(12, 36), (19, 80), (22, 128)]), smooth([(15, 36), (23, 80), (26, 128)])],
        opacity=sheer,
    )
    s.fill(points((29, 128), (28.4, 116), (15.8, 118), (17, 131)), rich)
    stand(s, indian=True, bottom="")
    _blouse(s, border)
    _skirt_of_saree(s, fabric, border)
    _pallu(s, fabric, border, sheer)
    s.note(shown="draped")


def _blouse(s: Sketch, border: Fabric) -> None:
    dye = s.rng.choice((border.colour, contrasting(s.rng, s.ink), shade(s.ink, 0.7)))
    cloth = printed(s.rng, dye, s.rng.choice(("plain", "brocade", "plain", "buti")), GOLD, 0.2)
    cut = Cut(
        hem=63,
        flare=s.body.chest - 0.6,
        sleeve=s.rng.choice((0.22, 0.3, 0.5)),
        sleeve_width=(6.6, 6, 5.6),
        neck_width=9,
        neck_depth=12,
        ease=0.3,
        hem_curve=0.6,
    )
    bodice(s, cut, cloth, creases=0)
    for end in sleeve_ends(s, cut, 2.5):
        s.fill(end, border)


def _skirt_of_saree(s: Sketch, fabric: Fabric, border: Fabric) -> None:
    w, hip, rng = s.body.waist + 0.8, s.body.hip + 1.6, s.rng
    top = rng.uniform(72, 76)
    foot = rng.uniform(18, 24)
    left = smooth([(-w, top), (-hip, HIP + 4), (-hip - 0.4, 130), (-foot, 174)])
    hem = smooth([(-foot, 174), (0, 177), (foot, 174)])
    right = smooth([(foot, 174), (hip + 0.4, 130), (hip, HIP + 4), (w, top)])
    sweep = [
        smooth(
            [(w * 0.2, top + 3 + k * 3), (-hip * 0.4, 100 + k * 16), (-hip * 0.95, 116 + k * 18)]
        )
        for k in range(3)
    ]
    sweep += [
        smooth([(w * 0.3, top + 3 + k * 3), (hip * 0.5, 98 + k * 14), (hip * 0.95, 108 + k * 16)])
        for k in range(2)
    ]
    s.fill(join(left, hem, right), fabric, creases=sweep, depth=0.45)
    width = rng.uniform(5, 11)
    s.fill(join(hem, shifted(hem, 0, -width)[::-1] * (0.99, 1)), border, relief=0.12)
    x = rng.uniform(-3, 3)
    spread = rng.uniform(7, 11)
    low = points((x - spread, 175), (x + spread, 176))
    high = points((x - 4, top + 1), (x + 4, top + 1))
    pleats = [
        smooth([a, (a + b) / 2, b]) for a, b in between(high, low, rng.randint(5, 7), 0.1, 0.95)
    ]
    s.fill(join(high, low[::-1]), fabric, creases=pleats, depth=0.6, relief=0.2)
    s.fill(
        points(
            (x - spread, 175),
            (x + spread, 176),
            (x + spread * 0.97, 176 - width),
            (x - spread * 0.97, 175 - width),
        ),
        border,
        creases=[
            points((a[0], 176 - width), (b[0], 176)) for a, b in between(low, low, 6, 0.1, 0.9)
        ],
        relief=0.1,
    )


def _pallu(s: Sketch, fabric: Fabric, border: Fabric, sheer: float) -> None:
    w, chest = s.body.waist + 1, s.body.chest
    upper = smooth([(-w - 0.6, 68), (-chest * 0.5, 60), (0, 51), (6, 41), (8.5, 33)])
    lower = smooth(
        [(17, 34.5), (chest + 0.8, 50), (chest * 0.8, 60), (w + 0.6, 70), (2, 77), (-w - 0.8, 80)]
    )
    folds = [smooth([(-w, 70 + k * 3), (0, 56 + k * 4.5), (9 + k * 1.8, 36)]) for k in range(4)]
    s.fill(join(upper, lower), fabric, creases=folds, depth=0.6, relief=0.3, opacity=sheer)
    s.fill(band(upper, s.rng.uniform(-3.4, -2)), border, relief=0.2)


def _upper_man(s: Sketch, *, kurta: float) -> None:
    """Bare chest, kurta or shirt above a wrap."""
    if not s.worn:
        return
    with s.companion():
        if s.chance(kurta):
            dye = jitter(
                s.rng,
                PALETTE[
                    s.rng.choice(("white", "beige", "mustard", "maroon", "blue", "peach", "white"))
                ],
            )
            cloth = woven(s.rng, dye)
            long = s.chance(0.5)
            cut = Cut(
                hem=s.rng.uniform(92, 112) if long else 88,
                flare=s.body.hip + 3.5,
                fit=0.1,
                ease=2.6,
                neck_width=6.4,
                neck_depth=6,
                sleeve=s.rng.choice((1.0, 0.34)),
                sleeve_width=(8, 7, 6.4),
            )
            panel = bodice(s, cut, cloth, creases=4)
            if long:
                stand_collar(s, cloth, panel.neck)
                placket(s, cloth, COLLAR + 5, 62, buttons=3)
            else:
                placket(s, cloth, COLLAR + 5, cut.hem, buttons=6, button=(240, 238, 230))
                shirt_collar(s, cloth)
        elif s.chance(0.5):
            _shoulder_cloth(s, _white(s), _edge(s, ("gold", "red", "green")))


def dhoti(s: Sketch) -> None:
    """Draped between the legs: two full legs, a fan of pleats in the middle, a coloured edge."""
    cloth, edge = _white(s), _edge(s, ("gold", "red", "maroon", "green", "blue", "gold", "black"))
    if not s.worn and s.chance(0.12):
        folded(s, cloth, edge)
        return
    stand(s, indian=True, bottom="", shoes=s.chance(0.3))
    rng, w, hip = s.rng, s.body.waist + 0.8, s.body.hip
    low = rng.uniform(146, 164)
    for side in (-1, 1):
        _dhoti_leg(s, cloth, edge, side, low + rng.uniform(-4, 3))
    spread, end = rng.uniform(7, 12), low + rng.uniform(-14, 4)
    xs = np.linspace(-spread, spread * rng.uniform(0.7, 1.1), 9)
    hem = np.column_stack(
        [xs, end + np.where(np.arange(9) % 2, -3.0, 1.5) - np.abs(xs) * rng.uniform(0.2, 0.9)]
    )
    top = points((-4.5, WAIST + 2), (4.5, WAIST + 2))
    pleats = [
        smooth([a, (a + b) / 2 + (rng.uniform(-0.8, 0.8), 0), b])
        for a, b in between(top, hem, 8, 0.08, 0.92)
    ]
    s.fill(join(top[:1], hem, top[1:]), cloth, creases=pleats, depth=0.62, relief=0.3)
    s.fill(join(hem, shifted(hem, 0, -3)[::-1]), edge, relief=0.1)
    rim = smooth([top[0], (top[0] + hem[0]) / 2 + (-0.6, 0), hem[0]])
    s.fill(band(rim, -1.7), edge, relief=0.2)
    s.fill(
        points((-w, WAIST), (w, WAIST), (w + 0.6, WAIST + 4.5), (-w - 0.6, WAIST + 4.5)),
        cloth,
        creases=[smooth([(-w, WAIST + 1.5), (0, WAIST + 2.6), (w, WAIST + 1)])],
        relief=0.4,
    )
    s.fill(
        smooth(
            [(-4, WAIST + 1), (0, WAIST - 1.6), (4, WAIST + 1), (3, WAIST + 6), (-3, WAIST + 6)],
            closed=True,
        ),
        cloth,
        relief=0.6,
    )
    _upper_man(s, kurta=0.5)
    s.note(shown="draped", hip=str(round(hip)))


def _dhoti_leg(s: Sketch, cloth: Fabric, edge: Fabric, side: int, low: float) -> None:
    rng, w, hip = s.rng, s.body.waist + 0.8, s.body.hip
    full = rng.uniform(3, 7)
    outer = smooth(
        [
            (side * w, WAIST + 1),
            (side * (hip + 3), HIP),
            (side * (hip + full), 112),
            (side * (hip + full - 3), 134),
            (side * (s.body.stance + 6.5), low),
        ]
    )
    inner = smooth(
        [(side * (s.body.stance - 5.5), low + 1), (side * 4, 134), (side * 1.2, 118), (0, 100)]
    )
    swoops = []
    for k in range(rng.randint(5, 7)):
        y = 84 + k * 11
        swoops.append(
            smooth(
                [
                    (side * 2.5, WAIST + 6 + k * 4),
                    (side * (hip * 0.45), y + 8),
                    (side * (hip + full - 1.5), y - 6 + k),
                ]
            )
        )
        if k > 1:
            swoops.append(
                smooth(
                    [
                        (side * (hip + full - 3), y + 4),
                        (side * hip * 0.6, y + 17),
                        (side * 5, y + 12),
                    ]
                )
            )
    s.fill(join(outer, inner, [(0, WAIST + 1)]), cloth, creases=swoops, depth=0.62, relief=0.5)
    cuff = smooth(
        [
            (side * (s.body.stance + 6.5), low),
            (side * s.body.stance, low + 1.6),
            (side * (s.body.stance - 5.5), low + 1),
        ]
    )
    s.fill(join(cuff, shifted(cuff, 0, -2.2)[::-1]), edge, relief=0.2)
    if side > 0 or s.chance(0.5):
        spiral = smooth(
            [(side * 3, WAIST + 10), (side * hip * 0.8, 104), (side * (hip + full - 2), 128)]
        )
        s.fill(band(spiral, 1.5), edge, relief=0.2)


def _tube_wrap(s: Sketch, cloth: Fabric, *, low: float, checks: bool) -> Points:
    """A cloth around the hips to the ankles or, folded up, to the knees; returns its hem."""
    rng, w, hip = s.rng, s.body.waist + 1, s.body.hip
    foot = hip + rng.uniform(-2.5, 1.5) if low > 140 else hip + rng.uniform(1, 4)
    hem = smooth(
        [(-foot, low - 1), (-foot * 0.4, low + 1), (foot * 0.4, low + 1.2), (foot, low - 1)]
    )
    left = smooth(
        [(-w, WAIST + 1), (-hip - 2, HIP + 2), (-hip - 1.5, (HIP + low) / 2), (-foot, low - 1)]
    )
    x = rng.uniform(-2, 7)
    folds = [
        smooth([(x - 1, WAIST + 5), (x + 2 + k * 2.2, 112), (x + 1 + k * 3.5, low - 2)])
        for k in range(-1, 3)
    ]
    folds += [
        smooth([(x, WAIST + 6), (x - 7 - 4 * k, 90 + 6 * k), (-hip, 96 + 14 * k)]) for k in range(3)
    ]
    folds += [
        smooth([(x, WAIST + 6), (x + 6 + 3 * k, 88 + 6 * k), (hip, 92 + 14 * k)]) for k in range(2)
    ]
    s.fill(
        join(left, hem, left[::-1] * (-1, 1)),
        cloth,
        creases=folds,
        depth=0.55 if not checks else 0.45,
        relief=0.5,
    )
    knot = smooth(
        [
            (x - 5, WAIST),
            (x, WAIST - 2),
            (x + 5, WAIST),
            (x + 3.4, WAIST + 7),
            (x - 1, WAIST + 10),
            (x - 3.6, WAIST + 6),
        ],
        closed=True,
    )
    roll = smooth(
        [
            (-w - 0.4, WAIST - 0.5),
            (0, WAIST + 0.8),
            (w + 0.4, WAIST - 0.5),
            (w + 0.8, WAIST + 4),
            (0, WAIST + 5.4),
            (-w - 0.8, WAIST + 4),
        ],
        closed=True,
    )
    s.fill(
        roll,
        cloth,
        creases=[smooth([(-w, WAIST + 2), (0, WAIST + 3.2), (w, WAIST + 2)])],
        relief=0.5,
    )
    s.fill(knot, cloth, creases=[points((x - 2, WAIST + 1), (x, WAIST + 8))], relief=0.6)
    return hem


def mundu(s: Sketch) -> None:
    """Kerala's white wrap with its kasavu edge."""
    cloth = _white(s)
    kasavu = _edge(s, ("gold", "gold", "gold", "mustard", "maroon", "green", "navy", "black"))
    if not s.worn and s.chance(0.2):
        s.rng.choice((folded, strip, spread))(s, cloth, kasavu)
        return
    stand(s, indian=True, bottom="", shoes=s.chance(0.3))
    half = s.chance(0.2)
    low = 126.0 if half else s.rng.uniform(162, 170)
    hem = _tube_wrap(s, cloth, low=low, checks=False)
    width = s.rng.uniform(2, 5)
    s.fill(join(hem, shifted(hem, 0, -width)[::-1] * (0.995, 1)), kasavu, relief=0.15)
    x = s.rng.uniform(0, 8)
    edge = smooth([(x - 2, WAIST + 6), (x + 1, 112), (x + s.rng.uniform(0, 4), low)])
    s.fill(band(edge, s.rng.uniform(1.8, 3.6)), kasavu, relief=0.2)
    s.line(edge, shade(s.ink, 0.7), 0.35)
    if half:
        roll = hem - (0, 12)
        s.fill(join(roll, shifted(roll, 0, -width * 0.7)[::-1]), kasavu, relief=0.15)
    _upper_man(s, kurta=0.65)
    s.note(shown="draped", length="knee" if half else "ankle")


def lungi(s: Sketch) -> None:
    """A checked or printed tube, knotted at the waist."""
    dark = s.cloth(
        "checks", "checks", "tartan", "checks", "gingham", "paisley", "bands", "bands", "leheriya"
    )
    if not s.worn and s.chance(0.65):
        edge = border_of(s, dark, gold=0.1) if s.chance(0.4) else None
        s.rng.choice((folded, spread, spread, strip))(s, dark, edge)
        return
    stand(s, indian=True, bottom="", shoes=s.chance(0.2))
    half = s.chance(0.25)
    hem = _tube_wrap(s, dark, low=124.0 if half else s.rng.uniform(156, 169), checks=True)
    s.line(hem - (0, 1.2), shade(s.ink, 0.6), 0.4)
    if half:
        second = hem - (0, 9)
        s.fill(join(hem * (0.98, 1) - (0, 1), second[::-1]), dark, creases=[second], relief=0.3)
    if s.worn:
        with s.companion():
            kind = s.rng.choice(("bare", "vest", "shirt"))
            if kind != "bare":
                cloth = (
                    woven(s.rng, (242, 241, 236))
                    if kind == "vest"
                    else printed(
                        s.rng,
                        jitter(s.rng, PALETTE[s.rng.choice(("blue", "white", "grey", "green"))]),
                        "stripes",
                    )
                )
                cut = Cut(
                    hem=78,
                    flare=s.body.waist + 2,
                    sleeve=0 if kind == "vest" else 0.34,
                    fit=0.3,
                    ease=1.5,
                    neck_width=9,
                    neck_depth=11,
                )
                bodice(s, cut, cloth)
    s.note(shown="draped", length="knee" if half else "ankle")


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "saree": saree,
    "dhoti": dhoti,
    "mundu": mundu,
    "lungi": lungi,
}
