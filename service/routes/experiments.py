"""`/v1/admin/experiments…`: state and health, reports, power, start and stop, what a variant shows."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Literal

from flask import Response
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field

from documents.findings import Finding, errors
from experiments.checking import settings_of
from experiments.definitions import Experiment, Experiments, Variant
from experiments.editing import StartRefusedError, change_state, version_of
from experiments.event_log import LogFailure
from experiments.loading import load_experiments
from experiments.planning import plan
from experiments.report import MISMATCH, Report
from rules.versions import UnknownVersionError
from service.parameters import SearchParameters
from service.problems import Problem
from service.routes.admin import FindingAnswer, audit, authorize
from service.routes.reading import answered, documented, language_of, services
from service.searching import Asked, run_search
from service.services import Services
from service.stages import Market, RankingConfiguration
from service.tokens import Holder
from service.uploads import decoded_photo
from service.variants import Chosen, changed
from service.wire import ItemAnswer, SlotAnswer, places_changed

LOG = logging.getLogger("souk.experiments")
TAG = Tag(name="experiments", description="Experiments and their results; needs a token.")
PAGE = 12
"""Products that are shown of each variant."""
COLUMNS = (
    "part", "day", "from_day", "until_day", "metric", "variant", "marketplace", "units", "lift",
    "low", "high",
)  # fmt: skip


class KeyPath(BaseModel):
    key: str = Field(max_length=80)


class PowerQuery(BaseModel):
    rate: float = Field(ge=1e-6, le=0.999999, description="Of the metric per unit, such as 0.1.")
    effect: float = Field(default=0.02, ge=0.0001, le=1, description="Relative.")
    variants: int = Field(default=2, ge=2, le=20)
    units_a_day: int = Field(default=0, ge=0, le=10**9, description="0: days are not told.")
    power: float = Field(default=0.8, ge=0.5, le=0.99)


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    base: str | None = Field(
        default=None, description="The version that was read; another one in force is a conflict."
    )
    reason: str = Field(min_length=3, max_length=500)


class Comparison(BaseModel):
    """What to search with: a photo, or a product."""

    model_config = ConfigDict(extra="forbid")

    marketplace: str = Field(max_length=16)
    photo: str | None = Field(default=None, description="A picture in base64.")
    product_id: str | None = Field(default=None, max_length=128)


class PhaseAnswer(BaseModel):
    begins: str
    coverage: float


class VariantAnswer(BaseModel):
    key: str
    weight: float
    ranking: dict[str, Any]
    control: bool
    units: int = Field(description="Exposed so far.")


class Checks(BaseModel):
    """What health says in one word."""

    units: int
    sample_ratio_p: float
    twice: int = Field(description="Units that saw more than one variant.")
    guardrails_harmed: list[str]


class DefinedExperiment(BaseModel):
    key: str
    state: str
    version: str = Field(description="Of the definition; send it as `base` of a start or a stop.")
    hypothesis: str
    owner: str
    marketplaces: list[str]
    unit: str
    layer: str | None
    primary_metric: str
    guardrails: list[str]
    minimum_effect: float
    stop_rule: str
    planned_units: int | None
    begins: str | None
    ends: str | None
    phases: list[PhaseAnswer]
    interleaving: bool
    variants: list[VariantAnswer]
    health: Literal["empty", "good", "mismatch", "harm", "unknown"] = Field(
        description="mismatch: units did not come by the weights; harm: a guardrail fell; "
        "unknown: the event log does not answer."
    )
    checks: Checks | None = Field(description="null while health is empty or unknown.")
    verdict: str
    findings: list[FindingAnswer] = Field(
        description="Problems; one of severity error keeps it off."
    )


class ExperimentsAnswer(BaseModel):
    experiments: list[DefinedExperiment]
    findings: list[FindingAnswer] = Field(description="Of files that could not be read at all.")


class EstimateAnswer(BaseModel):
    metric: str
    variant: str
    marketplace: str = Field(description="`all`: pooled, which decides.")
    units: int
    control: float
    treatment: float
    lift: float
    low: float
    high: float
    p_value: float
    adjusted_p: float
    role: str


class DayAnswer(BaseModel):
    day: str
    units: int
    estimates: list[EstimateAnswer] = Field(
        description="Pooled, of everything until the end of that day."
    )


class AgeAnswer(BaseModel):
    from_day: int
    until_day: int | None
    units: int
    estimates: list[EstimateAnswer] = Field(
        description="Of the primary metric, pooled, of searches so many days after a unit's first."
    )


class PreferenceAnswer(BaseModel):
    wins: dict[str, int]
    ties: int
    units: int
    credit: str
    preference: float = Field(description="0.5: none; 1: the second variant always won.")
    low: float
    high: float
    p_value: float


class ReportAnswer(BaseModel):
    """The same object as `souk experiments report --json`."""

    key: str
    stop_rule: str
    counts: dict[str, int]
    mismatch_p: float
    twice: int
    unjoined: int
    estimates: list[EstimateAnswer]
    over_time: list[DayAnswer]
    novelty: list[AgeAnswer]
    interleaving: PreferenceAnswer | None
    warnings: list[str]
    verdict: str
    would_change: str


class PlanAnswer(BaseModel):
    units: int
    sequential_at_most: int
    days: int | None
    sequential_days_at_most: int | None


class VariantSide(BaseModel):
    variant: str
    results: list[ItemAnswer]
    accessories: list[SlotAnswer]
    rules: str = Field(description="The rules version that it was shown under.")
    changed: int = Field(description="Positions of the page that differ from the control's.")
    degraded: list[str]


class ComparisonAnswer(BaseModel):
    key: str
    marketplace: str
    variants: list[VariantSide] = Field(description="The control first.")


def register(app: OpenAPI) -> None:
    guarded: dict[str, Any] = {"tags": [TAG], "security": [{"token": []}]}
    refusals = ("unauthorized", "forbidden", "unknown-experiment")
    root = "/v1/admin/experiments"
    app.get(root, responses=documented(ExperimentsAnswer, "unauthorized", "forbidden"), **guarded)(
        list_experiments
    )
    app.get(
        f"{root}/power", responses=documented(PlanAnswer, "unauthorized", "forbidden"), **guarded
    )(power)
    app.get(f"{root}/<key>", responses=documented(DefinedExperiment, *refusals), **guarded)(
        read_experiment
    )
    app.get(
        f"{root}/<key>/report", responses=documented(ReportAnswer, *refusals, "busy"), **guarded
    )(report)
    app.get(f"{root}/<key>/report.csv", responses=_csv(*refusals, "busy"), **guarded)(report_csv)
    for verb, view in (("start", start), ("stop", stop)):
        app.post(
            f"{root}/<key>/{verb}",
            responses=documented(
                ExperimentsAnswer, *refusals, "invalid-body", "conflict", "experiment-refused"
            ),
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


def list_experiments() -> Response:
    """Every definition with its state and its health."""
    found = services()
    authorize("read", None)
    return answered(_summaries(found))


def read_experiment(path: KeyPath) -> Response:
    """One definition with its state and its health."""
    found = services()
    authorize("read", None)
    loaded = _loaded(found)
    return answered(_experiment(_named(loaded, path.key), loaded, found))


def report(path: KeyPath) -> Response:
    """Checks, lifts by marketplace and pooled, their course over time, and a verdict."""
    return answered(ReportAnswer(**_reported(path.key)))


def report_csv(path: KeyPath) -> Response:
    """The numbers behind the report's plots."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_rows(_reported(path.key)))
    answer = Response(stream.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{path.key}.csv"'
    return answer


def power(query: PowerQuery) -> Response:
    """Units and days that an experiment needs, before it starts."""
    authorize("read", None)
    found = plan(
        query.rate,
        query.effect,
        variants=query.variants,
        units_a_day=query.units_a_day,
        power=query.power,
    )
    return answered(PlanAnswer(**asdict(found)))


def start(path: KeyPath, body: Change) -> Response:
    """Let it assign; every server that reads this folder follows within two seconds."""
    return _change(path.key, body, "running")


def stop(path: KeyPath, body: Change) -> Response:
    """Let it assign nobody any more; what was logged stays for its report."""
    return _change(path.key, body, "stopped")


def compare(path: KeyPath, body: Comparison) -> Response:
    """What each variant shows for a photo or a product; nothing is logged."""
    found = services()
    market = found.market(body.marketplace)
    authorize("experiments", market.marketplace.id)
    experiment = _named(_loaded(found), path.key)
    photo = _photo(body)
    with found.door.enter():
        sides = [_side(found, market, v, body.product_id, photo) for v in experiment.variants]
    for side in sides:
        side.changed = places_changed(sides[0].results, side.results)
    return answered(
        ComparisonAnswer(key=experiment.key, marketplace=market.marketplace.id, variants=sides)
    )


def _change(key: str, body: Change, state: str) -> Response:
    found = services()
    holder = authorize("read", None)
    loaded = _loaded(found)
    experiment = _named(loaded, key)
    _may_change(holder, experiment)
    if state == "running":
        _refuse_unpublished(experiment, found)
    version = version_of(experiment)
    if body.base not in (None, version):
        raise Problem(
            "conflict",
            f"You read version {body.base} of {key}; {version} is in force now and its state is "
            f"{experiment.state!r}. Read it again before you change it.",
        )
    if experiment.state == state:
        raise Problem("conflict", f"{key} is {state} already.")
    _refuse_broken(_own(errors(loaded.findings), key), found)
    try:
        change_state(experiment, state, lambda: _loaded(found))
    except StartRefusedError as error:
        _refuse_broken(error.findings, found)
    except OSError:
        LOG.exception("a definition could not be written")
        raise Problem(
            "not-ready", "The folder of the experiments' definitions cannot be written here."
        ) from None
    places = " ".join(experiment.marketplaces)
    verb = "start" if state == "running" else "stop"
    audit(holder, f"experiments:{verb}", places, f"{key}: {body.reason}")
    return answered(_summaries(found))


def _may_change(holder: Holder, experiment: Experiment) -> None:
    for marketplace in experiment.marketplaces:
        if not holder.may("experiments", marketplace):
            raise Problem(
                "forbidden",
                f"A token of role {holder.role} may not do this in marketplace {marketplace!r}, "
                f"where {experiment.key} runs.",
            )


def _refuse_unpublished(experiment: Experiment, found: Services) -> None:
    for variant in experiment.variants:
        version = variant.ranking.rules
        try:
            if version is not None:
                found.rules.contents(version)
        except UnknownVersionError as error:
            raise Problem(
                "experiment-refused", f"Variant {variant.key!r} cannot be shown: {error}"
            ) from None


def _refuse_broken(findings: tuple[Finding, ...], found: Services) -> None:
    if findings:
        told = [_finding(f, found) for f in findings]
        raise Problem(
            "experiment-refused",
            f"{len(told)} problems. First: {told[0].file}:{told[0].line}: {told[0].found}. "
            f"{told[0].fix}",
            errors=tuple(t.model_dump() for t in told[:50]),
        )


def _loaded(found: Services) -> Experiments:
    folder = found.settings.locales / "experiments"
    return load_experiments(folder, found.locales().marketplaces)


def _summaries(found: Services) -> ExperimentsAnswer:
    loaded = _loaded(found)
    shown = [_experiment(e, loaded, found) for _, e in sorted(loaded.by_key.items())]
    unread = [_finding(f, found) for f in loaded.findings if f.rule not in loaded.by_key]
    return ExperimentsAnswer(experiments=shown, findings=unread)


def _named(loaded: Experiments, key: str) -> Experiment:
    experiment = loaded.by_key.get(key)
    if experiment is None:
        known = ", ".join(sorted(loaded.by_key)) or "none"
        raise Problem("unknown-experiment", f"There is no experiment {key!r}. Known: {known}.")
    return experiment


def _own(findings: tuple[Finding, ...], key: str) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.rule == key)


