"""`souk rules diff A B`: the lines that differ, or what they do to searches that are replayed."""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.processes import portions, spread
from documents.findings import DocumentError
from documents.suggestions import suggestion
from rules.loading import Locales, load_locales, locale_contents
from rules.page_changes import Comparison, Coverage, Mover, PagePair, compare
from rules.versions import difference
from service.cli import CommandError
from service.commands.rules_publish import mended, open_store
from service.settings import load_settings

if TYPE_CHECKING:
    from service.rules_replay import Replayed
    from service.services import Services

SOURCES = ("popular", "log")

WORTH_PROCESSES = 1500
"""Fewer searches are done before other processes have opened their engines."""
PART = 250
"""Searches that a process makes at a time."""


@click.command()
@click.argument("before")
@click.argument("after")
@click.option(
    "--replay",
    "count",
    type=click.IntRange(1, 1_000_000),
    default=None,
    help="Make the pages of so many searches under both, and compare them.",
)
@click.option(
    "--queries",
    "source",
    type=click.Choice(SOURCES),
    default="popular",
    show_default=True,
    help="The most popular products, or what logged searches showed first.",
)
@click.option("--marketplace", "marketplaces", multiple=True, help="Only there; may be repeated.")
@click.option("--region", default=None, help="As this region of the one marketplace sees it.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    help="So many work at once, from some thousand searches on. [default: one a processor]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (with --replay).")
def diff(
    before: str,
    after: str,
    count: int | None,
    source: str,
    marketplaces: tuple[str, ...],
    region: str | None,
    processes: int,
    *,
    as_json: bool,
) -> None:
    """Show what differs between two folders or published versions: lines, or pages."""
    if count is None:
        contents = [
            locale_contents(Path(name)) if Path(name).is_dir() else _published(name)
            for name in (before, after)
        ]
        changes = difference(contents[0], contents[1], before, after)
        click.echo(changes or "The two are the same.\n", nl=False)
        return
    if region is not None and len(marketplaces) != 1:
        raise CommandError("a region needs its marketplace. Add --marketplace, once.")
    sides = Sides(before=before, after=after, region=region)
    found = _replayed(sides, count, source, marketplaces, processes)
    if not found.queries:
        raise CommandError("no search could be replayed. Fill the catalogue (souk demo), or take "
                           "--queries popular.")  # fmt: skip
    click.echo(json.dumps(as_json_values(found), ensure_ascii=False) if as_json else report(found))


def _published(version: str) -> dict[str, bytes]:
    with closing(open_store()) as store:
        return dict(mended(lambda: store.contents(version)))


def _locales(name: str) -> Locales:
    if not Path(name).is_dir():
        with closing(open_store()) as store:
            return mended(lambda: store.load(name))
    try:
        return load_locales(Path(name))
    except DocumentError as error:
        raise CommandError(f"{error.findings[0]} Run souk rules check {name} first.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two that are compared, by the names that were given."""

    before: str
    after: str
    region: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of the searches, for one of several processes."""

    sides: Sides
    queries: tuple[Replayed, ...]
    now: datetime


def replayed_part(part: Part) -> tuple[PagePair, ...]:
    """Both pages of the part's searches, made by the engines of this process."""
    from service.rules_replay import replay  # noqa: PLC0415  the other commands need no engine

    services, before, after = _opened(part.sides.before, part.sides.after)
    return tuple(replay(services, before, after, part.queries, part.now, part.sides.region))


@cache
def _opened(before: str, after: str) -> tuple[Services, Locales, Locales]:
    """Once a process: a part finds what the one before it has opened."""
    from service.wiring import build_services  # noqa: PLC0415

    return build_services(load_settings()), _locales(before), _locales(after)


def _replayed(
    sides: Sides,
    count: int,
    source: str,
    marketplaces: tuple[str, ...],
    processes: int,
) -> Comparison:
    from service.rules_replay import replay  # noqa: PLC0415  the other commands need no engine
    from service.wiring import build_services  # noqa: PLC0415

    before, after = _locales(sides.before), _locales(sides.after)
    common = [name for name in before.marketplaces if name in after.marketplaces]
    for name in marketplaces:
        if name not in common:
            raise CommandError(
                f"the two do not both have a marketplace '{name}'. {suggestion(name, common, 'marketplace')}"
            )
    services = build_services(load_settings())
    queries = _queries(services, source, marketplaces or tuple(common), count)
    now = services.clock()
    if processes == 1 or len(queries) < WORTH_PROCESSES:
        return compare(replay(services, before, after, queries, now, sides.region))
    parts = [Part(sides=sides, queries=tuple(some), now=now) for some in portions(queries, PART)]
    return compare(pair for pairs in spread(replayed_part, parts, processes) for pair in pairs)


def _queries(
    services: Services, source: str, marketplaces: tuple[str, ...], count: int
) -> tuple[Replayed, ...]:
    from service.rules_replay import logged_queries, popular_queries  # noqa: PLC0415

    if source == "log":
        return logged_queries(services.events(), marketplaces, count)
    return popular_queries(services, marketplaces, count)


def as_json_values(found: Comparison) -> dict[str, object]:
    """The comparison as JSON values."""
    before, after = found.coverage
    return {
        "queries": found.queries,
        "changed_pages": found.changed,
        "changed_slots": found.slots_changed,
        "risen": [asdict(mover) for mover in found.risen],
        "fallen": [asdict(mover) for mover in found.fallen],
        "slot_coverage": {"before": _coverage(before), "after": _coverage(after)},
        "slots": [{"marketplace": m, "slot": slot, "pages": n} for (m, slot), n in found.slots],
        "prices": {m: {**asdict(one), "share": one.share} for m, one in found.prices.items()},
    }


def _coverage(one: Coverage) -> dict[str, float | int | None]:
    return {"offered": one.offered, "filled": one.filled, "share": one.share}


def report(found: Comparison) -> str:
    """The comparison for a person."""
    before, after = found.coverage
    pages = _of(found.changed, found.queries)
    rows = _of(found.slots_changed, found.queries)
    held = [_of(one.filled, one.offered) for one in (before, after)]
    lines = [
        f"{found.queries} searches: the pages of {pages} change, the accessory rows of {rows}.",
        f"Accessory rows that hold products: {held[0]} before, {held[1]} after.",
        *(f"Price on the page in {m}: {one.share:+.2%}" for m, one in found.prices.items()),
        *_movers("rises", found.risen),
        *_movers("falls", found.fallen),
        *(f"Row {slot} in {m}: {n:+d} pages" for (m, slot), n in found.slots),
    ]
    return "\n".join(lines)


def _of(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.1%})" if whole else "none"


def _movers(word: str, movers: tuple[Mover, ...]) -> list[str]:
    return [
        f"{one.product_id} {word} in {one.marketplace}: {one.places} places, {one.pages} pages"
        for one in movers
    ]
