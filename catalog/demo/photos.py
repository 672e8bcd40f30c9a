"""Sample photos for the page: what a shopper might upload, put together from drawings and renders."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageFilter

from catalog.demo.backgrounds import PLACES
from catalog.demo.catalogue import RENDERS, committed_renders
from catalog.demo.drawing import DRAWABLE, Framing, draw
from catalog.demo.pictures import cut_out_of_white, jpeg
from catalog.search import Box

PHOTO_SIZE = (640, 800)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoObject:
    """Something in a sample photo and where it is; worn clothes with the whole figure."""

    concept: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPhoto:
    """A sample photo. The first object is what it is of."""

    name: str
    titles: Mapping[str, str]
    objects: tuple[PhotoObject, ...]
    picture: bytes
    """A JPEG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """One object of a scene: centre and height as shares of the photo."""

    concept: str
    x: float
    y: float
    height: float
    seed: int = 1
    colour: str | None = None
    worn: bool = False
    framing: Framing | None = None


_SCENES: tuple[tuple[str, str, dict[str, str], tuple[_Thing, ...]], ...] = (
    (
        "kurti",
        "street",
        {
            "en": "Kurti in the street",
            "hi": "सड़क पर कुर्ती",
            "de": "Kurti auf der Straße",
            "fr": "Kurti dans la rue",
            "it": "Kurti per strada",
            "es": "Kurti en la calle",
        },
        (
            _Thing(
                concept="kurti",
                x=0.46,
                y=0.56,
                height=0.95,
                seed=1,
                colour="teal",
                worn=True,
                framing="portrait",
            ),
            _Thing(concept="handbag", x=0.82, y=0.84, height=0.2, seed=3, colour="brown"),
        ),
    ),
    (
        "saree",
        "wedding",
        {
            "en": "Saree at a wedding",
            "hi": "शादी में साड़ी",
            "de": "Sari auf einer Hochzeit",
            "fr": "Sari à un mariage",
            "it": "Sari a un matrimonio",
            "es": "Sari en una boda",
        },
        (
            _Thing(
                concept="saree",
                x=0.5,
                y=0.53,
                height=0.92,
                seed=14,
                colour="red",
                worn=True,
                framing="person",
            ),
            _Thing(concept="potli", x=0.84, y=0.82, height=0.2, seed=2, colour="gold"),
        ),
    ),
    (
        "dhoti",
        "street",
        {
            "en": "Dhoti and turban",
            "hi": "धोती और पगड़ी",
            "de": "Dhoti und Turban",
            "fr": "Dhoti et turban",
            "it": "Dhoti e turbante",
            "es": "Dhoti y turbante",
        },
        (
            _Thing(
                concept="dhoti",
                x=0.48,
                y=0.54,
                height=0.92,
                seed=5,
                colour="white",
                worn=True,
                framing="person",
            ),
            _Thing(concept="mojari", x=0.84, y=0.9, height=0.15, seed=4, colour="maroon"),
        ),
    ),
    (
        "dress",
        "park",
        {
            "en": "Summer dress in the park",
            "hi": "पार्क में ड्रेस",
            "de": "Sommerkleid im Park",
            "fr": "Robe d'été au parc",
            "it": "Vestito estivo al parco",
            "es": "Vestido de verano en el parque",
        },
        (
            _Thing(
                concept="dress",
                x=0.47,
                y=0.53,
                height=0.92,
                seed=7,
                colour="blue",
                worn=True,
                framing="person",
            ),
            _Thing(concept="tote", x=0.8, y=0.85, height=0.2, seed=9, colour="beige"),
            _Thing(concept="hat", x=0.14, y=0.9, height=0.17, seed=6, colour="beige"),
        ),
    ),
    (
        "sneakers",
        "planks",
        {
            "en": "Sneakers on the floor",
            "hi": "फ़र्श पर स्नीकर्स",
            "de": "Sneaker auf dem Boden",
            "fr": "Baskets sur le sol",
            "it": "Sneakers sul pavimento",
            "es": "Zapatillas en el suelo",
        },
        (
            _Thing(concept="sneakers", x=0.5, y=0.42, height=0.5, seed=12, colour="white"),
            _Thing(concept="backpack", x=0.24, y=0.8, height=0.34, seed=7, colour="navy"),
            _Thing(concept="cap", x=0.76, y=0.82, height=0.22, seed=5, colour="red"),
        ),
    ),
    (
        "living-room",
        "room",
        {
            "en": "Living room",
            "hi": "बैठक",
            "de": "Wohnzimmer",
            "fr": "Salon",
            "it": "Soggiorno",
            "es": "Sala de estar",
        },
        (
            _Thing(concept="sofa", x=0.48, y=0.6, height=0.56, seed=2),
            _Thing(concept="coffee_table", x=0.56, y=0.83, height=0.34, seed=1),
            _Thing(concept="floor_lamp", x=0.9, y=0.5, height=0.42, seed=0),
            _Thing(concept="plant_pot", x=0.1, y=0.66, height=0.26, seed=3),
        ),
    ),
    (
        "sherwani",
        "wedding",
        {
            "en": "Sherwani for the groom",
            "hi": "दूल्हे की शेरवानी",
            "de": "Sherwani für den Bräutigam",
            "fr": "Sherwani du marié",
            "it": "Sherwani per lo sposo",
            "es": "Sherwani para el novio",
        },
        (
            _Thing(
                concept="sherwani",
                x=0.5,
                y=0.53,
                height=0.92,
                seed=8,
                colour="beige",
                worn=True,
                framing="person",
            ),
        ),
    ),
    (
        "dirndl",
        "fair",
        {
            "en": "Dirndl at the fair",
            "hi": "मेले में डर्नडल",
            "de": "Dirndl auf der Wiesn",
            "fr": "Dirndl à la fête",
            "it": "Dirndl alla festa",
            "es": "Dirndl en la feria",
        },
        (
            _Thing(
                concept="dirndl",
                x=0.5,
                y=0.53,
                height=0.92,
                seed=17,
                colour="green",
                worn=True,
                framing="person",
            ),
            _Thing(concept="clutch", x=0.84, y=0.88, height=0.16, seed=3, colour="brown"),
        ),
    ),
    (
        "flamenca",
        "fair",
        {
            "en": "Flamenca dress at the feria",
            "hi": "फ़ेरिया में फ़्लामेंको ड्रेस",
            "de": "Flamencokleid auf der Feria",
            "fr": "Robe flamenca à la feria",
            "it": "Abito flamenco alla feria",
            "es": "Traje de flamenca en la Feria",
        },
        (
            _Thing(
                concept="traje_de_flamenca",
                x=0.5,
                y=0.53,
                height=0.92,
                seed=6,
                colour="red",
                worn=True,
                framing="person",
            ),
            _Thing(concept="fan", x=0.82, y=0.86, height=0.2, seed=4, colour="black"),
        ),
    ),
)