def _reported(key: str) -> dict[str, Any]:
    found = services()
    authorize("read", None)
    return asdict(_report(_named(_loaded(found), key), found))


def _report(experiment: Experiment, found: Services) -> Report:
    try:
        return found.reports.get(experiment)
    except LogFailure:
        LOG.exception("a report could not be made")
        raise Problem(
            "busy", "The event log does not answer. Try again.", headers={"Retry-After": "5"}
        ) from None


def _experiment(experiment: Experiment, loaded: Experiments, found: Services) -> DefinedExperiment:
    report = _known(experiment, found)
    layer = experiment.layer
    return DefinedExperiment(
        key=experiment.key,
        state=experiment.state,
        version=version_of(experiment),
        hypothesis=experiment.hypothesis,
        owner=experiment.owner,
        marketplaces=list(experiment.marketplaces),
        unit=experiment.unit,
        layer=f"{layer.name} {layer.start:g} to {layer.end:g}" if layer else None,
        primary_metric=experiment.primary_metric,
        guardrails=list(experiment.guardrails),
        minimum_effect=experiment.minimum_effect,
        stop_rule=experiment.stop.rule,
        planned_units=experiment.stop.units,
        begins=experiment.begins.isoformat() if experiment.begins else None,
        ends=experiment.ends.isoformat() if experiment.ends else None,
        phases=[
            PhaseAnswer(begins=p.begins.isoformat(), coverage=p.coverage) for p in experiment.phases
        ],
        interleaving=experiment.interleaving,
        variants=[
            VariantAnswer(
                key=v.key,
                weight=v.weight,
                ranking=settings_of(v.ranking),
                control=v is experiment.control,
                units=report.counts.get(v.key, 0) if report else 0,
            )
            for v in experiment.variants
        ],
        health=_health(experiment, report),
        checks=_checks(report) if report else None,
        verdict=report.verdict if report else "",
        findings=[_finding(f, found) for f in _own(loaded.findings, experiment.key)],
    )


