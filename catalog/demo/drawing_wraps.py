"""Unstitched cloth: sarees, dhotis, mundus, lungis, dupattas, stoles and shawls, draped, hung or folded."""

from __future__ import annotations

import numpy as np

from catalog.demo.drawing_body import HIP, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    PALETTE,
    Colour,
    Fabric,
    contrasting,
    jitter,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_lower import stand
from catalog.demo.drawing_shapes import Points, along, band, between, join, points, shifted, smooth
from catalog.demo.drawing_tops import (
    COLLAR,
    Cut,
    bodice,
    placket,
    shirt_collar,
    sleeve_ends,
    stand_collar,
)


def border_of(s: Sketch, fabric: Fabric, *, gold: float = 0.5) -> Fabric:
    """A woven edge: zari or a contrasting colour."""
    dye = GOLD if s.chance(gold) else contrasting(s.rng, fabric.colour)
    kind = s.rng.choice(("brocade", "geometric", "buti", "plain", "paisley"))
    return printed(
        s.rng, dye, kind, fabric.colour if s.chance(0.6) else None, 0.3 if dye == GOLD else 0.05
    )


def folded(
    s: Sketch,
    fabric: Fabric,
    border: Fabric | None,
    *,
    width: float = 0.0,
    motif: Fabric | None = None,
) -> None:
    """A pile as it comes out of the packet: layers, a fold, the border on show."""
    rng = s.rng
    w, h = (width or rng.uniform(30, 38)), rng.uniform(24, 44)
    for k in range(rng.randint(3, 6), 0, -1):
        dy = k * 1.5
        layer = smooth(
            [
                (-w, h + dy - 2),
                (0, h + dy - 1.4),
                (w, h + dy - 2),
                (w + 0.6, h + dy),
                (0, h + dy + 0.4),
                (-w - 0.6, h + dy),
            ],
            closed=True,
        )
        s.fill(layer, Fabric(shade(fabric.colour, 0.9), fabric.tile, fabric.print), relief=0.3)
    s.fill(points((-w, -h), (w, -h), (w + 0.4, h), (-w - 0.4, h)), fabric,
           creases=[smooth([(-w * 0.9, y), (0, y + rng.uniform(-1, 1)), (w * 0.9, y)]) for y in rng.sample(range(int(-h), int(h)), 2)],
           relief=0.12, depth=0.25)  # fmt: skip
    if motif is not None:
        s.fill(
            points((-w, h - h * 0.9), (w, h - h * 0.9), (w + 0.4, h), (-w - 0.4, h)),
            motif,
            relief=0.1,
        )
    if border is not None:
        b = rng.uniform(4, 10)
        side = rng.random() < 0.6
        if side:
            s.fill(points((w - b, -h), (w, -h), (w + 0.4, h), (w - b, h)), border, relief=0.12)
        if not side or s.chance(0.4):
            s.fill(
                points((-w, h - b), (w, h - b), (w + 0.4, h), (-w - 0.4, h)), border, relief=0.12
            )
    if s.chance(0.4):
        flap = points((-w, -h), (-w + rng.uniform(24, 40), -h), (-w, -h + rng.uniform(20, 36)))
        s.fill(flap, border or fabric, relief=0.2)
        s.line(flap[1:], shade(fabric.colour, 0.6), 0.5)
    s.note(shown="folded")


