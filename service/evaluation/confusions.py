"""What was taken for what, with the pictures: one HTML file a person can look through.

Below it, the labels that the networks contradict with confidence: the sellers' own disagreements
(kurta, kurti, tunic) stand there. Labels are never changed by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from service.evaluation.inline_pictures import STYLE, captioned, inline_picture
from service.evaluation.vision import Judged
from vision.training.samples import Sample, read_bytes

SURE = 0.7
"""Share of the answered concept from which a contradicted label is listed as a disagreement."""
SHOWN = 12
"""Pictures of one confusion."""


def write_confusions(
    path: Path, judged: Sequence[Judged], pictures: Mapping[tuple[str, str], bytes]
) -> None:
    """Every confusion, most frequent first. `pictures`: by (data set, id), at least of the wrong ones."""
    wrong: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        if not one.hit:
            wrong[one.dataset, one.label, one.prediction.concept].append(one)
    lines = [
        "<!doctype html><meta charset=utf-8><title>Confusions</title>",
        STYLE,
        f"<h1>{sum(map(len, wrong.values()))} of {len(judged)} photos taken for something else</h1>",
    ]
    for (dataset, label, answer), members in sorted(wrong.items(), key=lambda kv: -len(kv[1])):
        lines.append(f"<h3>{escape(f'{dataset}: {label} → {answer}')} · {len(members)}</h3>")
        lines += [_figure(one, pictures) for one in members[:SHOWN]]
    lines.append("<h2>Labels contradicted with confidence</h2>")
    lines += [_figure(one, pictures) for one in disagreements(judged)]
    path.write_text("\n".join(lines), encoding="utf-8")


def pictures_by_id(data: Path, samples: Sequence[Sample]) -> dict[tuple[str, str], bytes]:
    """The samples' files by (data set, id); those without a file are left out."""
    return {(samples[i].dataset, samples[i].id): file for i, file in read_bytes(data, samples)}


def disagreements(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """The wrong answers given at `SURE` or more, surest first."""
    sure = [j for j in judged if not j.hit and _share(j) >= SURE]
    return tuple(sorted(sure, key=lambda j: -_share(j)))


def _share(judged: Judged) -> float:
    return next(iter(judged.prediction.concepts.values()), 0.0)


def _figure(one: Judged, pictures: Mapping[tuple[str, str], bytes]) -> str:
    ranked = list(one.prediction.concepts.items())[:3]
    said = ", ".join(f"{concept} {share:.2f}" for concept, share in ranked)
    caption = f"{one.id}: {one.label}, not {said}"
    return captioned(inline_picture(pictures.get((one.dataset, one.id)), caption), caption)
