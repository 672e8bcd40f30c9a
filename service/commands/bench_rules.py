"""`souk bench rules`: matching campaigns beside rule-engine, checking ten thousand rules, slots."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from random import Random

import click

from catalog.products import COLOURS
from rules.accessories import accessory_slots
from rules.campaigns import Campaign, CompiledCampaigns, Trigger
from rules.checking import check_folder
from rules.expectations import seen_alone
from rules.loading import MarketplaceLocale, load_locales
from rules.workload import accessories_text, campaigns_text
from service.cli import CommandError

_AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
_SIZES = (100, 1_000, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One marketplace with so many campaigns, and the searches that are put to them."""

    locale: MarketplaceLocale
    searches: tuple[Trigger, ...]
    checked: dict[str, float]
    """The check's seconds and findings; the seeded campaigns are to have none."""


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), default="locales", show_default=True)
@click.option("--marketplace", default="in", show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1, 100))
@click.option("--queries", default=500, show_default=True, type=click.IntRange(10, 100_000))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rules(
    folder: Path, marketplace: str, seed: int, rounds: int, queries: int, *, as_json: bool
) -> None:
    """Match seeded campaigns (100, 1,000, 10,000), and rule-engine's on the same, in one run."""
    try:
        engine = import_module("rule_engine")
    except ImportError:
        raise CommandError("the peer rule-engine is missing. Install the extra `dev`.") from None
    sizes: dict[str, object] = {}
    largest: dict[str, float] = {}
    for size in _SIZES:
        load = _workload(folder, marketplace, size, seed, queries)
        largest = _percentiles(_timed(load.locale.campaigns.matching, load.searches, rounds))
        matched = sum(len(load.locale.campaigns.matching(s)) for s in load.searches) / len(
            load.searches
        )
        sizes[str(size)] = {
            **largest, "matched_mean": round(matched, 2), **load.checked,
        }  # fmt: skip
    peer = _Peer(engine, load.locale.campaigns)
    few = load.searches[: max(10, queries // 25)]
    agree = all(peer.matching(s) == _ids(load.locale.campaigns, s) for s in few)
    peers = {"rule-engine": {**_percentiles(_timed(peer.matching, few, 1)), "same_answers": agree}}
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "marketplace": marketplace, "seed": seed, "rounds": rounds, "queries": queries,
        "souk": largest, "sizes": sizes, "peers": peers,
        "ratio_to_best_peer": round(largest["p50_ms"] / _p50(peers["rule-engine"]), 6),
        "accessory_rules": _accessories(folder, marketplace, _SIZES[-1], seed),
        "accessory_slots": _percentiles(_timed(_slots(load.locale), load.searches, rounds)),
    }  # fmt: skip
    click.echo(json.dumps(result) if as_json else _described(result))


def _workload(folder: Path, marketplace: str, size: int, seed: int, queries: int) -> Workload:
    plain = load_locales(folder)
    here = plain.marketplaces[marketplace]
    leaves = [c for c in plain.concepts.concepts if here.tree.leaves_of(c)]
    text = campaigns_text(size, seed, concepts=leaves, categories=here.tree.leaves)
    with _copied(folder, marketplace) as copy:
        (copy / marketplace / "merchandising.yaml").write_text(text, encoding="utf-8")
        checked = _checked(copy)
        locale = load_locales(copy).marketplaces[marketplace]
    return Workload(
        locale=locale,
        searches=_searches(locale, leaves, size, seed, queries),
        checked=checked,
    )


def _accessories(folder: Path, marketplace: str, size: int, seed: int) -> dict[str, float]:
    """The check of so many accessory rules, of two slots each, after the marketplace's own."""
    plain = load_locales(folder)
    here = plain.marketplaces[marketplace]
    leaves = [c for c in plain.concepts.concepts if here.tree.leaves_of(c)]
    barred = {c for rule in here.accessories.rules for n in rule.never
              for c in plain.concepts.below(n)}  # fmt: skip
    languages = dict.fromkeys(tag.split("-")[0] for tag in here.marketplace.languages)
    text = accessories_text(size, seed, seen=leaves, languages=tuple(languages),
                            offered=[c for c in leaves if c not in barred])  # fmt: skip
    with _copied(folder, marketplace) as copy:
        with (copy / marketplace / "accessories.yaml").open("a", encoding="utf-8") as file:
            file.write(text)
        return _checked(copy)


@contextmanager
def _copied(folder: Path, marketplace: str) -> Iterator[Path]:
    """The files of one marketplace, without its regions and its expectations."""
    with tempfile.TemporaryDirectory(prefix="souk-bench-") as place:
        copy = Path(place)
        for name in ("concepts.yaml", "festivals.yaml"):
            shutil.copy(folder / name, copy / name)
        shutil.copytree(
            folder / marketplace, copy / marketplace,
            ignore=shutil.ignore_patterns("regions", "examples.yaml"),
        )  # fmt: skip
        yield copy


def _checked(folder: Path) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = check_folder(folder, date(2026, 1, 1)).findings
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"check_wall_s": round(wall, 3), "check_cpu_s": round(cpu, 3), "findings": len(found)}


