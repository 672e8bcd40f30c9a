import io

import numpy as np
import pytest
from PIL import Image

from catalog.demo.photos import PHOTO_SIZE, DemoPhoto, demo_photos
from catalog.demo.pictures import cut_out_of_white


@pytest.fixture(scope="module")
def photos() -> list[DemoPhoto]:
    return list(demo_photos())


def test_each_photo_is_a_jpeg_of_several_objects_inside_it(photos: list[DemoPhoto]) -> None:
    assert len({photo.name for photo in photos}) == len(photos) >= 8
    assert sum(len(photo.objects) > 1 for photo in photos) >= 7
    for photo in photos:
        with Image.open(io.BytesIO(photo.picture)) as picture:
            assert picture.format == "JPEG"
            assert picture.size == PHOTO_SIZE
        for thing in photo.objects:
            box = thing.box
            assert 0 <= box.left < box.right <= 1
            assert 0 <= box.top < box.bottom <= 1
            assert box.area > 0.01


def test_a_box_holds_what_was_put_in(photos: list[DemoPhoto]) -> None:
    """The white sneakers are brighter than the planks around them."""
    photo = next(p for p in photos if p.name == "sneakers")
    with Image.open(io.BytesIO(photo.picture)) as picture:
        grey = np.asarray(picture.convert("L"), float)
    box = photo.objects[0].box
    height, width = grey.shape
    inside = grey[
        int(box.top * height) : int(box.bottom * height),
        int(box.left * width) : int(box.right * width),
    ]
    assert (inside > 215).mean() > (grey > 215).mean() * 3


def test_a_cut_out_keeps_the_thing_and_turns_the_ground_clear() -> None:
    render = Image.new("RGB", (60, 60), "white")
    render.paste((150, 40, 30), (20, 20, 40, 40))
    alpha = np.asarray(cut_out_of_white(render))[:, :, 3]
    assert alpha[30, 30] == 255
    assert alpha[2, 2] == 0
