"""Measures of detection against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.search import WHOLE, Box, DetectedObject
from vision.detection_measures import (
    BoxedPhoto,
    average_precision,
    garment_boxes,
    measure_boxes,
)
from vision.photos import Photo

PHOTO = Photo(pixels=np.zeros((10, 10, 3), np.uint8), width=10, height=10)
TOP, LOWER = Box(0.2, 0.1, 0.6, 0.4), Box(0.2, 0.5, 0.6, 0.9)


def boxed(*boxes: Box, largest: int = 0) -> BoxedPhoto:
    return BoxedPhoto(id="p", photo=PHOTO, boxes=boxes, largest=largest)


def found(box: Box, confidence: float, concept: str | None = "topwear") -> DetectedObject:
    return DetectedObject(id=0, box=box, confidence=confidence, concept=concept)


def test_perfect_boxes_measure_one() -> None:
    measures = measure_boxes([(boxed(TOP, LOWER), [found(TOP, 0.9), found(LOWER, 0.8)])])
    assert (measures.n, measures.ap50, measures.median_iou) == (1, 1.0, 1.0)


def test_nothing_found_measures_zero() -> None:
    measures = measure_boxes([(boxed(TOP), [])])
    assert (measures.n, measures.ap50, measures.median_iou) == (1, 0.0, 0.0)


def test_no_photo_measures_zero() -> None:
    assert measure_boxes([]).n == 0


def test_the_whole_picture_is_no_find() -> None:
    measures = measure_boxes([(boxed(WHOLE), [found(WHOLE, 0.9, concept=None)])])
    assert measures.ap50 == 0.0


def test_a_second_box_on_the_same_garment_is_false() -> None:
    measures = measure_boxes([(boxed(TOP, LOWER), [found(TOP, 0.9), found(TOP, 0.8)])])
    assert measures.ap50 == pytest.approx(0.5)


def test_a_false_find_that_is_surest_costs_precision() -> None:
    elsewhere = Box(0.7, 0.7, 0.9, 0.9)
    measures = measure_boxes([(boxed(TOP), [found(elsewhere, 0.9), found(TOP, 0.8)])])
    assert measures.ap50 == pytest.approx(0.5)


def test_the_largest_garment_decides_the_overlap() -> None:
    measures = measure_boxes([(boxed(TOP, LOWER, largest=1), [found(TOP, 0.9)])])
    assert measures.median_iou == 0.0


@pytest.mark.parametrize(
    ("hits", "truths", "expected"),
    [([True, True], 2, 1.0), ([True, False, True], 2, 1 / 2 + 1 / 2 * 2 / 3), ([False], 3, 0.0),
     ([True], 4, 0.25), ([], 3, 0.0)],
)  # fmt: skip
def test_average_precision_by_hand(hits: list[bool], truths: int, expected: float) -> None:
    scores = np.linspace(1, 0.1, len(hits))
    assert average_precision(scores, np.array(hits, bool), truths) == pytest.approx(expected)


def test_order_of_the_photos_does_not_matter() -> None:
    pairs = [
        (boxed(TOP), [found(TOP, 0.3)]),
        (boxed(LOWER), [found(TOP, 0.9)]),
        (boxed(TOP, LOWER), [found(LOWER, 0.5)]),
    ]
    assert measure_boxes(pairs).ap50 == measure_boxes(pairs[::-1]).ap50


def test_garments_are_boxed_by_label_without_skin_hair_and_crumbs_and_shoes_are_one() -> None:
    names = ("null", "skin", "hair", "dress", "boots", "heels", "ring")
    labels = np.zeros((20, 20), dtype=np.uint8)
    labels[:3, 5:10], labels[3:15, 4:12] = 2, 3
    labels[15:20, 4:6], labels[15:20, 10:12] = 4, 5
    labels[0, 0] = 6
    labels[10, 12:19] = 1
    boxes, shares = garment_boxes(labels, names)
    assert boxes == (Box(0.2, 0.15, 0.6, 0.75), Box(0.2, 0.75, 0.6, 1.0))
    assert shares == pytest.approx((96 / 400, 20 / 400))