def _known(experiment: Experiment, found: Services) -> Report | None:
    """None without data; a list is shown also while the log is silent."""
    if experiment.state == "draft":
        return None
    try:
        return found.reports.get(experiment)
    except LogFailure:
        LOG.exception("a report could not be made")
        return None


def _health(
    experiment: Experiment, report: Report | None
) -> Literal["empty", "good", "mismatch", "harm", "unknown"]:
    if report is None:
        return "empty" if experiment.state == "draft" else "unknown"
    if not sum(report.counts.values()):
        return "empty"
    if report.mismatch_p < MISMATCH:
        return "mismatch"
    return "harm" if report.harmed else "good"


def _checks(report: Report) -> Checks:
    return Checks(
        units=sum(report.counts.values()),
        sample_ratio_p=report.mismatch_p,
        twice=report.twice,
        guardrails_harmed=list(report.harmed),
    )


def _rows(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for estimate in report["estimates"]:
        yield {"part": "lift", **estimate}
    for part in ("over_time", "novelty"):
        for point in report[part]:
            for estimate in point["estimates"]:
                yield {"part": part, **point, **estimate}


def _finding(finding: Finding, found: Services) -> FindingAnswer:
    """Its file named from the locales folder on, as a person knows it."""
    file = finding.file.removeprefix(f"{found.settings.locales}/")
    return FindingAnswer(**{**asdict(finding), "file": file})


def _photo(body: Comparison) -> bytes | None:
    if body.photo is None:
        if body.product_id is None:
            raise Problem("no-photo", "A comparison needs a photo or a product_id.")
        return None
    return decoded_photo(body.photo)


def _side(
    found: Services, market: Market, variant: Variant, product_id: str | None, photo: bytes | None
) -> VariantSide:
    chosen = Chosen(
        configuration=changed(RankingConfiguration(), variant.ranking), rules=variant.ranking.rules
    )
    asked = Asked(
        market=market,
        parameters=SearchParameters(product_id=product_id if photo is None else None, limit=PAGE),
        language=language_of(market, None),
        now=found.clock(),
        photo=photo,
        chosen=chosen,
    )
    answer = run_search(asked, found).answer
    return VariantSide(
        variant=variant.key,
        results=answer.results,
        accessories=answer.accessories,
        rules=answer.versions.rules,
        changed=0,
        degraded=answer.degraded,
    )


def _csv(*slugs: str) -> Any:
    responses = documented(ReportAnswer, *slugs)
    responses["200"] = {
        "description": "Lifts, their course over time, and novelty.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
    return responses
