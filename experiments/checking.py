"""What no single key of a definition shows: keys that must agree, and experiments that collide."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from documents.findings import Finding, Severity
from documents.nodes import Node, descend
from documents.reading import Reading
from documents.suggestions import suggestion
from experiments.definitions import INTERLEAVED_METRICS, Experiment, Ranking

_VERSION = re.compile(r"[0-9a-f]{12}")
_SETTINGS = ("reranker", "candidates", "diversity", "rules", "head", "explore")


def check_alone(experiment: Experiment, reading: Reading) -> None:
    """Report what is wrong with one definition, all problems at once."""
    reading.rule = experiment.key
    _weights(experiment, reading)
    _names(experiment, reading)
    _layer(experiment, reading)
    _dates(experiment, reading)
    _phases(experiment, reading)
    _metrics(experiment, reading)
    _rule_versions(experiment, reading)
    _interleaving(experiment, reading)


def check_together(experiments: Sequence[Experiment]) -> list[Finding]:
    """Two definitions that cannot both run, each finding with the lines of both."""
    findings: list[Finding] = []
    for place, later in enumerate(experiments):
        for earlier in experiments[:place]:
            findings += _pair(later, earlier)
    return findings


def changed_settings(experiment: Experiment) -> frozenset[str]:
    """The settings of the ranking in which its variants differ; empty for an A/A test."""
    return frozenset(
        name
        for name in _SETTINGS
        if len({getattr(variant.ranking, name) for variant in experiment.variants}) > 1
    )


def _weights(experiment: Experiment, reading: Reading) -> None:
    total = math.fsum(variant.weight for variant in experiment.variants)
    if abs(total - 1.0) > 1e-9:
        _report(experiment, reading, "variants", "E001", f"the variants' weights sum to {total:g}",
                "Let the weights sum to 1.")  # fmt: skip
    for variant in experiment.variants:
        if variant.weight <= 0:
            reading.report(descend(variant.source, "weight"), "E008",
                           f"variant '{variant.key}' has no weight, so nobody sees it",
                           "Give it a weight above 0, or remove it.")  # fmt: skip


def _names(experiment: Experiment, reading: Reading) -> None:
    keys = [variant.key for variant in experiment.variants]
    for place, variant in enumerate(experiment.variants):
        if variant.key in keys[:place]:
            reading.report(descend(variant.source, "key"), "E002",
                           f"variant '{variant.key}' stands twice",
                           "Give each variant a name of its own.")  # fmt: skip
    for unit, variant_key in experiment.overrides.items():
        if variant_key not in keys:
            _report(experiment, reading, ("overrides", unit), "E005",
                    f"'{unit}' is overridden to '{variant_key}', which is no variant",
                    suggestion(variant_key, keys, "variant"))  # fmt: skip


def _layer(experiment: Experiment, reading: Reading) -> None:
    layer = experiment.layer
    if layer is not None and layer.start >= layer.end:
        reading.report(layer.source, "E003",
                       f"the layer's share from {layer.start:g} to {layer.end:g} is empty",
                       "Let 'start' be less than 'end'.")  # fmt: skip


def _dates(experiment: Experiment, reading: Reading) -> None:
    if experiment.begins and experiment.ends and experiment.begins > experiment.ends:
        _report(experiment, reading, "ends", "E004", "it ends before it begins",
                "Let 'begins' come before 'ends'.")  # fmt: skip
    if experiment.stop.rule == "fixed" and experiment.stop.units is None:
        _report(experiment, reading, "stop", "E012", "a fixed stop rule without 'units'",
                "Add the number that `souk experiments power` prints.")  # fmt: skip


def _phases(experiment: Experiment, reading: Reading) -> None:
    for earlier, later in pairwise(experiment.phases):
        if later.begins <= earlier.begins:
            reading.report(later.source, "E009", f"the phase of {later.begins} is out of order",
                           "Write the phases in the order of their days.")  # fmt: skip
        if later.coverage < earlier.coverage:
            reading.report(later.source, "E010",
                           f"coverage falls from {earlier.coverage:g} to {later.coverage:g}",
                           "Let it rise: a unit that was assigned must stay so.")  # fmt: skip


def _metrics(experiment: Experiment, reading: Reading) -> None:
    if experiment.primary_metric in experiment.guardrails:
        _report(experiment, reading, "guardrails", "E011",
                f"'{experiment.primary_metric}' is the primary metric and a guardrail",
                "Remove it from the guardrails: the primary metric is tested already.")  # fmt: skip


def _rule_versions(experiment: Experiment, reading: Reading) -> None:
    for variant in experiment.variants:
        version = variant.ranking.rules
        if version is not None and not _VERSION.fullmatch(version):
            reading.report(descend(variant.source, "ranking", "rules"), "E016",
                           f"'{version}' is no rules version, so variant '{variant.key}' cannot be shown",
                           "Use the 12 hex digits that `souk rules history` prints.")  # fmt: skip


def _interleaving(experiment: Experiment, reading: Reading) -> None:
    if not experiment.interleaving:
        return
    if len(experiment.variants) != 2:
        _report(experiment, reading, "variants", "E017",
                f"interleaving merges two rankings, and there are {len(experiment.variants)}",
                "Leave two variants, or turn 'interleaving' off.")  # fmt: skip
    if "candidates" in changed_settings(experiment):
        _report(experiment, reading, "variants", "E018",
                "interleaved variants differ in 'candidates'",
                "Compare orders of the same candidates, or turn 'interleaving' off.")  # fmt: skip
    if experiment.guardrails:
        _report(experiment, reading, "guardrails", "E019",
                "an interleaved page shows both rankings, so no guardrail can be read",
                "Remove the guardrails; an A/B test reads them.")  # fmt: skip
    if experiment.primary_metric not in INTERLEAVED_METRICS:
        _report(experiment, reading, "primary_metric", "E020",
                f"no team can be credited with '{experiment.primary_metric}'",
                f"Use one of {', '.join(INTERLEAVED_METRICS)}.")  # fmt: skip


def _report(
    experiment: Experiment,
    reading: Reading,
    path: str | tuple[str, ...],
    code: str,
    found: str,
    fix: str,
) -> None:
    steps = (path,) if isinstance(path, str) else path
    node: Node = descend(experiment.source, *steps)
    reading.report(node, code, found, fix)


def _pair(later: Experiment, earlier: Experiment) -> Iterator[Finding]:
    if later.key == earlier.key:
        yield _conflict(later, earlier, "key", "E006", "has the same key as", "Rename one of them.")
        return
    if "stopped" in (later.state, earlier.state):
        return
    if later.salt == earlier.salt:
        yield _conflict(later, earlier, "salt", "E013", "has the same salt as",
                        "Give each a salt of its own, or their variants go together.")  # fmt: skip
    if not set(later.marketplaces) & set(earlier.marketplaces):
        return
    if later.layer and earlier.layer and later.layer.name == earlier.layer.name:
        yield from _same_layer(later, earlier)
        return
    if later.interleaving and earlier.interleaving:
        yield _conflict(later, earlier, "interleaving", "E021", "interleaves for the same units as",
                        "Put both in one layer, in shares that do not overlap.")  # fmt: skip
    both = changed_settings(later) & changed_settings(earlier)
    if both:
        names = " and ".join(f"'{name}'" for name in sorted(both))
        yield _conflict(later, earlier, "variants", "E015", f"changes {names} for the same units as",
                        "Put both in one layer, in shares that do not overlap.",
                        severity="warning")  # fmt: skip


def _same_layer(later: Experiment, earlier: Experiment) -> Iterator[Finding]:
    if later.unit != earlier.unit:
        yield _conflict(later, earlier, "layer", "E014",
                        f"assigns by {later.unit} in the layer where '{earlier.unit}' is assigned by",
                        "Let all experiments of a layer assign the same kind of unit.")  # fmt: skip
    elif later.layer and earlier.layer:
        start = max(later.layer.start, earlier.layer.start)
        end = min(later.layer.end, earlier.layer.end)
        if start < end:
            yield _conflict(later, earlier, "layer", "E007",
                            f"takes the units {start:g} to {end:g} of layer '{later.layer.name}' like",
                            "Change one of the two shares, or stop one first.")  # fmt: skip


def _conflict(
    later: Experiment,
    earlier: Experiment,
    key: str,
    code: str,
    how: str,
    fix: str,
    severity: Severity = "error",
) -> Finding:
    node, other = descend(later.source, key), descend(earlier.source, key)
    there = f"'{earlier.key}' ({earlier.file}:{other.line})"
    return Finding(
        file=later.file, line=node.line, column=node.column, code=code, rule=later.key,
        found=f"it {how} {there}", fix=fix, severity=severity,
    )  # fmt: skip


def settings_of(ranking: Ranking) -> dict[str, object]:
    """What a variant states, for lists and answers."""
    found = {name: getattr(ranking, name) for name in _SETTINGS}
    return {name: value for name, value in found.items() if value is not None}
