"""Pieces of cloth: folded, spread, hung, or laid over shoulders and around the neck."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

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
from catalog.demo.drawing_legs import stand
from catalog.demo.drawing_shapes import (
    Points,
    along,
    band,
    between,
    join,
    points,
    shifted,
    smooth,
    turned,
)
from catalog.demo.drawing_tops import (
    Cut,
    bodice,
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
    s.fill(
        points((-w, -h), (w, -h), (w + 0.4, h), (-w - 0.4, h)),
        fabric,
        creases=[
            smooth([(-w * 0.9, y), (0, y + rng.uniform(-1, 1)), (w * 0.9, y)])
            for y in rng.sample(range(int(-h), int(h)), 2)
        ],
        relief=0.12,
        depth=0.25,
    )
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


def spread(s: Sketch, fabric: Fabric, border: Fabric | None) -> None:
    """A cloth laid out or held up: its folds have left a grid of soft creases."""
    rng = s.rng
    w, h = rng.uniform(40, 50), rng.uniform(40, 52)
    top = smooth([(-w, -h), (0, -h + rng.uniform(-2, 2)), (w, -h)])
    low = smooth([(w, h), (0, h + rng.uniform(-2, 2)), (-w, h)])
    creases = [smooth([(x, -h), (x + rng.uniform(-1, 1), 0), (x, h)]) for x in (-w / 3, w / 3)]
    creases += [smooth([(-w, y), (0, y + rng.uniform(-1, 1)), (w, y)]) for y in (-h / 3, h / 3)]
    s.fill(join(top, low), fabric, creases=creases, depth=0.22, relief=0.06, waves=0.1)
    if border is not None:
        b = rng.uniform(5, 12)
        s.fill(points((-w, h - b), (w, h - b), (w, h), (-w, h)), border, relief=0.06)
        if s.chance(0.5):
            s.fill(points((-w, -h), (w, -h), (w, -h + b), (-w, -h + b)), border, relief=0.06)
    s.note(shown="spread")


def strip(s: Sketch, fabric: Fabric, border: Fabric | None) -> None:
    """Folded lengthwise into a strip that turns a corner, its end on top."""
    rng = s.rng
    w, long, bend = rng.uniform(11, 16), rng.uniform(60, 80), rng.uniform(62, 96)
    first = points((-w, 0), (w, 0), (w, long), (-w, long))
    s.fill(shifted(first, 1.2, 1.4), plain(shade(fabric.colour, 0.6)), relief=0.1)
    s.fill(
        first, fabric, relief=0.2, creases=[points((-w * 0.3, 2), (-w * 0.3, long - 2))], depth=0.2
    )
    second = turned(points((-w, 0), (w, 0), (w, long * 0.9), (-w, long * 0.9)), bend, (0, w))
    s.fill(
        second,
        fabric,
        relief=0.25,
        creases=[turned(points((w * 0.3, 2), (w * 0.3, long * 0.85)), bend, (0, w))],
        depth=0.2,
    )
    s.line(turned(points((-w, 0), (-w, w * 2)), bend, (0, w)), shade(fabric.colour, 0.55), 0.5)
    if border is not None:
        end = turned(
            points((-w, long * 0.72), (w, long * 0.72), (w, long * 0.9), (-w, long * 0.9)),
            bend,
            (0, w),
        )
        s.fill(end, border, relief=0.15)
    s.note(shown="folded")


def veil(s: Sketch, fabric: Fabric, border: Fabric) -> None:
    """A dupatta over the hair, falling on both shoulders: a bride's, or for prayer."""
    low = s.rng.uniform(56, 84)
    outer = smooth(
        [
            (-22, low),
            (-19.5, 36),
            (-13.4, 10),
            (-9, -2.6),
            (0, -6.4),
            (9, -2.6),
            (13.4, 10),
            (19.5, 36),
            (22, low),
        ]
    )
    inner = smooth(
        [
            (10, low + 2),
            (11, 40),
            (10, 22),
            (9.3, 9),
            (6.4, 1.6),
            (0, -1.4),
            (-6.4, 1.6),
            (-9.3, 9),
            (-10, 22),
            (-11, 40),
            (-10, low + 2),
        ]
    )
    folds = [
        smooth(
            [
                (side * (10.4 + k * 1.2), 8),
                (side * (12.5 + k * 2.4), 36),
                (side * (13 + 2.6 * k), low),
            ]
        )
        for side in (-1, 1)
        for k in range(3)
    ]
    s.fill(
        join(outer, inner), fabric, creases=folds, depth=0.5, opacity=s.rng.choice((1.0, 0.9, 0.82))
    )
    s.fill(band(inner, 1.7), border, relief=0.2)
    s.note(veil="yes")


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
    s.fill(
        smooth(
            [
                (-width - gap / 2, 3),
                (-width * 0.6, -4.5),
                (0, -6),
                (width * 0.6, -4.5),
                (width + gap / 2, 3),
                (0, 5),
            ],
            closed=True,
        ),
        fabric,
        creases=[
            points((x, -4), (x, 4)) for x in (-width * 0.5, -width * 0.2, width * 0.2, width * 0.5)
        ],
        relief=0.5,
    )
    s.note(shown="hung")


def _white(s: Sketch) -> Fabric:
    """Cream or white cotton, now and then coloured silk; the ink follows."""
    return woven(s.rng, s.ink, 4.0, s.rng.choice((0.0, 0.0, 0.2)))


def _edge(s: Sketch, colours: tuple[str, ...]) -> Fabric:
    dye = jitter(s.rng, PALETTE[s.rng.choice(colours)])
    return printed(s.rng, dye, s.rng.choice(("plain", "plain", "brocade", "stripes")), gloss=0.3)


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


def _sequined(s: Sketch, fabric: Fabric) -> Fabric:
    """Bridal cloth: gold motifs all over, in two cases of five."""
    return printed(s.rng, fabric.colour, "buti", GOLD, 0.3) if s.chance(0.4) else fabric


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
        if kind < 0.15:
            folded(s, fabric, border)
        elif kind < 0.4:
            spread(s, _sequined(s, fabric), border)
        elif kind < 0.5:
            strip(s, fabric, border)
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


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "dupatta": dupatta,
    "stole": stole,
    "scarf": scarf,
    "angavastram": angavastram,
    "gamcha": gamcha,
    "manton": manton,
}
