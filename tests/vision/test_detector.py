"""Detection: what the network says becomes boxes; the whole picture is always there, last."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from catalog.search import WHOLE
from vision.coarse import COARSE, coarse_of
from vision.detector import (
    FAILED,
    Detector,
    DetectorSettings,
    agreed,
    decoded,
    input_size,
    network_input,
    thinned,
)
from vision.photos import Photo

Array = NDArray[np.float32]
BAG = COARSE.index("bag")


def grid(rows: int = 8, columns: int = 6) -> tuple[Array, Array]:
    kinds = len(COARSE)
    scores = np.zeros((kinds, rows, columns), dtype=np.float32)
    distances = np.full((kinds * 4, rows, columns), 0.1, dtype=np.float32)
    return scores, distances


def photo(width: int = 60, height: int = 80) -> Photo:
    return Photo(pixels=np.zeros((height, width, 3), np.uint8), width=width, height=height)


def test_a_peak_becomes_a_box_around_its_cell() -> None:
    scores, distances = grid()
    scores[BAG, 4, 3] = 0.9
    distances.reshape(-1, 4, 8, 6)[BAG, :, 4, 3] = (0.2, 0.3, 0.1, 0.25)
    (found,) = decoded(scores, distances, DetectorSettings())
    assert found.concept == "bag"
    assert found.confidence == pytest.approx(0.9)
    x, y = 3.5 / 6, 4.5 / 8
    assert (found.box.left, found.box.top) == pytest.approx((x - 0.2, y - 0.3))
    assert (found.box.right, found.box.bottom) == pytest.approx((x + 0.1, y + 0.25))


def test_boxes_are_clipped_to_the_picture() -> None:
    scores, distances = grid()
    scores[BAG, 0, 0] = 0.9
    distances[:] = 1.5
    (found,) = decoded(scores, distances, DetectorSettings())
    assert found.box == WHOLE


def test_neighbours_of_the_same_kind_that_agree_move_the_box_and_others_do_not() -> None:
    corners = np.array([(0.2, 0.2, 0.6, 0.6), (0.2, 0.2, 0.64, 0.6), (0.2, 0.2, 0.2, 0.9)])
    box = agreed(corners, np.array([0.5, 0.5, 0.5]), 0, 0.7)
    assert 0.61 < box.right < 0.63
    assert box.bottom == pytest.approx(0.6)
    alone = agreed(corners, np.array([0.5, 0.0, 0.5]), 0, 0.7)
    assert alone.right == pytest.approx(0.6)


def test_weak_scores_are_no_objects() -> None:
    scores, distances = grid()
    scores[BAG, 2, 2] = 0.1
    assert decoded(scores, distances, DetectorSettings(min_score=0.2)) == ()


def test_of_two_boxes_on_one_thing_the_surer_stays_whatever_its_kind() -> None:
    scores, distances = grid()
    scores[BAG, 4, 3], scores[0, 4, 3] = 0.6, 0.7
    (found,) = decoded(scores, distances, DetectorSettings())
    assert found.concept == COARSE[0]


def test_objects_come_most_confident_first_with_their_places_as_ids() -> None:
    scores, distances = grid()
    scores[BAG, 1, 1], scores[0, 6, 4], scores[2, 1, 4] = 0.5, 0.9, 0.7
    found = decoded(scores, distances, DetectorSettings())
    assert [thing.confidence for thing in found] == pytest.approx([0.9, 0.7, 0.5])
    assert [thing.id for thing in found] == [0, 1, 2]


def test_the_whole_picture_is_the_last_object_and_the_least_confident() -> None:
    scores, distances = grid()
    scores[BAG, 4, 3] = 0.9
    detection = Detector(forward=lambda _: (scores[None], distances[None])).detect(photo())
    assert [thing.id for thing in detection.objects] == [0, 1]
    whole = detection.objects[-1]
    assert (whole.box, whole.concept) == (WHOLE, None)
    assert whole.confidence < detection.objects[0].confidence
    assert detection.degraded == ()


def test_nothing_found_leaves_the_whole_picture() -> None:
    scores, distances = grid()
    detection = Detector(forward=lambda _: (scores[None], distances[None])).detect(photo())
    assert [thing.box for thing in detection.objects] == [WHOLE]


def test_a_failing_network_falls_back_to_the_whole_picture_and_says_so() -> None:
    def broken(_: Array) -> tuple[Array, Array]:
        raise RuntimeError("no memory")

    detection = Detector(forward=broken).detect(photo())
    assert [thing.box for thing in detection.objects] == [WHOLE]
    assert detection.degraded == (FAILED,)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_input_is_a_multiple_of_32_of_bounded_area(width: int, height: int) -> None:
    wide, high = input_size(width, height)
    assert wide % 32 == high % 32 == 0
    assert 0.75 * 224 * 224 <= wide * high <= 224 * 224


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((256, 256), (224, 224)), ((300, 400), (192, 256)), ((400, 300), (256, 192))],
)
def test_input_keeps_the_shape_of_the_photo(
    shape: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert input_size(*shape) == expected


def test_network_input_is_centred_on_middle_grey() -> None:
    pixels = np.full((40, 30, 3), 255, dtype=np.uint8)
    values = network_input(pixels)
    assert values.shape == (1, 3, 256, 192)
    assert values.dtype == np.float32
    assert (values == 1.0).all()


@given(st.lists(st.tuples(*[st.floats(0, 0.6)] * 2, *[st.floats(0.05, 0.4)] * 2), max_size=12))
def test_kept_boxes_never_overlap_more_than_allowed_and_the_best_is_kept(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h in boxes]).reshape(-1, 4)
    kept = thinned(corners, 0.5)
    if boxes:
        assert kept[0] == 0
    for i, a in enumerate(kept):
        for b in kept[i + 1 :]:
            upper = np.maximum(corners[a, :2], corners[b, :2])
            lower = np.minimum(corners[a, 2:], corners[b, 2:])
            shared = (lower - upper).clip(min=0).prod()
            areas = [(corners[k, 2:] - corners[k, :2]).prod() for k in (a, b)]
            assert shared <= 0.5 * (sum(areas) - shared) + 1e-9
    assert thinned(corners[kept], 0.5) == list(range(len(kept)))


@pytest.mark.parametrize(
    ("ancestry", "kind"),
    [
        (("kurti", "kurta", "ethnic_wear", "clothing", "fashion"), "topwear"),
        (("saree", "ethnic_wear", "clothing", "fashion"), "one_piece"),
        (("dhoti", "wrap", "ethnic_wear", "clothing", "fashion"), "bottomwear"),
        (("dupatta", "ethnic_wear", "clothing", "fashion"), "neckwear"),
        (("jutti", "ethnic_shoes", "shoes", "fashion"), "shoes"),
        (("jhumka", "earrings", "jewellery", "accessories", "fashion"), "jewellery"),
        (("desk_lamp", "table_lamp", "lamp", "lighting", "home"), "lighting"),
        (("clothing", "fashion"), None),
    ],
)
def test_concepts_have_the_coarse_kind_of_their_nearest_ancestor(
    ancestry: tuple[str, ...], kind: str | None
) -> None:
    assert coarse_of(ancestry) == kind
