"""`did_you_mean`: the known word nearest to what was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The nearest known word by edits (a swap of neighbours is one); None when none is near.

    Case, spaces, hyphens and underscores are compared alike. A third of the word may be wrong, and
    a word without its plural s, or with one too many, always counts as near.
    """
    wanted = _plain(word)
    if not wanted:
        return None
    allowed = max(1, len(wanted) // 3)
    letters = tuple(Counter(wanted).items())
    best: tuple[int, int, str] | None = None
    for candidate in known:
        other = _plain(candidate)
        if abs(len(other) - len(wanted)) > allowed or _lacks(other, letters, allowed):
            continue
        distance = _edits(wanted, other, allowed)
        if distance <= allowed:
            rank = (distance, -_shared_start(wanted, other), candidate)
            best = rank if best is None else min(best, rank)
            allowed = best[0]
    return best[2] if best else None


def suggestion(word: str, known: Iterable[str], noun: str) -> str:
    """A sentence that offers the nearest word, or lists a few, in the words of the reader."""
    choices = tuple(known)
    nearest = did_you_mean(word, choices)
    if nearest is not None:
        return f"Did you mean '{nearest}'?"
    if not choices:
        return f"No {noun} is known here; remove it."
    shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    return f"Use one of: {shown}."


def _plain(word: str) -> str:
    return re.sub(r"[\s_\-]+", "_", word.strip()).casefold()


def _lacks(other: str, letters: Iterable[tuple[str, int]], allowed: int) -> bool:
    """Whether it lacks more of the letters than allowed: each costs an edit, so most words end here."""
    for letter, count in letters:
        there = other.count(letter)
        if there < count:
            allowed -= count - there
            if allowed < 0:
                return True
    return False


def _shared_start(a: str, b: str) -> int:
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return shared


def _without_shared_ends(a: str, b: str) -> tuple[str, str]:
    """What is left between the start and the end that both share; that costs no edit."""
    start = _shared_start(a, b)
    a, b = a[start:], b[start:]
    end = _shared_start(a[::-1], b[::-1])
    return a[: len(a) - end], b[: len(b) - end]


def _edits(a: str, b: str, allowed: int) -> int:
    """Optimal string alignment distance; gives up with allowed + 1 as soon as a row exceeds it."""
    a, b = _without_shared_ends(a, b)
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        above, row, older = row, [i] + [0] * len(b), before
        before = above
        for j, y in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
        if min(row) > allowed:
            return allowed + 1
    return row[-1]
