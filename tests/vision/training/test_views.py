"""Views keep the thing and change everything else; a seed gives the same view again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.training.masks import cut_out
from vision.training.views import PLAIN, Recipe, Source, make_source, make_view

POOL = [np.full((224, 224, 3), (20, 60, 160), dtype=np.uint8)]
ONLY_PASTED = Recipe(
    composite=1, flat=0, turn=0, trim=0, thumbnail=0, light=0, camera=0, occlude=0, screenshot=0
)


def studio(colour: tuple[int, int, int] = (200, 30, 40)) -> NDArray[np.uint8]:
    picture = np.full((160, 120, 3), 255, dtype=np.uint8)
    picture[40:130, 30:90] = colour
    return picture


def test_a_thing_on_white_is_cut_out_and_a_busy_picture_is_not() -> None:
    assert make_source(studio(), cut_out(studio())).cut is not None
    busy = np.random.default_rng(0).integers(0, 256, (160, 120, 3), dtype=np.uint8)
    assert make_source(busy, cut_out(busy)).cut is None


def test_pasting_replaces_the_studio_and_keeps_the_thing() -> None:
    source = make_source(studio(), cut_out(studio()))
    view = make_view(source, POOL, ONLY_PASTED, 96, np.random.default_rng(1))
    blue = np.abs(view.astype(int) - (20, 60, 160)).max(-1) < 12
    red = np.abs(view.astype(int) - (200, 30, 40)).max(-1) < 12
    white = (view > 235).all(-1)
    assert blue.mean() > 0.1
    assert red.mean() > 0.1
    assert white.mean() < 0.02


def test_the_plain_recipe_gives_the_framed_picture_or_its_mirror_image() -> None:
    source = Source(pixels=studio())
    views = {
        make_view(source, POOL, PLAIN, 64, np.random.default_rng(i)).tobytes() for i in range(12)
    }
    assert len(views) <= 2


@pytest.mark.parametrize("seed", range(25))
def test_every_view_is_a_square_of_bytes_and_comes_again_from_its_seed(seed: int) -> None:
    source = make_source(studio(), cut_out(studio()))
    everything = Recipe(composite=0.5, occlude=0.5, screenshot=0.5, turn=1, trim=1)
    first = make_view(source, POOL, everything, 72, np.random.default_rng(seed))
    again = make_view(source, POOL, everything, 72, np.random.default_rng(seed))
    assert first.shape == (72, 72, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()


def test_a_covered_view_hides_one_side_and_leaves_the_other() -> None:
    source = Source(pixels=studio())
    plain = make_view(source, POOL, PLAIN, 96, np.random.default_rng(5))
    shares = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        view = make_view(source, POOL, replace(PLAIN, cover=1.0), 96, rng)
        same = (view == plain).all(-1) | (view == plain[:, ::-1]).all(-1)
        shares.append(1 - same.mean())
    assert min(shares) > 0.08
    assert max(shares) <= 0.42
