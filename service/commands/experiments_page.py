"""A report as one HTML file, without scripts: the verdict, and its numbers drawn as SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from experiments.lifts import POOLED, Estimate
from experiments.report import MISMATCH, Report

STYLE = """
:root{color-scheme:light dark;--ink:#1d2430;--soft:#5b6675;--line:#d5dae1;--paper:#fff;--box:#f4f6f9;
--up:#0a7a4b;--down:#b3261e;--flat:#4a5a70}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#a3adba;--line:#3a4350;--paper:#14181e;
--box:#1e242d;--up:#4fc78f;--down:#ff8a80;--flat:#a9b8cc}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;
max-width:56rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.1rem;margin:2rem 0 .3rem}
.verdict{background:var(--box);border-radius:.5rem;padding:1rem 1.25rem}
.verdict p{margin:.25rem 0}.verdict strong{font-size:1.15rem}
.note{color:var(--soft);margin:.2rem 0 .6rem}
svg{max-width:100%;height:auto;display:block}svg text{font:13px system-ui,sans-serif;fill:var(--ink)}
svg .soft{fill:var(--soft)}.axis{stroke:var(--line)}.zero{stroke:var(--soft);stroke-dasharray:4 3}
.up{--own:var(--up)}.down{--own:var(--down)}.flat{--own:var(--flat)}
.mark{stroke:var(--own);fill:var(--own);stroke-width:2.5}.band{fill:var(--own);opacity:.18}
.course{stroke:var(--own);fill:none;stroke-width:2}
"""
WIDTH = 860
_LABEL, _VALUE = 290, 180
_ROW = 26
_PLOT = 190


def as_page(found: Report) -> str:
    """Readable alone, in light and dark, printed or narrow."""
    notes = "".join(f"<p>{html.escape(line)}</p>" for line in found.warnings)
    parts = [
        f"<h1>{html.escape(found.key)}</h1>",
        f'<div class="verdict"><p><strong>{html.escape(found.verdict)}</strong></p>',
        f"<p>What would change it: {html.escape(found.would_change)}</p>{notes}</div>",
        _section("Units", _ratio_note(found), _units(found)),
        _section("Lifts", _lift_note(found), _forest(found.estimates)),
        *_courses(found),
        *_novelties(found),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(found.key)}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def of(cls, values: Iterable[float], start: float, end: float) -> _Scale:
        """0 is always on it, and a little room at both ends."""
        known = [v for v in values if math.isfinite(v)]
        low, high = min([0.0, *known]), max([0.0, *known])
        room = (high - low) * 0.06 or 0.01
        return cls(low - room, high + room, start, end)

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        """At most seven round values."""
        rough = (self.high - self.low) / 7
        unit = 10 ** math.floor(math.log10(rough))
        step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough)
        first = math.ceil(self.low / step)
        return [step * n for n in range(first, math.floor(self.high / step) + 1)]


def _section(title: str, note: str, drawing: str) -> str:
    if not drawing:
        return ""
    return f'<h2>{html.escape(title)}</h2><p class="note">{html.escape(note)}</p>{drawing}'


def _drawn(title: str, height: float, marks: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" role="img" '
        f'aria-label="{html.escape(title)}">{"".join(marks)}</svg>'
    )


def _text(x: float, y: float, words: str, *, at: str = "start", soft: bool = False) -> str:
    style = ' class="soft"' if soft else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{at}"{style}>{html.escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{kind}"/>'


def _percent(value: float) -> str:
    return f"{value:+.1%}".replace("-", "\N{MINUS SIGN}")


def _mark(tick: float) -> str:
    return "0" if abs(tick) < 1e-12 else f"{tick:+.3g}%".replace("-", "\N{MINUS SIGN}")


def _tone(e: Estimate) -> str:
    if e.low > 0:
        return "up"
    return "down" if e.high < 0 else "flat"


def _ratio_note(found: Report) -> str:
    if len(found.counts) < 2:
        return "Every unit sees both rankings merged."
    judged = "as the weights ask" if found.mismatch_p >= MISMATCH else "not as the weights ask"
    return f"They came to the variants {judged} (sample ratio, p = {found.mismatch_p:.3g})."


def _units(found: Report) -> str:
    total = sum(found.counts.values())
    if not total:
        return ""
    scale = _Scale(0, max(found.counts.values()), _LABEL, WIDTH - _VALUE)
    marks = []
    for row, (variant, count) in enumerate(found.counts.items()):
        y = _ROW * row
        size = f'y="{y + 5}" height="15" width="{scale.at(count) - _LABEL:g}"'
        marks += [
            _text(_LABEL - 12, y + 17, variant, at="end"),
            f'<rect x="{_LABEL}" {size} rx="3" fill="var(--flat)"/>',
            _text(WIDTH - _VALUE + 12, y + 17, f"{count:,} ({count / total:.1%})"),
        ]
    return _drawn("Units by variant", _ROW * len(found.counts), marks)


def _lift_note(found: Report) -> str:
    rule = (
        "right however often they are looked at"
        if found.stop_rule == "sequential"
        else "right when read once, at the planned units"
    )
    return (
        f"Against the control, with 95 % intervals that are {rule}. 'all' pools the marketplaces and "
        "decides; its p-values are corrected for all of them (Holm)."
    )


def _forest(estimates: Sequence[Estimate]) -> str:
    if not estimates:
        return ""
    scale = _Scale.of([v for e in estimates for v in (e.low, e.high)], _LABEL, WIDTH - _VALUE)
    height = _ROW * len(estimates)
    marks = _upright(scale, height)
    for row, e in enumerate(estimates):
        y = _ROW * row + _ROW / 2
        where = "all" if e.marketplace == POOLED else e.marketplace
        words = f"{e.metric} ({e.role}), {e.variant}, {where}"
        told = f"{_percent(e.lift)} [{_percent(e.low)}, {_percent(e.high)}]"
        marks += [
            _text(_LABEL - 12, y + 5, words, at="end"),
            f'<g class="{_tone(e)}">{_whisker(scale, y, e)}</g>',
            _text(WIDTH - _VALUE + 12, y + 5, told),
        ]
    return _drawn("Lift of every metric, with its interval", height + 26, marks)


def _whisker(scale: _Scale, y: float, e: Estimate) -> str:
    size = 5 if e.marketplace == POOLED else 3.5
    middle = f'<circle cx="{scale.at(e.lift):g}" cy="{y:g}" r="{size}" class="mark"/>'
    return _line(scale.at(e.low), y, scale.at(e.high), y, "mark") + middle


def _upright(scale: _Scale, height: float) -> list[str]:
    marks = []
    for tick in scale.ticks:
        x = scale.at(tick)
        marks.append(_line(x, 0, x, height, "zero" if abs(tick) < 1e-12 else "axis"))
        marks.append(_text(x, height + 18, _mark(100 * tick), at="middle", soft=True))
    return marks


def _courses(found: Report) -> list[str]:
    """The primary metric's pooled lift of each variant, as it stood at the end of each day."""
    series: dict[str, list[tuple[str, Estimate]]] = {}
    for day in found.over_time:
        for e in day.estimates:
            if e.role == "primary":
                series.setdefault(e.variant, []).append((day.day, e))
    note = "As it stood at the end of each day; the band is the interval."
    return [
        _section(f"{points[0][1].metric} of {variant} over time", note, _plot(points, _band))
        for variant, points in series.items()
        if len(points) > 1
    ]


