"""The campaigns of a stretch of days, for a calendar: when each holds and which meet on one search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.calendar import Span
from rules.campaigns import Campaign
from rules.level_files import ReadMarketplace
from rules.loading import ReadLocales
from rules.overlap import Move, Reach, coinciding


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A campaign with its days inside the stretch, first to last."""

    campaign: Campaign
    spans: tuple[Span, ...]
    is_own: bool
    """Whether the marketplace's own file states it; else it is inherited."""
    meets: tuple[str, ...]
    """Campaigns that hold for one and the same search on one of these days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalDays:
    """A festival with its days inside the stretch."""

    id: str
    names: Mapping[str, str]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What a calendar of one marketplace shows."""

    campaigns: tuple[Scheduled, ...]
    """By first day, the higher priority first."""
    festivals: tuple[FestivalDays, ...]


def schedule(read: ReadLocales, marketplace: str, stretch: Span) -> Schedule:
    """Campaigns without days of their own hold on every day; what cannot be read is left out."""
    one = next(view for view in read.marketplaces if view.id == marketplace)
    calendar = read.calendar(one)
    days = {c.id: _inside(c.timing.spans(calendar), stretch) for c in one.campaigns}
    shown = [c for c in one.campaigns if days[c.id]]
    meets = _meetings(read, one, shown, days)
    rows = (
        Scheduled(
            campaign=campaign,
            spans=days[campaign.id],
            is_own=one.is_own(campaign.place.file),
            meets=tuple(sorted(meets[campaign.id])),
        )
        for campaign in shown
    )
    return Schedule(
        campaigns=tuple(sorted(rows, key=_first_day)),
        festivals=tuple(_festivals(read, stretch)),
    )


def _first_day(row: Scheduled) -> tuple[object, int, str]:
    return (row.spans[0].first, -row.campaign.priority, row.campaign.id)


def _inside(spans: Iterable[Span], stretch: Span) -> tuple[Span, ...]:
    clipped = (Span(max(s.first, stretch.first), min(s.last, stretch.last)) for s in spans)
    return tuple(sorted(span for span in clipped if span.first <= span.last))


def _meetings(
    read: ReadLocales,
    one: ReadMarketplace,
    campaigns: Iterable[Campaign],
    days: Mapping[str, tuple[Span, ...]],
) -> Mapping[str, set[str]]:
    """By campaign, the others that hold for one search on one day of the stretch."""
    meets: dict[str, set[str]] = {campaign.id: set() for campaign in campaigns}
    if one.loaded.tree is None:
        return meets
    reach = Reach(concepts=read.tree, tree=one.loaded.tree, calendar=read.calendar(one))
    moves = [
        Move(
            campaign=campaign,
            action=campaign.actions[0],
            pairs=reach.pairs(campaign.when.concepts, campaign.when.categories),
            spans=days[campaign.id],
        )
        for campaign in campaigns
    ]
    for a, b in coinciding(moves, lambda move: move.campaign.id):
        meets[a.campaign.id].add(b.campaign.id)
        meets[b.campaign.id].add(a.campaign.id)
    return meets


def _festivals(read: ReadLocales, stretch: Span) -> Iterator[FestivalDays]:
    for name, festival in read.festivals.items():
        spans = _inside(festival.dates, stretch)
        if spans:
            yield FestivalDays(id=name, names=festival.names, spans=spans)