def demo_photos(seed: int = 1) -> Iterator[DemoPhoto]:
    """Nine photos, from a worn kurti in a street to a furnished room."""
    for name, place, titles, things in _SCENES:
        rng = Random(f"{seed}/{name}")
        photo = PLACES[place](PHOTO_SIZE, rng)
        # What stands lower in the picture is nearer and is put in last.
        boxes = {
            thing: _placed(photo, thing)
            for thing in sorted(things, key=lambda t: t.y + t.height / 2)
        }
        objects = tuple(PhotoObject(concept=thing.concept, box=boxes[thing]) for thing in things)
        yield DemoPhoto(name=name, titles=titles, objects=objects, picture=jpeg(photo, 84))


def _placed(photo: Image.Image, thing: _Thing) -> Box:
    """Puts the thing into the photo with its shadow; returns its box."""
    cut_out = _cut_out(thing, round(thing.height * photo.height))
    bounds = cut_out.getchannel("A").point(lambda a: 255 if a > 60 else 0).getbbox()
    left, top = (
        round(thing.x * photo.width - cut_out.width / 2),
        round(thing.y * photo.height - cut_out.height / 2),
    )
    alpha = cut_out.getchannel("A")
    shadow = alpha.point(lambda a: a * 0.34).filter(ImageFilter.GaussianBlur(9))
    photo.paste((34, 28, 26), (left + 10, top + 8), shadow)
    photo.paste(cut_out, (left, top), cut_out)
    x0, y0, x1, y1 = bounds or (0, 0, cut_out.width, cut_out.height)
    across, down = photo.size
    return Box(
        max(0.0, (left + x0) / across),
        max(0.0, (top + y0) / down),
        min(1.0, (left + x1) / across),
        min(1.0, (top + y1) / down),
    )


def _cut_out(thing: _Thing, side: int) -> Image.Image:
    if thing.concept in DRAWABLE:
        return draw(
            thing.concept,
            thing.seed,
            side,
            colour=thing.colour,
            worn=thing.worn,
            framing=thing.framing,
        ).image
    choices = [render for render in committed_renders() if render.concept == thing.concept]
    render = choices[thing.seed % len(choices)]
    picture = Image.open(io.BytesIO((RENDERS / render.file).read_bytes()))
    return cut_out_of_white(picture.resize((side, side), Image.Resampling.LANCZOS))
