from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ranking.features import NAMES, RankingQuery
from ranking.model_files import (
    CARD_FILE,
    MODEL_FILE,
    RankerError,
    RankerMissingError,
    load_scorer,
    write_model,
)
from ranking.reranker import Reranker
from tests.ranking.rows import Found
from tests.ranking.trained import trained


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(
        tmp_path, trained().text, {"data": "simulated"}, policy_weight=0.3, acceptance_weight=2.0
    )
    return tmp_path


def change(folder: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    card = json.loads((folder / CARD_FILE).read_text())
    edit(card)
    (folder / CARD_FILE).write_text(json.dumps(card))


def refusal(folder: Path) -> str:
    with pytest.raises(RankerError) as refused:
        Reranker.load(folder)
    assert "souk train ranker" in str(refused.value), "the message names the fix"
    return str(refused.value)


def test_what_was_written_is_read_and_ranks(
    folder: Path, found: Found, query: RankingQuery
) -> None:
    reranker = Reranker.load(folder)
    items = reranker.rank(found, query, limit=10, explain=True)
    assert len(items) == 10
    assert reranker.degraded == ()
    assert reranker.version == json.loads((folder / CARD_FILE).read_text())["version"]
    for item in items:
        assert sum((item.contributions or {}).values()) == pytest.approx(item.score, abs=1e-9)


def test_without_a_model_the_linear_blend_stands_in_and_says_so(tmp_path: Path) -> None:
    reranker = Reranker.load(tmp_path / "nowhere")
    assert reranker.degraded == ("ranker:linear",)
    assert reranker.version == "linear"
    with pytest.raises(RankerMissingError, match="souk train ranker"):
        load_scorer(tmp_path)


def test_a_truncated_model_is_refused(folder: Path) -> None:
    whole = (folder / MODEL_FILE).read_bytes()
    (folder / MODEL_FILE).write_bytes(whole[: len(whole) // 2])
    assert "truncated" in refusal(folder)


def test_half_a_pair_is_refused(folder: Path) -> None:
    (folder / CARD_FILE).unlink()
    assert CARD_FILE in refusal(folder)


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ([*NAMES[1:]], "it lacks similarity"),
        ([*NAMES, "shoe_size"], "it has shoe_size"),
        ([NAMES[1], NAMES[0], *NAMES[2:]], f"column 0 is {NAMES[1]}, here {NAMES[0]}"),
    ],
)
def test_a_model_of_other_features_is_refused_with_the_difference(
    features: list[str], says: str, folder: Path
) -> None:
    change(folder, lambda card: card.update(features=features))
    assert says in refusal(folder)


def test_a_model_of_another_table_version_is_refused(folder: Path) -> None:
    change(folder, lambda card: card.update(table="0123"))
    assert "other ranges, defaults or directions" in refusal(folder)


def test_another_format_is_refused(folder: Path) -> None:
    change(folder, lambda card: card.update(format=2))
    assert "format 2" in refusal(folder)


@pytest.mark.parametrize("weight", [None, "much", -1, True, float("nan")])
@pytest.mark.parametrize("name", ["policy_weight", "acceptance_weight"])
def test_a_weight_that_is_none_is_refused(name: str, weight: object, folder: Path) -> None:
    change(folder, lambda card: card.update({name: weight}))
    assert name in refusal(folder)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_card_that_is_none_is_refused(text: str, folder: Path) -> None:
    (folder / CARD_FILE).write_text(text, encoding="latin-1")
    assert CARD_FILE in refusal(folder)
