"""Experiments for the analyst's page: state and health, reports over time, power, start and stop."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from flask import Response
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field

from documents.findings import errors
from experiments.checking import settings_of
from experiments.definitions import Experiment, Experiments
from experiments.editing import with_state
from experiments.event_log import LogFailure
from experiments.events import Event, Exposure, SearchShown
from experiments.intervals import fixed_units
from experiments.joining import join
from experiments.loading import load_experiments
from experiments.report import MISMATCH, POOLED, Report, make_report
from service.parameters import SearchParameters
from service.pipeline import search
from service.problems import Problem
from service.routes.admin import authorize
from service.routes.reading import answered, documented, language_of, services
from service.searching import Asked, answer_product, make_shopper, search_answer
from service.services import Services
from service.stages import RankingConfiguration
from service.uploads import decode_upload
from service.variants import changed
from service.wire import ItemAnswer

TAG = Tag(name="experiments", description="A/B experiments and their results; needs a token.")
MOST_DAYS = 14
"""Points of a report over time; longer experiments are read at as many even steps."""
PAGE = 12


class KeyPath(BaseModel):
    key: str = Field(max_length=80)


class VariantAnswer(BaseModel):
    key: str
    weight: float
    ranking: dict[str, Any]
    units: int = Field(description="Exposed units.")


class ExperimentSummary(BaseModel):
    key: str
    state: str
    hypothesis: str
    owner: str
    marketplaces: list[str]
    unit: str
    primary_metric: str
    guardrails: list[str]
    stop_rule: str
    minimum_effect: float
    variants: list[VariantAnswer]
    health: Literal["empty", "good", "mismatch", "harm"] = Field(
        description="mismatch: units did not come by the weights; harm: a guardrail fell."
    )
    verdict: str


class ExperimentsAnswer(BaseModel):
    experiments: list[ExperimentSummary]


class EstimateAnswer(BaseModel):
    metric: str
    variant: str
    marketplace: str = Field(description="`all` is pooled over the marketplaces.")
    units: int
    control: float
    treatment: float
    lift: float = Field(description="Relative to the control, with its 95 % interval.")
    low: float
    high: float
    p_value: float
    adjusted_p: float
    role: str


class DayAnswer(BaseModel):
    day: str
    units: int
    estimates: list[EstimateAnswer] = Field(description="Pooled, of everything until that day.")


class ReportAnswer(BaseModel):
    key: str
    stop_rule: str
    counts: dict[str, int]
    mismatch_p: float
    twice: int
    unjoined: int
    estimates: list[EstimateAnswer]
    verdict: str
    would_change: str
    over_time: list[DayAnswer]


class PowerQuery(BaseModel):
    rate: float = Field(gt=0, lt=1, description="The control's rate, such as 0.03.")
    effect: float = Field(gt=0, le=1, description="The relative effect to find, such as 0.05.")
    power: float = Field(default=0.8, gt=0.5, lt=1)
    alpha: float = Field(default=0.05, gt=0, lt=0.5)


class PowerAnswer(BaseModel):
    units: int = Field(description="Units of both variants together, read once.")


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=500)


class Comparison(BaseModel):
    model_config = ConfigDict(extra="forbid")

    marketplace: str = Field(max_length=16)
    photo: str | None = Field(default=None, description="A picture in base64.")
    product_id: str | None = Field(default=None, max_length=128)


class VariantPage(BaseModel):
    variant: str
    results: list[ItemAnswer]


class ComparisonAnswer(BaseModel):
    variants: list[VariantPage]


def register(app: OpenAPI) -> None:
    guarded: dict[str, Any] = {"tags": [TAG], "security": [{"token": []}]}
    refusals = ("unauthorized", "forbidden")
    root = "/v1/admin/experiments"
    app.get(root, responses=documented(ExperimentsAnswer, *refusals), **guarded)(summaries)
    app.get(f"{root}/power", responses=documented(PowerAnswer, *refusals), **guarded)(power)
    app.get(f"{root}/<key>/report", responses=documented(ReportAnswer, *refusals), **guarded)(
        report
    )
    for state, view in (("start", start), ("stop", stop)):
        app.post(
            f"{root}/<key>/{state}",
            responses=documented(ExperimentsAnswer, *refusals, "conflict", "rules-refused"),
            **guarded,
        )(view)
    app.post(
        f"{root}/<key>/compare",
        responses=documented(
            ComparisonAnswer,
            *refusals,
            "unknown-marketplace",
            "unknown-product",
            "invalid-body",
            "no-photo",
            "not-an-image",
            "bad-image",
            "photo-too-large",
            "busy",
        ),
        **guarded,
    )(compare)


def summaries() -> Response:
    """Every experiment with its state and health."""
    authorize("read", None)
    return answered(_summaries(services()))


def report(path: KeyPath) -> Response:
    """Checks, lifts with intervals and a verdict, and how the pooled lifts came about."""
    authorize("read", None)
    found = services()
    experiment = _experiment(found, path.key)
    log = _Log.read(found, experiment)
    whole = make_report(experiment, join(experiment, log.exposures, log.searches, log.events))
    answer = asdict(whole)
    return answered(
        ReportAnswer.model_validate({**answer, "over_time": list(_over_time(experiment, log))})
    )


def power(query: PowerQuery) -> Response:
    """How many units it takes to find an effect in a rate."""
    authorize("read", None)
    variance = query.rate * (1 - query.rate)
    units = fixed_units(query.rate, variance, query.effect, alpha=query.alpha, power=query.power)
    return answered(PowerAnswer(units=units))


def start(path: KeyPath, body: Change) -> Response:
    """Let the experiment assign; every server sees it within seconds."""
    return _set_state(path.key, "running", body.reason)


def stop(path: KeyPath, body: Change) -> Response:
    """Let it assign nobody any more; what was logged stays for its report."""
    return _set_state(path.key, "stopped", body.reason)


def compare(path: KeyPath, body: Comparison) -> Response:
    """What each variant shows for one photo or product; nothing is logged."""
    found = services()
    authorize("read", None)
    experiment = _experiment(found, path.key)
    pages = []
    with found.door.enter():
        for variant in experiment.variants:
            configuration = changed(RankingConfiguration(), variant.ranking)
            results = _page(found, body, configuration, variant.ranking.rules)
            pages.append(VariantPage(variant=variant.key, results=results))
    return answered(ComparisonAnswer(variants=pages))


def _page(
    found: Services, body: Comparison, configuration: RankingConfiguration, rules: str | None
) -> list[ItemAnswer]:
    market = found.market(body.marketplace, rules)
    asked = Asked(
        market=market,
        parameters=SearchParameters(limit=PAGE, accessories=False),
        language=language_of(market, None),
        now=found.clock(),
    )
    stages, shopper = found.stages(market, configuration), make_shopper(asked)
    if body.photo is not None:
        result = search(decode_upload(_bytes(body.photo)), shopper, stages)
    elif body.product_id is not None:
        result = answer_product(asked, found, stages, shopper, body.product_id)
    else:
        raise Problem("no-photo", "A comparison needs a photo or a product_id.")
    return search_answer(asked, found, result, shopper, query_id="compared").results


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Problem("invalid-body", "`photo` is no base64.") from None


class _Log:
    """What the log knows of one experiment, read once."""

    def __init__(
        self,
        exposures: Sequence[Exposure],
        searches: Sequence[SearchShown],
        events: Sequence[Event],
    ) -> None:
        self.exposures = exposures
        self.searches = searches
        self.events = events

    @classmethod
    def read(cls, found: Services, experiment: Experiment) -> _Log:
        log = found.events()
        try:
            return cls(
                tuple(log.exposures(experiment.key)),
                tuple(log.searches(experiment.marketplaces)),
                tuple(log.events(experiment.marketplaces)),
            )
        except LogFailure as error:
            raise Problem("not-ready", f"events: {error}") from None

    def until(self, end: datetime) -> _Log:
        return _Log(
            [e for e in self.exposures if e.at < end],
            [s for s in self.searches if s.at < end],
            [e for e in self.events if e.at < end],
        )


def _over_time(experiment: Experiment, log: _Log) -> Iterator[dict[str, Any]]:
    """Reports of what was known at the end of each day, pooled."""
    if not log.exposures:
        return
    days = [e.at.astimezone(UTC).date() for e in log.exposures]
    first, span = min(days), (max(days) - min(days)).days
    steps = sorted({round(span * i / (MOST_DAYS - 1)) for i in range(MOST_DAYS)})
    for step in steps:
        day = first + timedelta(days=step)
        part = log.until(datetime.combine(day + timedelta(days=1), time(), UTC))
        found = make_report(
            experiment, join(experiment, part.exposures, part.searches, part.events)
        )
        yield {
            "day": day.isoformat(),
            "units": sum(found.counts.values()),
            "estimates": [asdict(e) for e in found.estimates if e.marketplace == POOLED],
        }


def _loaded(found: Services) -> Experiments:
    folder = found.settings.locales / "experiments"
    return load_experiments(folder, found.locales().marketplaces)


def _experiment(found: Services, key: str) -> Experiment:
    loaded = _loaded(found)
    experiment = loaded.by_key.get(key)
    if experiment is None:
        known = ", ".join(sorted(loaded.by_key)) or "none"
        raise Problem("not-found", f"There is no experiment {key!r}. Known: {known}.")
    return experiment


def _summaries(found: Services) -> ExperimentsAnswer:
    rows = []
    for _, experiment in sorted(_loaded(found).by_key.items()):
        log = _Log.read(found, experiment)
        read = make_report(experiment, join(experiment, log.exposures, log.searches, log.events))
        rows.append(_summary(experiment, read))
    return ExperimentsAnswer(experiments=rows)


def _summary(experiment: Experiment, read: Report) -> ExperimentSummary:
    return ExperimentSummary(
        key=experiment.key,
        state=experiment.state,
        hypothesis=experiment.hypothesis,
        owner=experiment.owner,
        marketplaces=list(experiment.marketplaces),
        unit=experiment.unit,
        primary_metric=experiment.primary_metric,
        guardrails=list(experiment.guardrails),
        stop_rule=experiment.stop.rule,
        minimum_effect=experiment.minimum_effect,
        variants=[
            VariantAnswer(
                key=v.key, weight=v.weight, ranking=settings_of(v.ranking), units=read.counts[v.key]
            )
            for v in experiment.variants
        ],
        health=_health(read),
        verdict=read.verdict,
    )


def _health(read: Report) -> Literal["empty", "good", "mismatch", "harm"]:
    if not sum(read.counts.values()):
        return "empty"
    if read.mismatch_p < MISMATCH:
        return "mismatch"
    fallen = (
        e.role == "guardrail" and e.marketplace == POOLED and e.high < 0 and e.adjusted_p < 0.05
        for e in read.estimates
    )
    return "harm" if any(fallen) else "good"


def _set_state(key: str, state: str, reason: str) -> Response:
    found = services()
    experiment = _experiment(found, key)
    for marketplace in experiment.marketplaces:
        holder = authorize("experiments", marketplace)
    if experiment.state == state:
        raise Problem("conflict", f"{key} is {state} already.")
    path = Path(experiment.file)
    before = path.read_text(encoding="utf-8")
    _write(path, with_state(before, experiment, state))
    broken = errors(_loaded(found).findings)
    if state == "running" and broken:
        _write(path, before)
        raise Problem("rules-refused", f"Nothing was started. {broken[0]}")
    found.tokens.record(holder, f"experiments:{state}", key, reason, found.clock())
    return answered(_summaries(found))


def _write(path: Path, text: str) -> None:
    """In one step: a server that reads meanwhile sees the old file or the new one."""
    beside = path.with_suffix(".yaml.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)  # noqa: PTH105  atomic, with the intent in its name
