"""Composites: deterministic, boxes around what is visible, occlusion honoured, screenshots carried."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.vision.training.drawn_pictures import (
    Pixels,
    block,
    drawn_backgrounds,
    drawn_sprites,
    dressed,
    street,
)
from vision.coarse import COARSE
from vision.training.backgrounds import without_people
from vision.training.composites import Studio, composite_crop
from vision.training.contact_sheets import contact_sheet
from vision.training.scenes import Canvas, bounds
from vision.training.screenshots import collage, screenshot
from vision.training.warps import Warp, random_warp, warped


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(sprites=drawn_sprites(), backgrounds=drawn_backgrounds())


def white(width: int = 100, height: int = 80) -> Canvas:
    return Canvas.on(np.full((height, width, 3), 255, dtype=np.uint8))


def test_same_seed_gives_the_same_scenes(studio: Studio) -> None:
    first, second = list(studio.scenes(3, 12)), list(studio.scenes(3, 12))
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.pixels, b.pixels)
        assert a.objects == b.objects


def test_a_scene_does_not_depend_on_the_ones_before_it(studio: Studio) -> None:
    streamed = list(studio.scenes(4, 6, screenshots=0))[5]
    assert np.array_equal(streamed.pixels, studio.scene(4, 5).pixels)


def test_other_seeds_give_other_scenes(studio: Studio) -> None:
    assert not np.array_equal(studio.scene(1, 0).pixels, studio.scene(2, 0, None).pixels)


def test_boxes_lie_inside_the_picture_and_name_known_kinds(studio: Studio) -> None:
    recipes = set()
    for scene in studio.scenes(5, 80):
        recipes.add(scene.made)
        for thing in scene.objects:
            box = thing.box
            assert thing.kind in COARSE
            assert 0 <= box.left < box.right <= 1
            assert 0 <= box.top < box.bottom <= 1
    assert {"one", "several", "outfit", "people", "empty"} <= recipes
    assert any(name.startswith("screenshot") for name in recipes)


def test_an_empty_scene_has_no_box(studio: Studio) -> None:
    empty = [s for s in studio.scenes(5, 80, screenshots=0) if s.made == "empty"]
    assert empty
    assert all(not scene.objects for scene in empty)


def test_box_encloses_the_pasted_thing() -> None:
    canvas = white()
    canvas.paste(block("bag", (10, 10, 10), 20, 30), 40, 30)
    (found,) = canvas.objects()
    assert (found.box.left, found.box.top) == (0.4, 0.375)
    assert (found.box.right, found.box.bottom) == (0.7, 0.625)
    assert (canvas.pixels[35, 50] == 10).all()


def test_what_is_covered_leaves_the_box() -> None:
    canvas = white()
    canvas.paste(block("topwear", (200, 0, 0), 40, 40), 20, 20)
    canvas.paste(block("bag", (0, 0, 0), 40, 20), 40, 20)
    top, bag = canvas.objects()
    assert top.kind == "topwear"
    assert (top.box.left, top.box.right) == (0.2, 0.4)
    assert (bag.box.left, bag.box.right) == (0.4, 0.6)


def test_a_mostly_hidden_thing_has_no_box() -> None:
    canvas = white()
    canvas.paste(block("topwear", (200, 0, 0), 40, 40), 20, 20)
    canvas.paste(block("bag", (0, 0, 0), 40, 34), 20, 20)
    assert [thing.kind for thing in canvas.objects()] == ["bag"]


def test_a_thing_beyond_the_frame_is_boxed_to_the_frame() -> None:
    canvas = white()
    canvas.paste(block("shoes", (0, 0, 0), 200, 300), -50, -60)
    (found,) = canvas.objects()
    assert found.box.area == 1.0


def test_each_garment_of_a_person_has_its_own_box() -> None:
    canvas = white(60, 100)
    canvas.paste(dressed(), 10, 5)
    boxes = {thing.kind: thing.box for thing in canvas.objects()}
    assert boxes["topwear"].top == pytest.approx(0.15)
    assert boxes["topwear"].bottom == boxes["bottomwear"].top == pytest.approx(0.45)
    assert boxes["shoes"].bottom == pytest.approx(0.95)


def test_identity_warp_keeps_the_thing() -> None:
    sprite = dressed()
    same = warped(sprite, Warp(), 1.0)
    assert same.alpha.shape == sprite.alpha.shape
    assert np.abs(same.rgb.astype(int) - sprite.rgb)[2:-2, 2:-2].mean() < 3


@pytest.mark.parametrize("turn", [0.0, 30.0, 90.0, 180.0])
def test_a_warp_keeps_the_area_and_the_parts(turn: float) -> None:
    sprite = dressed()
    turned = warped(sprite, Warp(turn=turn), 1.0)
    assert (turned.alpha > 128).sum() == pytest.approx((sprite.alpha > 128).sum(), rel=0.08)
    for part in (1, 2, 3):
        before, after = (sprite.parts == part).sum(), (turned.parts == part).sum()
        assert after == pytest.approx(before, rel=0.15)


def test_turning_by_a_half_puts_the_shoes_on_top() -> None:
    turned = warped(dressed(), Warp(turn=180.0), 1.0)
    shoes, top = bounds(turned.parts == 3), bounds(turned.parts == 1)
    assert shoes.bottom <= top.top + 0.02


def test_crop_is_square_seeded_and_shows_the_thing() -> None:
    thing = block("bag", (255, 0, 0))
    behind = np.zeros((64, 64, 3), dtype=np.uint8)

    def make(seed: int) -> Pixels:
        return composite_crop(thing.rgb, thing.alpha, behind, np.random.default_rng(seed), 96)

    crop = make(1)
    assert crop.shape == (96, 96, 3)
    assert crop.dtype == np.uint8
    assert np.array_equal(crop, make(1))
    assert not np.array_equal(crop, make(2))
    assert (crop[40:56, 40:56, 0] > crop[40:56, 40:56, 1] + 60).mean() > 0.8


def test_crop_is_quick() -> None:
    thing, behind = block("bag", (255, 0, 0), 224, 168), street(256, 170)
    rng = np.random.default_rng(0)
    times = []
    for _ in range(30):
        start = time.process_time()
        composite_crop(thing.rgb, thing.alpha, behind, rng, 192)
        times.append(time.process_time() - start)
    assert sorted(times)[3] < 0.006


def test_street_without_its_person_keeps_only_street() -> None:
    picture = street(40, 60)
    person = np.zeros((40, 60), dtype=bool)
    person[10:, 25:35] = True
    picture[person] = (255, 0, 255)
    cleared = without_people(picture, person)
    assert cleared.shape == picture.shape
    assert not (cleared == (255, 0, 255)).all(axis=2).any()
    assert np.array_equal(cleared[:, :20], picture[:, :20])


def test_screenshot_carries_the_box_to_where_the_thing_is_shown(studio: Studio) -> None:
    canvas = Canvas.on(np.full((288, 216, 3), 128, dtype=np.uint8))
    canvas.paste(block("bag", (0, 255, 0), 120, 100), 60, 80)
    plain = studio.scene(1, 0)
    scene = type(plain)(pixels=canvas.pixels, objects=tuple(canvas.objects()), made="test")
    for seed in range(12):
        shown = screenshot(scene, np.random.default_rng(seed))
        (found,) = shown.objects
        height, width = shown.pixels.shape[:2]
        assert height > width
        # A sticker may hide one spot, so most of a cross of spots must be green.
        spots = [
            shown.pixels[int(h * height), int(w * width)].astype(int)
            for h in np.linspace(found.box.top, found.box.bottom, 9)[1:-1]
            for w in np.linspace(found.box.left, found.box.right, 9)[1:-1]
        ]
        green = [p[1] > 180 and p[0] < 90 for p in spots]
        assert np.mean(green) > 0.5, seed


def test_collage_keeps_both_sets_of_boxes(studio: Studio) -> None:
    canvas = white()
    canvas.paste(block("bag", (0, 0, 0), 20, 20), 40, 30)
    one = studio.scene(1, 0)
    scene = type(one)(pixels=canvas.pixels, objects=tuple(canvas.objects()), made="test")
    for seed in range(6):
        pair = collage(scene, scene, np.random.default_rng(seed))
        assert len(pair.objects) == 2
        for thing in pair.objects:
            height, width = pair.pixels.shape[:2]
            x = (thing.box.left + thing.box.right) / 2 * width
            y = (thing.box.top + thing.box.bottom) / 2 * height
            assert pair.pixels[int(y), int(x)].max() < 60


def test_contact_sheet_holds_every_scene(studio: Studio) -> None:
    sheet = contact_sheet(studio.scenes(1, 10), columns=4)
    assert sheet.size == (800, 600)


def test_random_warps_stay_in_their_bounds() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        warp = random_warp(rng, turn=10.0, bend=0.01, tilt=0.1)
        assert abs(warp.turn) <= 10
        assert max(map(abs, warp.tilt)) <= 0.1
