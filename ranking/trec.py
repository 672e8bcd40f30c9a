"""TREC's text files: qrels (`query 0 product grade`) and runs (`query Q0 product rank score tag`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Number = TypeVar("Number", int, float)


class TrecError(Exception):
    """A line that cannot be read; the message names file, line, finding and fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """One graded (query, product) label."""

    query_id: str
    product_id: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One place of a ranked output; rank 1 is the first."""

    query_id: str
    product_id: str
    rank: int
    score: float


def write_qrels(path: Path, judgments: Iterable[Judgment]) -> None:
    """One line a judgment; ids must hold no white space (ValueError)."""
    _write(path, (f"{_word(j.query_id)} 0 {_word(j.product_id)} {j.grade}" for j in judgments))


def write_run(path: Path, lines: Iterable[RunLine], tag: str) -> None:
    """One line a place, in the order given."""
    _write(
        path,
        (
            f"{_word(one.query_id)} Q0 {_word(one.product_id)} {one.rank} {one.score:.9g} {_word(tag)}"
            for one in lines
        ),
    )


def read_qrels(path: Path) -> tuple[Judgment, ...]:
    """Every judgment in file order; negative grades count as 0, as trec_eval has it."""
    return tuple(
        Judgment(
            query_id=words[0], product_id=words[2], grade=max(0, _number(path, line, words[3], int))
        )
        for line, words in _lines(path, 4)
    )


def read_run(path: Path) -> tuple[RunLine, ...]:
    """Every place in file order."""
    return tuple(
        RunLine(
            query_id=words[0],
            product_id=words[2],
            rank=_number(path, line, words[3], int),
            score=_number(path, line, words[4], float),
        )
        for line, words in _lines(path, 6)
    )


def by_query(judgments: Iterable[Judgment]) -> Mapping[str, Mapping[str, int]]:
    """Query → product → grade; a later judgment of the same pair wins."""
    found: dict[str, dict[str, int]] = {}
    for one in judgments:
        found.setdefault(one.query_id, {})[one.product_id] = one.grade
    return found


def _lines(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if len(words) != columns:
            raise TrecError(
                f"{path}:{number}: {len(words)} columns, {columns} are needed. "
                f"A {'qrels' if columns == 4 else 'run'} line is "
                + (
                    "`query 0 product grade`."
                    if columns == 4
                    else "`query Q0 product rank score tag`."
                )
            )
        yield number, words


def _number(path: Path, line: int, word: str, kind: type[Number]) -> Number:
    try:
        return kind(word)
    except ValueError:
        raise TrecError(f"{path}:{line}: {word!r} is no number. Write one.") from None


def _word(text: str) -> str:
    if not text or text.split() != [text]:
        raise ValueError(f"{text!r} cannot stand in a TREC file. Use an id without white space.")
    return text


def _write(path: Path, lines: Iterable[str]) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(path)
