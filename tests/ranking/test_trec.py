from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.trec import (
    Judgment,
    RunLine,
    TrecError,
    by_query,
    read_qrels,
    read_run,
    write_qrels,
    write_run,
)

WORDS = st.text("abcXYZ019-_:/", min_size=1, max_size=8)


@given(
    st.lists(
        st.builds(Judgment, query_id=WORDS, product_id=WORDS, grade=st.integers(0, 4)), max_size=8
    )
)
def test_qrels_come_back_as_they_were_written(judgments: list[Judgment]) -> None:
    path = Path(__file__).parent / ".qrels"  # hypothesis and tmp_path do not go together
    try:
        write_qrels(path, judgments)
        assert list(read_qrels(path)) == judgments
    finally:
        path.unlink()


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    lines = (
        RunLine(query_id="q1", product_id="p2", rank=1, score=1.25),
        RunLine(query_id="q1", product_id="p1", rank=2, score=-3.0),
    )
    write_run(tmp_path / "run", lines, "souk")
    assert (tmp_path / "run").read_text().splitlines()[0] == "q1 Q0 p2 1 1.25 souk"
    assert read_run(tmp_path / "run") == lines


def test_negative_grades_count_as_not_relevant(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("q 0 a -2\n\nq 0 b 3\n")
    assert by_query(read_qrels(tmp_path / "qrels")) == {"q": {"a": 0, "b": 3}}


@pytest.mark.parametrize(
    ("text", "says"),
    [("q 0 a\n", r":1: 3 columns"), ("q 0 a 1\nq 0 b one\n", r":2: 'one' is no number")],
)
def test_a_bad_line_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text(text)
    with pytest.raises(TrecError, match=says):
        read_qrels(tmp_path / "qrels")


def test_an_id_with_a_space_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="white space"):
        write_qrels(tmp_path / "q", [Judgment(query_id="a b", product_id="p", grade=1)])
    assert not (tmp_path / "q").exists()
