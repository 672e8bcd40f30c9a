"""Altered photos are other pictures of the same thing, the same each time."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from service.evaluation.altered import WAYS, altered
from service.evaluation.labelled import LabelledPhoto


def photo() -> LabelledPhoto:
    drawn = Image.linear_gradient("L").convert("RGB").resize((60, 80))
    written = BytesIO()
    drawn.save(written, "PNG")
    return LabelledPhoto(
        dataset="catalog", id="1", label="Shirts", concepts=("shirt",), colour=None, gender="men",
        photo=written.getvalue(),
    )  # fmt: skip


def test_every_way_gives_another_picture_with_the_same_label() -> None:
    found = list(altered(photo()))
    assert len({one.photo for one in found}) == len(WAYS)
    assert {(one.id, one.concepts) for one in found} == {("1", ("shirt",))}
    for one in found:
        with Image.open(BytesIO(one.photo)) as opened:
            assert min(opened.size) >= 36


def test_a_photo_is_altered_alike_each_time() -> None:
    assert list(altered(photo())) == list(altered(photo()))
