"""`locales/experiments/*.yaml` → experiments, with every problem of every file at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from documents.findings import DocumentError, Finding
from documents.reading import Reading, Vocabulary
from documents.schema import Invalid
from documents.source import read_document
from experiments.checking import check_alone, check_together
from experiments.definitions import EXPERIMENT, Experiment, Experiments


def load_experiments(folder: Path, marketplaces: Iterable[str]) -> Experiments:
    """Every `*.yaml` of the folder, in name order; a missing folder holds no experiments."""
    known = {"marketplace": Vocabulary(noun="marketplace", words=tuple(marketplaces))}
    findings: list[Finding] = []
    read: list[Experiment] = []
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        experiment, found = _read(path, folder, known)
        findings += found
        if experiment is not None:
            read.append(experiment)
    findings += check_together(read)
    return Experiments(by_key={e.key: e for e in reversed(read)}, findings=tuple(sorted(findings)))


def _read(
    path: Path, folder: Path, known: Mapping[str, Vocabulary]
) -> tuple[Experiment | None, list[Finding]]:
    try:
        document = read_document(path, folder)
    except DocumentError as error:
        return None, list(error.findings)
    reading = Reading(file=str(path), known=known, findings=list(document.findings))
    value = EXPERIMENT.read(document.root, reading, path.name)
    if isinstance(value, Invalid):
        return None, reading.findings
    check_alone(value, reading)
    return replace(value, file=str(path)), reading.findings
