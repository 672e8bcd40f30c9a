"""`souk bench latency`: bytes to answer, stage by stage, on distinct photos without any cache."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
import numpy as np

from service.cli import CommandError
from service.commands.evaluation_options import asked_photos, with_progress
from service.evaluation.labelled import LabelledPhoto
from service.memory import give_back_large_blocks
from service.parameters import read_parameters
from service.searching import Asked, run_search
from service.services import Services
from service.settings import Settings, load_settings
from service.wiring import build_services

DATASETS = ("street", "catalog", "ethnic_extra", "street_ethnic")
FORWARD = ("detect", "look")
"""Stages that are mostly the networks' own passes."""
WARM_UP = 5


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of labelled pictures; they are only searched with.",
)
@click.option("--photos", default=200, show_default=True, type=click.IntRange(1))
@click.option("--marketplace", default="in", show_default=True)
@click.option("--megapixels", default=None, type=float, help="Enlarge each photo to this size.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def latency(
    data: Path, photos: int, marketplace: str, megapixels: float | None, as_json: bool
) -> None:
    """The workspace's own index, and Elasticsearch beside it when its URL is set."""
    settings = load_settings()
    give_back_large_blocks()  # as the service does: it costs time that belongs to the figures
    engines = {"embedded": build_services(replace(settings, elasticsearch_url=None))}
    if settings.elasticsearch_url is not None:
        engines["elasticsearch"] = build_services(settings)
    tree = engines["embedded"].locales().concepts
    asked = asked_photos(data, tree, DATASETS, None, photos + WARM_UP)
    if megapixels is not None:
        asked = [replace(one, photo=enlarged(one.photo, megapixels)) for one in asked]
    document = measure(engines, asked, marketplace, settings)
    click.echo(json.dumps(document, indent=None if as_json else 2))


def measure(
    engines: Mapping[str, Services],
    photos: Sequence[LabelledPhoto],
    marketplace: str,
    settings: Settings,
) -> dict[str, object]:
    """Each photo is asked of every engine in turn, so that they share the machine's moods."""
    timings: dict[str, list[Mapping[str, float]]] = {name: [] for name in engines}
    for place, photo in enumerate(with_progress(photos)):
        for name, services in engines.items():
            spent = _ask(services, photo, marketplace)
            if place >= WARM_UP:
                timings[name].append(spent)
    if not any(timings.values()):
        raise CommandError(f"--photos must be more than the {WARM_UP} that warm up.")
    whole = timings["embedded"]
    return {
        "machine": f"{platform.machine()}, {_cpu()}, {settings.threads} threads",
        "rounds": len(whole),
        "photos": len(whole),
        "marketplace": marketplace,
        "souk": {
            **_percentiles([t["total"] for t in whole]),
            "without_forward_p50_ms": _rounded(
                np.median([t["total"] - sum(t.get(s, 0.0) for s in FORWARD) for t in whole])
            ),
        },
        "peers": {},
        "ratio_to_best_peer": None,
        "engines": {name: {"stages": _stages(found)} for name, found in timings.items()},
    }


def _ask(services: Services, photo: LabelledPhoto, marketplace: str) -> Mapping[str, float]:
    market = services.market(marketplace)
    asked = Asked(
        market=market,
        parameters=read_parameters({}),
        language=market.marketplace.default_language,
        now=services.clock(),
        photo=photo.photo,
    )
    begun = time.perf_counter()
    answered = run_search(asked, services).answer
    text = answered.model_dump_json()
    spent = (time.perf_counter() - begun) * 1000
    if not text:
        raise CommandError("the answer is empty")
    return {**answered.timings_ms, "total": spent}


def _stages(timings: Sequence[Mapping[str, float]]) -> dict[str, object]:
    names = list(dict.fromkeys(name for spent in timings for name in spent))
    return {name: _percentiles([spent.get(name, 0.0) for spent in timings]) for name in names}


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    return {f"p{p}_ms": _rounded(np.percentile(values, p)) for p in (50, 95, 99)}


def _rounded(value: object) -> float:
    return round(float(str(value)), 2)


def _cpu() -> str:
    """The processor's name as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.processor()


def enlarged(photo: bytes, megapixels: float) -> bytes:
    """The same picture with so many pixels, as JPEG of quality 90."""
    from io import BytesIO  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415  only this option needs it

    with Image.open(BytesIO(photo)) as picture:
        factor = (megapixels * 1e6 / (picture.width * picture.height)) ** 0.5
        size = (round(picture.width * factor), round(picture.height * factor))
        stream = BytesIO()
        picture.convert("RGB").resize(size).save(stream, "JPEG", quality=90)
    return stream.getvalue()