def hung(
    s: Sketch,
    fabric: Fabric,
    border: Fabric | None,
    *,
    length: float = 120.0,
    width: float = 17.0,
    fringe: Colour | None = None,
) -> None:
    """Over a bar, both ends hanging: the way stoles and dupattas are photographed."""
    rng = s.rng
    gap = rng.uniform(-4, 3)
    for side, extra in ((-1, 0.0), (1, rng.uniform(-22, 6))):
        x, low, drift = side * (width + gap) / 2 * 1.05, length + extra, rng.uniform(-5, 5)
        w = width / 2 * rng.uniform(0.9, 1.15)
        top, hem = (
            points((x - w * 0.7, 0), (x + w * 0.7, 0)),
            points((x - w * 1.2 + drift, low), (x + w * 1.2 + drift, low + rng.uniform(-3, 3))),
        )
        outline = join(
            smooth([top[0], (x - w + drift / 3, low / 2), hem[0]]),
            smooth([hem[1], (x + w + drift / 3, low / 2), top[1]]),
        )
        folds = [
            smooth([a, (a + b) / 2 + (rng.uniform(-1, 1), 0), b])
            for a, b in between(top, hem, rng.randint(4, 7), 0.1, 0.9)
        ]
        if fringe is not None:
            for a in along(hem, 1.5):
                s.line(
                    np.vstack([a, a + np.array([rng.uniform(-0.8, 0.8), rng.uniform(5, 8)])]),
                    fringe,
                    0.5,
                )
        s.fill(outline, fabric, creases=folds, depth=0.6)
        if border is not None:
            lift = np.array([0.0, -rng.uniform(8, 18)])
            s.fill(join(hem, (hem + lift)[::-1]), border, relief=0.15)
            edge = smooth([top[0], (x - w + drift / 3, low / 2), hem[0]])
            s.fill(band(edge, -1.6), border, relief=0.1)
    s.fill(smooth([(-width - gap / 2, 3), (-width * 0.6, -4.5), (0, -6), (width * 0.6, -4.5), (width + gap / 2, 3), (0, 5)], closed=True), fabric,
           creases=[points((x, -4), (x, 4)) for x in (-width * 0.5, -width * 0.2, width * 0.2, width * 0.5)], relief=0.5)  # fmt: skip
    s.note(shown="hung")


def _silk(s: Sketch) -> Fabric:
    return s.cloth("plain", "brocade", "buti", "floral", "bandhani", "ikat", "leheriya", "paisley", "ditsy", "geometric", "dots",
                   gloss=s.rng.choice((0.0, 0.15, 0.35)))  # fmt: skip


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
    for strip in sleeve_ends(s, cut, 2.5):
        s.fill(strip, border)


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
    s.fill(join(high, low[::-1]), fabric, creases=pleats, depth=0.75, relief=0.2)
    s.fill(points((x - spread, 175), (x + spread, 176), (x + spread * 0.97, 176 - width), (x - spread * 0.97, 175 - width)), border,
           creases=[points((a[0], 176 - width), (b[0], 176)) for a, b in between(low, low, 6, 0.1, 0.9)], relief=0.1)  # fmt: skip


def _pallu(s: Sketch, fabric: Fabric, border: Fabric, sheer: float) -> None:
    w, chest = s.body.waist + 1, s.body.chest
    upper = smooth([(-w - 0.6, 68), (-chest * 0.5, 60), (0, 51), (6, 41), (8.5, 33)])
    lower = smooth(
        [(17, 34.5), (chest + 0.8, 50), (chest * 0.8, 60), (w + 0.6, 70), (2, 77), (-w - 0.8, 80)]
    )
    folds = [smooth([(-w, 70 + k * 3), (0, 56 + k * 4.5), (9 + k * 1.8, 36)]) for k in range(4)]
    s.fill(join(upper, lower), fabric, creases=folds, depth=0.6, relief=0.3, opacity=sheer)
    s.fill(band(upper, s.rng.uniform(-3.4, -2)), border, relief=0.2)


def _white(s: Sketch) -> Fabric:
    """Cream or white cotton, now and then coloured silk; the ink follows."""
    return woven(s.rng, s.ink, 4.0, s.rng.choice((0.0, 0.0, 0.2)))


def _edge(s: Sketch, colours: tuple[str, ...]) -> Fabric:
    dye = jitter(s.rng, PALETTE[s.rng.choice(colours)])
    return printed(s.rng, dye, s.rng.choice(("plain", "plain", "brocade", "stripes")), gloss=0.3)


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
                hem=104 if long else 88,
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


