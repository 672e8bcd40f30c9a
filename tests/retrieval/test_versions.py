"""Building, checking and swapping versions of the embedded index."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog.products import Vector
from catalog.search import Filters
from retrieval.embedded import EmbeddedIndex
from retrieval.index import IndexBuildError, IndexUnavailable, IndexVersion
from retrieval.versions import (
    build_embedded,
    check_version,
    read_pointer,
    swap,
    swap_back,
    versions,
)
from tests.retrieval.listings import catalogue, random_unit, record, unit

QUERY = random_unit(np.random.default_rng(3))
ALL = Filters(marketplace="in")


def build(folder: Path, id: str, listed: int = 30, seed: int = 7) -> IndexVersion:  # noqa: A002
    records = catalogue({"in": listed}, seed=seed)
    return build_embedded(records, folder, id=id, model="m", taxonomy="t", counter=5)


def test_the_first_build_answers(tmp_path: Path) -> None:
    made = build(tmp_path, "v1")
    assert made == IndexVersion(engine="embedded", id="v1", model="m", taxonomy="t", products=30)
    assert EmbeddedIndex.open(tmp_path).version == made


def test_nothing_built_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="souk index build"):
        EmbeddedIndex.open(tmp_path)


def test_a_build_keeps_the_previous_version_for_the_way_back(tmp_path: Path) -> None:
    for id_ in ("v1", "v2", "v3"):
        build(tmp_path, id_)
    assert [v.id for v in versions(tmp_path)] == ["v2", "v3"]
    assert swap_back(tmp_path).current == "v2"
    assert swap_back(tmp_path).current == "v3"


def test_there_is_no_way_back_from_the_first(tmp_path: Path) -> None:
    build(tmp_path, "v1")
    with pytest.raises(IndexBuildError, match="no previous"):
        swap_back(tmp_path)


def test_swapping_to_the_current_version_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path, "v1")
    build(tmp_path, "v2")
    before = read_pointer(tmp_path)
    assert swap(tmp_path, "v2") == before


def test_swapping_to_an_unknown_version_is_refused(tmp_path: Path) -> None:
    build(tmp_path, "v1")
    with pytest.raises(IndexUnavailable, match="no index version"):
        swap(tmp_path, "v9")


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (np.full(128, np.nan, np.float32), "SK9: the vector has length nan"),
        (QUERY * 3, "SK9: the vector has length 3"),
        (QUERY[:64], r"shape \(64,\)"),
    ],
)
def test_a_record_that_cannot_be_indexed_leaves_the_version_in_use(
    tmp_path: Path, bad: Vector, says: str
) -> None:
    build(tmp_path, "v1")
    broken = replace(record("SK9", vector=QUERY), vector=bad)
    with pytest.raises(IndexBuildError, match=says):
        build_embedded({"in": [broken]}, tmp_path, id="v2", model="m", taxonomy="t")
    assert [v.id for v in versions(tmp_path)] == ["v1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "v1"]


def test_a_product_listed_twice_is_refused(tmp_path: Path) -> None:
    twice = [record("SK1", vector=QUERY), record("SK1", vector=QUERY)]
    with pytest.raises(IndexBuildError, match="SK1 is listed twice"):
        build_embedded({"in": twice}, tmp_path, id="v1", model="m", taxonomy="t")


def test_what_a_killed_build_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".building-v0"
    left.mkdir()
    build(tmp_path, "v1")
    assert not left.exists()


def test_the_check_finds_lost_listings(tmp_path: Path) -> None:
    build(tmp_path, "v1")
    stated = tmp_path / "v1" / "version.json"
    stored = json.loads(stated.read_text())
    stored["listings"]["in"] = 31
    stated.write_text(json.dumps(stored))
    with pytest.raises(IndexBuildError, match="30 listings on disk, 31"):
        check_version(tmp_path / "v1")


def test_another_format_is_refused_with_the_fix(tmp_path: Path) -> None:
    build(tmp_path, "v1")
    stated = tmp_path / "v1" / "version.json"
    stated.write_text(json.dumps({**json.loads(stated.read_text()), "format": 0}))
    with pytest.raises(IndexUnavailable, match=r"format 0.*souk index build"):
        EmbeddedIndex.open(tmp_path)


@pytest.mark.parametrize(
    "file",
    ["current", "v2/version.json", "v2/in/words.json", "v2/in/vectors.npy", "v2/in/price.npy"],
)
def test_a_damaged_file_is_named_with_the_fix(tmp_path: Path, file: str) -> None:
    build(tmp_path, "v1")
    build(tmp_path, "v2")
    whole = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexUnavailable, match=r"is damaged \(.*souk index\s+build"):
        EmbeddedIndex.open(tmp_path)
    if file != "current":
        assert swap_back(tmp_path).current == "v1"
        assert EmbeddedIndex.open(tmp_path).version.id == "v1"


def test_a_version_damaged_while_it_serves_leaves_the_one_in_use(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build(tmp_path, "v1")
    index = EmbeddedIndex.open(tmp_path, refresh_s=0)
    build(tmp_path, "v2")
    (tmp_path / "v2" / "in" / "words.json").write_text("{")
    assert index.version.id == "v1"
    assert len(index.nearest(QUERY, ALL, 5).candidates) == 5
    assert "the index in use stays" in caplog.text


def test_an_empty_marketplace_is_exhausted(tmp_path: Path) -> None:
    build_embedded({"in": []}, tmp_path, id="v1", model="m", taxonomy="t")
    index = EmbeddedIndex.open(tmp_path)
    for hits in (index.nearest(QUERY, ALL, 3), index.browse(ALL, 3)):
        assert (hits.candidates, hits.total, hits.shortfall) == ((), 0, "exhausted")


def test_a_swap_under_load_fails_no_request_and_mixes_no_versions(tmp_path: Path) -> None:
    """Version v1 holds popularity 0.25 only, v2 holds 0.75 only: an answer with both is mixed."""
    rng = np.random.default_rng(11)

    def records(popularity: float) -> dict[str, list[object]]:
        return {
            "in": [
                record(f"SK{i}", vector=unit(rng.normal(size=128)), popularity=popularity)
                for i in range(200)
            ]
        }

    for id_, popularity in (("v1", 0.25), ("v2", 0.75)):
        build_embedded(records(popularity), tmp_path, id=id_, model="m", taxonomy="t")  # type: ignore[arg-type]  # invariance
    index = EmbeddedIndex.open(tmp_path, refresh_s=0.0)
    stop, seen, mixed = threading.Event(), set(), []

    def ask() -> None:
        while not stop.is_set():
            hits = index.nearest(QUERY, ALL, 50)
            found = {c.listing.offer.popularity for c in hits.candidates}
            seen.update(found)
            if len(found) != 1 or len(hits.candidates) != 50:
                mixed.append(found)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(40):
        swap_back(tmp_path)
        index.browse(ALL, 1)
    stop.set()
    for asker in askers:
        asker.join()
    assert not mixed
    assert seen == {0.25, 0.75}