def _searches(
    locale: MarketplaceLocale, leaves: Sequence[str], size: int, seed: int, count: int
) -> tuple[Trigger, ...]:
    rng = Random(seed + 1)
    return tuple(
        Trigger(
            prediction=seen_alone(rng.choice(leaves), locale.accessories),
            at=_AT,
            colours=tuple(rng.sample(COLOURS, 2)),
            product_id=f"SK{rng.randrange(10, size, 2):06d}" if rng.random() < 0.5 else None,
        )
        for _ in range(count)
    )


class _Peer:
    """The same campaigns as rule-engine's expressions, asked one after the other, as it is meant."""

    def __init__(self, engine: object, campaigns: CompiledCampaigns) -> None:
        context = engine.Context(default_value=None)  # type: ignore[attr-defined]  # the peer ships no types
        self._campaigns = campaigns
        self._rules = [
            (c.id, engine.Rule(_expression(c), context=context))  # type: ignore[attr-defined]  # likewise
            for c in campaigns.campaigns
        ]

    def matching(self, search: Trigger) -> frozenset[str]:
        """The ids of the campaigns that hold."""
        concept, category = search.prediction.concept, search.prediction.category
        known = self._campaigns.concepts
        facts = {
            "concepts": list(known.ancestors(concept)),
            "categories": [category, *_above(category)],
            "colours": list(search.colours),
            "product": search.product_id or "",
            "day": self._campaigns.calendar.day(search.at).isoformat(),
        }
        return frozenset(id_ for id_, rule in self._rules if rule.matches(facts))


def _expression(campaign: Campaign) -> str:
    when, timing = campaign.when, campaign.timing
    parts = [f'"{c}" in concepts' for c in when.concepts] + [
        f'"{c}" in categories' for c in when.categories
    ]
    parts += [f'"{c}" in colours' for c in when.colours] + [
        f'product == "{p}"' for p in when.products
    ]
    if timing.first is not None and timing.last is not None:
        parts += [f'day >= "{timing.first}"', f'day <= "{timing.last}"']
    return " and ".join(parts)


def _above(category: str) -> list[str]:
    parts = category.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _ids(campaigns: CompiledCampaigns, search: Trigger) -> frozenset[str]:
    return frozenset(match.campaign.id for match in campaigns.matching(search))


def _slots(locale: MarketplaceLocale) -> Callable[[Trigger], object]:
    return lambda s: accessory_slots((), s.prediction, locale.accessories, s.at)


def _timed(
    work: Callable[[Trigger], object], searches: Sequence[Trigger], rounds: int
) -> list[float]:
    """Milliseconds of every call; one warm-up round builds what is built once a version."""
    for search in searches[:20]:
        work(search)
    taken: list[float] = []
    for _ in range(rounds):
        for search in searches:
            started = time.perf_counter()
            work(search)
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def _percentiles(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    at = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99}
    return {
        name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 4)
        for name, share in at.items()
    }


def _p50(figures: dict[str, float]) -> float:
    return max(figures["p50_ms"], 1e-9)


def _described(result: dict[str, object]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in result.items())