def _shoulder_cloth(s: Sketch, cloth: Fabric, border: Fabric) -> None:
    strip = join(
        points((8, 32.5), (19, 34)),
        smooth([(20, 60), (21, 90), (20, 118)]),
        smooth([(9, 119), (9, 90), (8, 60)]),
    )
    s.fill(
        strip,
        cloth,
        creases=[smooth([(x, 36), (x + 0.6, 80), (x, 117)]) for x in (11, 14, 17)],
        depth=0.6,
    )
    s.fill(points((9, 119), (20, 118), (20.4, 110), (9, 111)), border)
    s.fill(points((17.6, 36), (19.2, 36), (20.6, 110), (19, 110)), border)


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
    s.fill(join(top[:1], hem, top[1:]), cloth, creases=pleats, depth=0.85, relief=0.3)
    s.fill(join(hem, shifted(hem, 0, -3)[::-1]), edge, relief=0.1)
    rim = smooth([top[0], (top[0] + hem[0]) / 2 + (-0.6, 0), hem[0]])
    s.fill(band(rim, -1.7), edge, relief=0.2)
    s.fill(points((-w, WAIST), (w, WAIST), (w + 0.6, WAIST + 4.5), (-w - 0.6, WAIST + 4.5)), cloth,
           creases=[smooth([(-w, WAIST + 1.5), (0, WAIST + 2.6), (w, WAIST + 1)])], relief=0.4)  # fmt: skip
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
        folded(s, cloth, kasavu)
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
    dark = s.cloth("checks", "checks", "tartan", "checks", "gingham", "paisley", "leheriya")
    if not s.worn and s.chance(0.25):
        folded(s, dark, None)
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


def _light_cloth(s: Sketch) -> Fabric:
    return s.cloth(
        "plain",
        "bandhani",
        "leheriya",
        "floral",
        "buti",
        "chikan",
        "ikat",
        "ditsy",
        "brocade",
        gloss=s.rng.choice((0, 0.2)),
    )


def _tassels(s: Sketch, places: Points, dye: Colour) -> None:
    for x, y in places.tolist():
        s.line([(x, y), (x, y + 4)], dye, 0.9)
        s.beads([(x, y + 0.8)], 0.7, dye)


def dupatta(s: Sketch) -> None:
    """A long light cloth: across the chest with both ends behind, over one shoulder, hung or folded."""
    fabric = _light_cloth(s)
    border = border_of(s, fabric)
    if not s.worn:
        kind = s.rng.random()
        if kind < 0.2:
            folded(s, fabric, border)
        else:
            hung(s, fabric, border, length=s.rng.uniform(105, 130), width=s.rng.uniform(18, 30))
        return
    stand(s, indian=True, bottom=s.rng.choice(("churidar", "salwar")))
    with s.companion():
        dye = jitter(
            s.rng,
            PALETTE[s.rng.choice(("white", "beige", "black", "pink", "blue", "yellow", "maroon"))],
        )
        bodice(
            s,
            Cut(hem=132, flare=s.body.hip + 7, sleeve=s.rng.choice((0.55, 0.8)), neck_depth=9),
            woven(s.rng, dye),
        )
    drape_dupatta(s, fabric, border, s.rng.choice(("both", "one", "chest")))
    s.frame = (-28, 4, 28, 138)


