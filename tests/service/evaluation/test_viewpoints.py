"""Viewpoints are compared by their share of known pictures."""

from __future__ import annotations

import pytest

from service.evaluation.viewpoints import RenderSeen, viewpoints_document


def seen(view: int, hits: str) -> list[RenderSeen]:
    return [RenderSeen(view=view, concept="chair", hit=h == "1") for h in hits]


def test_the_gap_is_between_the_best_and_the_worst_viewpoint() -> None:
    document = viewpoints_document([*seen(0, "1111"), *seen(1, "1100"), *seen(2, "1110")])

    assert document["points_best_to_worst"] == 50.0
    assert document["top1"] == 0.75
    assert document["views"] == {
        0: {"n": 4, "top1": 1.0},
        1: {"n": 4, "top1": 0.5},
        2: {"n": 4, "top1": 0.75},
    }


def test_no_pictures_are_no_figure() -> None:
    with pytest.raises(ValueError, match="no rendered pictures"):
        viewpoints_document([])
