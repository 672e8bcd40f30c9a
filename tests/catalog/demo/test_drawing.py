import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.demo.drawing import DRAWABLE, draw
from catalog.demo.drawing_fabrics import PALETTE, nearest_word
from catalog.products import COLOURS, GENDERS


@pytest.mark.parametrize("concept", DRAWABLE)
def test_a_drawing_fills_its_square_and_leaves_the_ground_clear(concept: str) -> None:
    drawing = draw(concept, 3, 64)
    alpha = np.asarray(drawing.image)[:, :, 3]
    assert drawing.image.size == (64, 64)
    assert 0.04 < (alpha > 128).mean() < 0.97
    assert alpha[0, 0] == 0 or drawing.attributes["worn"] == "yes"
    assert drawing.colour in COLOURS
    assert drawing.gender in GENDERS


@pytest.mark.parametrize("concept", ["dhoti", "saree", "jhumka", "sneakers"])
def test_the_same_seed_draws_the_same_picture(concept: str) -> None:
    first, again, other = draw(concept, 8, 96), draw(concept, 8, 96), draw(concept, 9, 96)
    assert first.image.tobytes() == again.image.tobytes()
    assert first.image.tobytes() != other.image.tobytes()


def test_every_colour_word_of_the_catalogue_can_be_asked_for() -> None:
    assert set(PALETTE) == set(COLOURS)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["red", "green", "navy", "yellow"]))
def test_a_colour_asked_for_is_the_colour_seen(seed: int, colour: str) -> None:
    """Trousers in one cloth: the middle colour of what is opaque bears the word."""
    drawing = draw("leggings", seed, 64, colour=colour, worn=False)
    pixels = np.asarray(drawing.image).reshape(-1, 4)
    seen = np.median(pixels[pixels[:, 3] == 255][:, :3], axis=0)
    if drawing.attributes["print"] == "plain":
        assert drawing.colour == colour
        near = sorted(
            PALETTE,
            key=lambda word: sum((a - b) ** 2 for a, b in zip(PALETTE[word], seen, strict=True)),
        )
        assert colour in near[:4]


def test_a_figure_shows_skin_that_a_flat_garment_does_not() -> None:
    worn, flat = draw("dress", 5, 64, worn=True), draw("dress", 5, 64, worn=False)
    assert (worn.attributes["worn"], flat.attributes["worn"]) == ("yes", "no")
    assert worn.image.tobytes() != flat.image.tobytes()


def test_an_unknown_concept_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="spaceship"):
        draw("spaceship", 1)


def test_nearest_word_names_the_palette_itself() -> None:
    assert [nearest_word(PALETTE[w]) for w in ("red", "navy", "gold")] == ["red", "navy", "gold"]