def drape_dupatta(s: Sketch, fabric: Fabric, border: Fabric, how: str) -> None:
    """`both`: ends in front; `one`: pleated on a shoulder; `chest`: a U with the ends behind."""
    rng = s.rng
    sides = (-1, 1) if how == "both" else (1,)
    if how == "chest":
        upper = smooth([(-13, 33), (-9, 46), (0, 53), (9, 46), (13, 33)])
        lower = smooth([(17, 35), (14, 54), (0, 68), (-14, 54), (-17, 35)])
        folds = [
            smooth(
                [
                    (-14 + k, 35),
                    (-10, 49 + k * 3.4),
                    (0, 56 + k * 3.4),
                    (10, 49 + k * 3.4),
                    (14 - k, 35),
                ]
            )
            for k in range(3)
        ]
        s.fill(join(upper, lower), fabric, creases=folds, depth=0.6, opacity=0.94)
        s.fill(band(lower[::-1], 2.2), border, relief=0.2)
        for side in (-1, 1):
            tail = join(
                points((side * 14, 34), (side * 18, 35)),
                smooth([(side * 24, 70), (side * 27, 118)]),
                smooth([(side * 19, 120), (side * 18.5, 70)]),
            )
            s.fill(
                tail,
                fabric,
                creases=[smooth([(side * 16, 38), (side * 21, 80), (side * 23, 118)])],
                opacity=0.92,
            )
            s.fill(
                points((side * 27, 118), (side * 19, 120), (side * 18.8, 112), (side * 26.6, 110)),
                border,
            )
        return
    for side in sides:
        low = rng.uniform(112, 134)
        inner = smooth([(side * 7, 33), (side * 6.5, 60), (side * 7.5, low)])
        outer = smooth([(side * 20, low + 1), (side * 18.5, 70), (side * 16.5, 34.5)])
        folds = [
            smooth([(side * x, 36), (side * (x + 0.4), 70), (side * (x + 1), low)])
            for x in (9, 11.5, 14)
        ]
        s.fill(join(inner, outer), fabric, creases=folds, depth=0.65, opacity=0.95)
        s.fill(
            points(
                (side * 7.5, low),
                (side * 20, low + 1),
                (side * 19.6, low - 9),
                (side * 7.4, low - 9),
            ),
            border,
        )
        s.fill(band(inner, 1.5 * side), border, relief=0.2)
        _tassels(s, along(points((side * 7.5, low), (side * 20, low + 1)), 2.6), border.colour)


def stole(s: Sketch) -> None:
    """A narrower, heavier shawl; often hung, with fringes."""
    fabric = s.cloth("plain", "paisley", "checks", "heather", "stripes", "ikat", "floral", "animal")
    border = border_of(s, fabric, gold=0.2) if s.chance(0.5) else None
    if s.worn:
        stand(s, indian=True, bottom="trousers", top="shirt")
        _wrapped_ends(s, fabric, border)
        return
    if s.chance(0.25):
        folded(s, fabric, border)
    else:
        hung(
            s,
            fabric,
            border,
            length=s.rng.uniform(85, 110),
            width=s.rng.uniform(13, 20),
            fringe=shade(s.ink, 0.85),
        )


def _wrapped_ends(s: Sketch, fabric: Fabric, border: Fabric | None) -> None:
    for side in (-1, 1):
        low = s.rng.uniform(84, 112)
        strip = join(
            smooth([(side * 6, 31), (side * 5, 55), (side * 5, low)]),
            smooth([(side * 16, low + 1), (side * 15, 55), (side * 13.5, 32)]),
        )
        for place in along(points((side * 5, low), (side * 16, low + 1)), 1.5):
            s.line(np.vstack([place, place + np.array([0, 6])]), shade(fabric.colour, 0.85), 0.5)
        s.fill(
            strip,
            fabric,
            creases=[smooth([(side * x, 34), (side * x, 60), (side * x, low)]) for x in (8, 11)],
            depth=0.6,
        )
        if border is not None:
            s.fill(
                points(
                    (side * 5, low),
                    (side * 16, low + 1),
                    (side * 15.8, low - 7),
                    (side * 5, low - 7),
                ),
                border,
            )
    s.frame = (-26, 6, 26, 120)


def scarf(s: Sketch) -> None:
    """Knotted around the neck, looped, or hung."""
    fabric = s.cloth(
        "plain", "tartan", "checks", "knit", "stripes", "dots", "animal", "floral", "cable"
    )
    fringe = shade(s.ink, 0.85)
    if s.worn:
        stand(s, indian=False, bottom="jeans", top="shirt")
        s.frame = (-24, -2, 24, 100)
    elif s.chance(0.4):
        hung(
            s,
            fabric,
            None,
            length=s.rng.uniform(75, 95),
            width=s.rng.uniform(11, 15),
            fringe=fringe,
        )
        return
    for side, low in ((-1, s.rng.uniform(76, 92)), (1, s.rng.uniform(64, 90))):
        strip = points((side * 1, 38), (side * 9, 38), (side * 11, low), (side * 1.5, low + 1))
        for place in along(strip[2:], 1.4):
            s.line(np.vstack([place, place + np.array([0, 5])]), fringe, 0.6)
        s.fill(
            strip,
            fabric,
            creases=[
                points((side * 4, 40), (side * 5, low)),
                points((side * 7, 40), (side * 8.4, low)),
            ],
        )
    ring = smooth(
        [(-10, 26), (0, 23), (10, 26), (12.5, 34), (8, 42), (0, 45), (-8, 42), (-12.5, 34)],
        closed=True,
    )
    s.fill(
        ring,
        fabric.turned(),
        creases=[smooth([(-11, 30 + k * 4), (0, 35 + k * 4), (11, 30 + k * 4)]) for k in range(3)],
        depth=0.7,
        relief=0.6,
    )
    if not s.worn:
        s.fill(
            smooth([(-6.5, 26.5), (0, 25), (6.5, 26.5), (0, 30)], closed=True),
            plain(shade(s.ink, 0.4)),
            relief=0.1,
        )


