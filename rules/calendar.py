"""When a rule holds: festivals from the dated table, seasons, months, and days of a time zone.

Every function takes the day or the instant; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DEFAULT_SEASONS: Mapping[str, tuple[int, ...]] = {
    "winter": (12, 1, 2),
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "monsoon": (6, 7, 8, 9),
}
"""Months of the meteorological seasons in the north, and of the Indian monsoon."""

_ALWAYS_FROM = date(1900, 1, 1)
_ALWAYS_UNTIL = date(2999, 12, 31)
_EVERY_MONTH = frozenset(range(1, 13))


class Span(NamedTuple):
    """Days from first to last, both inside."""

    first: date
    last: date


def _months(span: Span) -> AbstractSet[int]:
    """The months of which a day lies in the span."""
    first = span.first.year * 12 + span.first.month - 1
    last = span.last.year * 12 + span.last.month - 1
    return _EVERY_MONTH if last - first >= 11 else {n % 12 + 1 for n in range(first, last + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalWindow:
    """A festival with the days before and after it that still belong to the rule."""

    name: str
    days_before: int = 14
    days_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What days mean in one marketplace."""

    time_zone: str
    festivals: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    seasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def day(self, at: datetime) -> date:
        """The calendar day here. ValueError for a time without a zone: it means nothing elsewhere."""
        if at.tzinfo is None:
            raise ValueError("the time has no zone. Pass a datetime with tzinfo.")
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def months(self, season: str) -> tuple[int, ...]:
        """The months of a season; the marketplace's own go before the usual ones."""
        return self.seasons.get(season) or DEFAULT_SEASONS[season]

    def windows(self, festival: FestivalWindow) -> tuple[Span, ...]:
        """The spans of days that the festival's window covers, year by year."""
        before, after = timedelta(days=festival.days_before), timedelta(days=festival.days_after)
        spans = self.festivals.get(festival.name, ())
        return tuple(Span(span.first - before, span.last + after) for span in spans)

    def instants(self, span: Span) -> tuple[float, float]:
        """The span's first second, and the first second after it, as seconds since 1970."""
        zone = ZoneInfo(self.time_zone)
        start = datetime.combine(span.first, time.min, zone)
        end = datetime.combine(span.last + timedelta(days=1), time.min, zone)
        return start.timestamp(), end.timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The days on which a rule holds. All that is stated must hold; nothing stated: every day."""

    first: date | None = None
    last: date | None = None
    festival: FestivalWindow | None = None
    season: str | None = None
    months: tuple[int, ...] = ()

    @property
    def is_dated(self) -> bool:
        """Whether it names days of its own or a festival's."""
        return self.first is not None or self.last is not None or self.festival is not None

    @property
    def is_seasonal(self) -> bool:
        """Whether it returns every year by its months."""
        return self.season is not None or bool(self.months)

    def holds(self, day: date, calendar: Calendar) -> bool:
        """Whether the rule holds on the day."""
        if self.months and day.month not in self.months:
            return False
        if self.season is not None and day.month not in calendar.months(self.season):
            return False
        return any(span.first <= day <= span.last for span in self.spans(calendar))

    def has_days(self, calendar: Calendar) -> bool:
        """Whether it holds on any day at all, months included."""
        months = frozenset(self.months) or _EVERY_MONTH
        if self.season is not None:
            months = months.intersection(calendar.months(self.season))
        return any(not months.isdisjoint(_months(span)) for span in self.spans(calendar))

    def spans(self, calendar: Calendar) -> tuple[Span, ...]:
        """The dated part as spans of days; the months are asked apart."""
        first, last = self.first or _ALWAYS_FROM, self.last or _ALWAYS_UNTIL
        if self.festival is None:
            return (Span(first, last),)
        return tuple(
            Span(max(first, span.first), min(last, span.last))
            for span in calendar.windows(self.festival)
            if span.first <= last and span.last >= first
        )

    def ends_before(self, day: date, calendar: Calendar) -> bool:
        """Whether its last day is over; a rule without dates never ends."""
        if not self.is_dated:
            return False
        return all(span.last < day for span in self.spans(calendar))


EVERY_DAY = Timing()
