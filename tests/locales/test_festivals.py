"""The dated table agrees with the `holidays` library and with the calendar rules that it states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import holidays
import pytest

from rules.calendar import Span
from rules.loading import read_locales

LOCALES = Path(__file__).parents[2] / "locales"
YEARS = range(2026, 2032)

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@pytest.fixture(scope="module")
def festivals() -> Mapping[str, tuple[Span, ...]]:
    read = read_locales(LOCALES)
    return {name: festival.dates for name, festival in read.festivals.items()}


@pytest.fixture(scope="module")
def indian() -> Mapping[str, frozenset[date]]:
    """Days by name, as the library has them, without its remark that a date is estimated."""
    days = holidays.country_holidays("IN", years=YEARS, categories=("public", "optional"))
    found: dict[str, set[date]] = {}
    for day, names in days.items():
        for name in names.split("; "):
            found.setdefault(name.removesuffix(" (estimated)"), set()).add(day)
    return {name: frozenset(days) for name, days in found.items()}


@pytest.mark.parametrize(
    ("festival", "name"),
    [
        ("diwali", "Diwali"),
        ("holi", "Holi"),
        ("onam", "Onam"),
        ("pongal", "Pongal"),
        ("raksha_bandhan", "Raksha Bandhan"),
        ("ganesh_chaturthi", "Ganesh Chaturthi / Vinayak Chaturthi"),
    ],
)
def test_a_lunar_festival_falls_where_the_library_has_it(
    festivals: Mapping[str, tuple[Span, ...]],
    indian: Mapping[str, frozenset[date]],
    festival: str,
    name: str,
) -> None:
    """A merchandiser may correct a day by hand, but not unnoticed."""
    assert {span.first for span in festivals[festival]} == indian[name]


@pytest.mark.parametrize(
    ("festival", "name"), [("eid_al_fitr", "Eid al-Fitr"), ("eid_al_adha", "Eid al-Adha")]
)
def test_eid_is_within_a_day_of_the_library(
    festivals: Mapping[str, tuple[Span, ...]],
    indian: Mapping[str, frozenset[date]],
    festival: str,
    name: str,
) -> None:
    """The moon decides, so a day of difference is no fault."""
    for span in festivals[festival]:
        assert any(abs(span.first - day) <= timedelta(days=1) for day in indian[name])


def test_durga_puja_ends_and_navratri_leads_up_to_dussehra(
    festivals: Mapping[str, tuple[Span, ...]], indian: Mapping[str, frozenset[date]]
) -> None:
    assert {span.last for span in festivals["durga_puja"]} == indian["Dussehra"]
    assert {span.last + timedelta(days=1) for span in festivals["navratri"]} == indian["Dussehra"]
    assert all(7 <= (span.last - span.first).days <= 9 for span in festivals["navratri"])


@pytest.mark.parametrize(
    ("festival", "first", "last"),
    [
        ("royal_ascot", TUESDAY, SATURDAY),
        ("karneval", THURSDAY, TUESDAY),
        ("carnevale", THURSDAY, TUESDAY),
        ("soldes_hiver", WEDNESDAY, TUESDAY),
        ("soldes_ete", WEDNESDAY, TUESDAY),
        ("semana_santa", SUNDAY, SUNDAY),
        ("feria_de_abril", TUESDAY, SUNDAY),
    ],
)
def test_a_span_begins_and_ends_on_its_weekdays(
    festivals: Mapping[str, tuple[Span, ...]], festival: str, first: int, last: int
) -> None:
    for span in festivals[festival]:
        assert (span.first.weekday(), span.last.weekday()) == (first, last)


def test_thanksgiving_is_the_fourth_thursday_of_november(
    festivals: Mapping[str, tuple[Span, ...]],
) -> None:
    for span in festivals["thanksgiving"]:
        assert span.first.weekday() == THURSDAY
        assert 22 <= span.first.day <= 28


def test_oktoberfest_begins_on_a_saturday_after_the_fifteenth_of_september(
    festivals: Mapping[str, tuple[Span, ...]],
) -> None:
    for span in festivals["oktoberfest"]:
        assert span.first.weekday() == SATURDAY
        assert 16 <= span.first.day <= 22
        assert date(span.first.year, 10, 3) <= span.last <= date(span.first.year, 10, 7)


def test_winter_sales_of_france_begin_as_the_law_says(
    festivals: Mapping[str, tuple[Span, ...]],
) -> None:
    """The second Wednesday of January, or the first when the second falls after the 12th."""
    for span in festivals["soldes_hiver"]:
        assert 6 <= span.first.day <= 12
        assert (span.last - span.first).days == 27


def test_every_festival_reaches_2031(festivals: Mapping[str, tuple[Span, ...]]) -> None:
    short = [name for name, spans in festivals.items() if max(s.last for s in spans).year < 2031]
    assert not short


def test_no_festival_overlaps_itself(festivals: Mapping[str, tuple[Span, ...]]) -> None:
    for spans in festivals.values():
        ordered = sorted(spans)
        assert all(a.last < b.first for a, b in pairwise(ordered))