def angavastram(s: Sketch) -> None:
    """A man's white shoulder cloth with a zari edge."""
    cloth, edge = _white(s), _edge(s, ("gold", "gold", "red", "green", "maroon"))
    if s.worn:
        stand(s, indian=True, bottom="pyjama", shoes=False)
        _shoulder_cloth(s, cloth, edge)
        s.frame = (-28, 0, 28, 124)
    elif s.chance(0.4):
        folded(s, cloth, edge, width=18)
    else:
        hung(s, cloth, edge, length=110, width=s.rng.uniform(11, 15))


def gamcha(s: Sketch) -> None:
    """A thin checked cotton towel, red and white mostly, worn over a shoulder."""
    cloth = printed(
        s.rng, s.ink, s.rng.choice(("gingham", "checks", "gingham", "stripes")), (246, 244, 238)
    )
    band_ = printed(s.rng, s.ink, "stripes", (246, 244, 238)).turned()
    s.note(print="checks")
    if s.worn:
        stand(s, indian=True, bottom="pyjama", top=s.rng.choice(("", "shirt")), shoes=False)
        _shoulder_cloth(s, cloth, band_)
        s.frame = (-28, 0, 28, 124)
    elif s.chance(0.4):
        folded(s, cloth, band_, width=24)
    else:
        hung(s, cloth, band_, length=95, width=s.rng.uniform(16, 24), fringe=s.ink)


def manton(s: Sketch) -> None:
    """A Spanish silk shawl: embroidered flowers and a long knotted fringe."""
    silk = printed(s.rng, s.ink, "big_floral", gloss=0.25)
    s.note(print="floral", material="silk")
    if s.worn:
        stand(s, indian=False, bottom="skirt", top="shirt")
        s.frame = (-34, 0, 34, 128)
    width = s.rng.uniform(30, 36)
    tip = s.rng.uniform(98, 112)
    edge = smooth([(-width, 52), (-width * 0.55, 78), (0, tip), (width * 0.55, 78), (width, 52)])
    for place in along(edge, 0.9):
        s.line(
            np.vstack([place, place + np.array([s.rng.uniform(-1, 1), s.rng.uniform(11, 15)])]),
            s.rng.choice((s.ink, shade(s.ink, 0.8))),
            0.4,
        )
    upper = smooth(
        [
            (width, 52),
            (16, 36),
            (6, 33 if s.worn else 36),
            (0, 40),
            (-6, 33 if s.worn else 36),
            (-16, 36),
            (-width, 52),
        ]
    )
    folds = [
        smooth([(side * 8, 38), (side * (12 + 5 * k), 56), (side * (14 + 5 * k), 74 - 3 * k)])
        for side in (-1, 1)
        for k in range(3)
    ]
    s.fill(join(edge, upper), silk, creases=folds, depth=0.5)
    s.line(edge, shade(s.ink, 0.75), 0.8)


DRAWINGS = {
    "saree": saree, "dhoti": dhoti, "mundu": mundu, "lungi": lungi, "dupatta": dupatta, "stole": stole,
    "scarf": scarf, "angavastram": angavastram, "gamcha": gamcha, "manton": manton,
}  # fmt: skip