def _novelties(found: Report) -> list[str]:
    series: dict[str, list[tuple[str, Estimate]]] = {}
    for age in found.novelty:
        for e in age.estimates:
            until = f"{age.until_day - 1}" if age.until_day else ""
            days = f"day {age.from_day}" if until == str(age.from_day) else (
                f"days {age.from_day}–{until}" if until else f"from day {age.from_day}"
            )  # fmt: skip
            series.setdefault(e.variant, []).append((days, e))
    note = (
        "By the days since a unit's first exposure: a lift that shrinks is a novelty. "
        "To be looked at, not to decide by."
    )
    return [
        _section(f"Does the lift of {variant} wear off?", note, _plot(points, _bars))
        for variant, points in series.items()
        if len(points) > 1
    ]


_Points = Sequence[tuple[str, Estimate]]


def _plot(points: _Points, drawing: Callable[[_Points, Sequence[float], _Scale], str]) -> str:
    """Values from left to right; the first interval may be so wide that it is cut off."""
    reach = [abs(v) for _, e in points[len(points) // 4 :] for v in (e.low, e.high)]
    most = max(reach) * 1.5
    values = [max(-most, min(most, v)) for _, e in points for v in (e.low, e.high)]
    scale = _Scale.of(values, _PLOT, 8)
    left, right = 70.0, WIDTH - 60.0
    xs = [left + (right - left) * n / (len(points) - 1) for n in range(len(points))]
    marks = []
    for tick in scale.ticks:
        y = scale.at(tick)
        marks.append(_line(left, y, right, y, "zero" if abs(tick) < 1e-12 else "axis"))
        marks.append(_text(left - 10, y + 4, _mark(100 * tick), at="end", soft=True))
    every = -(-len(points) // 7)
    marks += [
        _text(x, _PLOT + 22, name, at="middle", soft=True)
        for n, (x, (name, _)) in enumerate(zip(xs, points, strict=True))
        if n % every == 0
    ]
    tone = _tone(points[-1][1])
    marks.append(f'<g class="{tone}">{drawing(points, xs, scale)}</g>')
    return _drawn("Lift from left to right in time", _PLOT + 32, marks)


def _band(points: _Points, xs: Sequence[float], scale: _Scale) -> str:
    ends = [(x, scale.at(e.low), scale.at(e.high), scale.at(e.lift))
            for x, (_, e) in zip(xs, points, strict=True)]  # fmt: skip
    upper = " ".join(f"{x:g},{high:g}" for x, _, high, _ in ends)
    lower = " ".join(f"{x:g},{low:g}" for x, low, _, _ in reversed(ends))
    middle = " ".join(f"{x:g},{mid:g}" for x, _, _, mid in ends)
    return f'<polygon points="{upper} {lower}" class="band"/><polyline points="{middle}" class="course"/>'


def _bars(points: _Points, xs: Sequence[float], scale: _Scale) -> str:
    return "".join(
        _line(x, scale.at(e.low), x, scale.at(e.high), "mark")
        + f'<circle cx="{x:g}" cy="{scale.at(e.lift):g}" r="5" class="mark"/>'
        for x, (_, e) in zip(xs, points, strict=True)
    )
