"""The page of a report: well-formed, alone, and each plot shows what the report says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

from experiments.definitions import Experiment
from experiments.joining import join
from experiments.report import Report, make_report
from service.commands.experiments_page import as_page
from tests.experiments.logs import event, exposed, shown
from tests.experiments.made import experiment

DAY = 24 * 60


def of(*, each: int = 30, **changes: object) -> Report:
    """Units of two marketplaces that search on ten days; `b` is clicked twice as often."""
    ours: Experiment = replace(experiment(), marketplaces=("in", "us"), **changes)  # type: ignore[arg-type]
    exposures, searches, events = [], [], []
    for n in range(10 * each):
        unit, marketplace = f"u{n}", ("in", "us")[n % 2]
        variant = "ab"[n // 2 % 2]
        for again in range(3):
            query, minutes = f"q{n}-{again}", (n % 10 + 3 * again) * DAY
            page = shown(query, unit, minutes=minutes, marketplace=marketplace)
            searches.append(page)
            if not again:
                exposures.append(
                    exposed(query, unit, variant, minutes=minutes, marketplace=marketplace)
                )
            if n // 4 % (6 if variant == "a" else 3) == again:
                at = page.at + timedelta(minutes=1)
                events.append(replace(event(query, query), marketplace=marketplace, at=at))
    return make_report(ours, join(ours, exposures, searches, events))


def drawings(page: str) -> dict[str, list[ET.Element]]:
    found: dict[str, list[ET.Element]] = {}
    for drawn in re.findall(r"<svg.*?</svg>", page):
        svg = ET.fromstring(drawn)  # noqa: S314  made here
        found.setdefault(svg.attrib["aria-label"], []).append(svg)
    return found


def test_every_plot_of_a_running_experiment_is_there() -> None:
    found = of()
    page = as_page(found)
    plots = drawings(page)
    assert set(plots) == {
        "Units by variant",
        "Lift of every metric, with its interval",
        "Lift from left to right in time",
    }
    (forest,) = plots["Lift of every metric, with its interval"]
    assert len(forest.findall("g/circle")) == len(found.estimates)
    assert len(plots["Lift from left to right in time"]) == 2
    assert found.verdict.replace("'", "&#x27;") in page
    assert "http" not in page
    assert "<script" not in page


def test_a_lift_is_drawn_where_it_lies() -> None:
    found = of()
    (forest,) = drawings(as_page(found))["Lift of every metric, with its interval"]
    zero = next(line for line in forest.findall("line") if line.attrib["class"] == "zero")
    for estimate, mark in zip(found.estimates, forest.findall("g"), strict=True):
        line, dot = mark.find("line"), mark.find("circle")
        assert line is not None
        assert dot is not None
        x = float(dot.attrib["cx"])
        assert (x > float(zero.attrib["x1"])) == (estimate.lift > 0)
        assert float(line.attrib["x1"]) < x < float(line.attrib["x2"])
        assert (mark.attrib["class"] == "up") == (estimate.low > 0)


def test_without_units_there_is_a_verdict_and_no_plot() -> None:
    page = as_page(make_report(experiment(), join(experiment(), [], [], [])))
    assert "Nobody was exposed yet." in page
    assert "<svg" not in page


def test_names_are_escaped() -> None:
    assert "<b>" not in as_page(replace(of(each=3), key="<b>x"))
