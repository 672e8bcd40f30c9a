"""The contact sheet shows each photo once, with every marketplace's first answers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from catalog.pictures import PictureStore
from catalog.products import Product
from service.evaluation.contact_sheet import ContactSheet
from service.evaluation.labelled import LabelledPhoto


def picture(colour: str) -> bytes:
    packed = BytesIO()
    Image.new("RGB", (30, 40), colour).save(packed, "JPEG")
    return packed.getvalue()


PHOTO = LabelledPhoto(
    dataset="ethnic_extra",
    id="e1",
    label="sherwani",
    concepts=("sherwani",),
    colour=None,
    gender=None,
    photo=picture("red"),
)


def product(name: str, concept: str, image: str | None = None) -> Product:
    return Product(product_id=name, concept=concept, titles={"en": name}, image=image)


def test_one_photo_stands_once_with_all_marketplaces_and_marks_what_is_not_accepted(
    tmp_path: Path,
) -> None:
    pictures = PictureStore(tmp_path / "pictures")
    gown = product("g", "gown", pictures.put(picture("blue")))
    sherwani = product("s", "sherwani", pictures.put(picture("green")))
    sheet = ContactSheet(pictures)
    sheet.add(
        PHOTO, "in", [sherwani, *(product(f"p{i}", "sherwani") for i in range(7))], ("sherwani",)
    )
    sheet.add(PHOTO, "us", [gown], ("sherwani",))
    path = tmp_path / "sheet.html"

    sheet.write(path)

    text = path.read_text(encoding="utf-8")
    assert text.count("data:image/jpeg;base64,") == 3
    assert text.count("<figcaption>sherwani</figcaption>") == 5
    assert text.count('class="wrong"') == 1
    assert text.index("<b>in</b>") < text.index("<b>us</b>") < text.index('class="wrong"')
