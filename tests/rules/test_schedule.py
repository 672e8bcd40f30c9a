"""A stretch of days shows which campaigns hold, since when, and which meet on one search."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rules.calendar import Span
from rules.checks.sample import write_sample
from rules.loading import read_locales
from rules.schedule import Schedule, schedule

CAMPAIGNS = """\
campaigns:
  - id: whole-june
    owner: o
    reason: Sarees lead in June.
    when: {concepts: [saree]}
    from: "2026-06-01"
    until: "2026-06-30"
    actions:
      - {boost: {colours: [red]}, by: 0.2}
  - id: mid-june
    owner: o
    reason: Gold for a week.
    priority: 70
    when: {concepts: [saree]}
    from: "2026-06-10"
    until: "2026-06-16"
    actions:
      - {boost: {colours: [gold]}, by: 0.2}
  - id: kurtis-in-june
    owner: o
    reason: Another search.
    when: {concepts: [kurti]}
    from: "2026-06-10"
    until: "2026-06-16"
    actions:
      - {boost: {colours: [gold]}, by: 0.2}
  - id: before-diwali
    owner: o
    reason: Diwali.
    festival: {name: diwali, days_before: 3, days_after: 1}
    actions:
      - {boost: {colours: [gold]}, by: 0.2}
  - id: always
    owner: o
    reason: Every day, for one product.
    when: {products: [SK9]}
    actions:
      - {boost: {colours: [blue]}, by: 0.2}
"""


def shown(folder: Path, first: str, last: str, campaigns: str = CAMPAIGNS) -> Schedule:
    read = read_locales(write_sample(folder, {"in/merchandising.yaml": campaigns}))
    return schedule(read, "in", Span(date.fromisoformat(first), date.fromisoformat(last)))


def test_a_campaign_stands_on_its_days_inside_the_stretch(tmp_path: Path) -> None:
    rows = {c.campaign.id: c for c in shown(tmp_path, "2026-06-12", "2026-06-20").campaigns}
    assert set(rows) == {"whole-june", "mid-june", "kurtis-in-june", "always"}
    assert rows["whole-june"].spans == (Span(date(2026, 6, 12), date(2026, 6, 20)),)
    assert rows["mid-june"].spans == (Span(date(2026, 6, 12), date(2026, 6, 16)),)
    assert rows["mid-june"].is_own


def test_campaigns_of_one_search_meet_and_others_do_not(tmp_path: Path) -> None:
    rows = {c.campaign.id: c.meets for c in shown(tmp_path, "2026-06-01", "2026-06-30").campaigns}
    assert rows == {"whole-june": ("mid-june",), "mid-june": ("whole-june",),
                    "kurtis-in-june": (), "always": ()}  # fmt: skip
    later = {c.campaign.id: c.meets for c in shown(tmp_path, "2026-06-17", "2026-06-30").campaigns}
    assert later == {"whole-june": (), "always": ()}


def test_a_festival_brings_its_window_and_its_name(tmp_path: Path) -> None:
    found = shown(tmp_path, "2026-11-01", "2026-11-30")
    (diwali,) = [f for f in found.festivals if f.id == "diwali"]
    assert diwali.names["en"] == "Diwali"
    window = next(c for c in found.campaigns if c.campaign.id == "before-diwali").spans[0]
    assert (diwali.spans[0].first - window.first).days == 3
    assert (window.last - diwali.spans[0].last).days == 1


def test_a_campaign_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    broken = CAMPAIGNS.replace("    owner: o\n", "", 1)
    rows = [c.campaign.id for c in shown(tmp_path, "2026-06-12", "2026-06-12", broken).campaigns]
    assert "whole-june" not in rows
    assert "mid-june" in rows
