"""`souk evaluate vision`: what the photos of a labelled folder are taken for, as serving does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from catalog.search import Candidate, Look
from service.cli import CommandError
from service.commands.evaluation_options import (
    SPLITS,
    evaluation_options,
    print_result,
    with_progress,
)
from service.evaluation.confusions import pictures_by_id, write_confusions
from service.evaluation.seen import Asker, Groups
from service.evaluation.slices import PLAIN, slices_document
from service.evaluation.vision import Judged, judge, risk_coverage, vision_document
from service.gallery import open_gallery
from service.pipeline import choose_focus
from service.settings import load_settings
from service.stages import Market, RankingConfiguration
from service.wiring import build_services
from vision.detection_measures import measure_detector
from vision.exposure import exposed
from vision.models import VisionModels
from vision.photos import Photo, PhotoError, decode_photo
from vision.training.samples import Sample, Samples, read_bytes, read_samples
from vision.training.slices import SLICES, sliced
from vision.training.splits import load_splits

Vote = Callable[[Look, str], Sequence[Candidate]]


@click.command()
@evaluation_options
@click.option("--marketplace", default="in", show_default=True, help="Whose head and tree answer.")
@click.option("--slices", is_flag=True, help="Also as screenshots, covered, turned, dark and tiny.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the confusions with their pictures into this file.",
)
def vision(
    data: Path,
    gallery: Path | None,
    workspace: Path | None,
    split: str | None,
    limit: int | None,
    as_json: bool,
    marketplace: str,
    slices: bool,
    html: Path | None,
) -> None:
    """Top-1 and top-3 by concept and leaf, calibration, classes, the wild, and the detector.

    With --gallery the nearest products of that folder vote, as in a search; without, the head
    answers alone. With --split only the test rows of tests/cases/splits.csv are measured.
    """
    services = build_services(load_settings())
    market = services.market(marketplace)
    models = services.models.get()
    chosen = _chosen(data, market, split, limit)
    with _voters(gallery, workspace, market) as voted:
        judge_all = partial(_judged, data, chosen.samples, models, market, voted)
        judged = judge_all()
        hits = {PLAIN: judged} | ({n: judge_all(n) for n in SLICES} if slices else {})
    document = vision_document(market.marketplace.id, judged, chosen.unmapped)
    document["detector"] = _detector(data, models, chosen.samples, restricted=bool(split or limit))
    document["risk_coverage"] = risk_coverage([j for j in judged if j.dataset == "catalog"])
    if slices:
        document["slices"] = slices_document({n: [j.hit for j in js] for n, js in hits.items()})
    if html is not None:
        wrong = {(j.dataset, j.id) for j in judged if not j.hit}
        shown = [s for s in chosen.samples if (s.dataset, s.id) in wrong]
        write_confusions(html, judged, pictures_by_id(data, shown))
    document["versions"] = {"model": models.version}
    document["voted"] = gallery is not None
    document["split"] = split
    print_result(document, as_json=as_json)


def _chosen(data: Path, market: Market, split: str | None, limit: int | None) -> Samples:
    splits = load_splits(SPLITS) if split is not None else None
    found = read_samples(data, market.concepts, splits)
    samples = found.samples
    if split is not None:
        samples = tuple(s for s in samples if s.split.part(split) == "test")
    if not samples:
        raise CommandError(
            f"{data} holds no labelled pictures to measure. It should have folders such as catalog/ "
            "with products.csv and images.zip."
        )
    if limit is not None and len(samples) > limit:
        samples = tuple(samples[int(i * len(samples) / limit)] for i in range(limit))
    return replace(found, samples=samples)


def _judged(
    data: Path,
    samples: Sequence[Sample],
    models: VisionModels,
    market: Market,
    voted: Vote,
    changed: str | None = None,
) -> list[Judged]:
    """What each readable photo is taken for; `changed` names the slice it is put into first."""
    judged = []
    for index, content in with_progress(list(read_bytes(data, samples))):
        sample = samples[index]
        try:
            photo = decode_photo(content)
        except PhotoError:
            continue
        if changed is not None:
            photo = _lit(sliced(changed, photo, sample.id))
        focus = choose_focus(models.detect(photo).objects, None)
        look = models.look(photo, focus.box)
        prediction = models.classify(look, voted(look, sample.id), market.tree)
        judged.append(judge(prediction, sample, market.concepts, market.tree))
    return judged


def _lit(photo: Photo) -> Photo:
    """As decoding does it: what a slice took the light from is lit."""
    return replace(photo, pixels=exposed(photo.pixels))


def _nobody(look: Look, product_id: str) -> Sequence[Candidate]:
    del look, product_id
    return ()


@contextmanager
def _voters(gallery: Path | None, workspace: Path | None, market: Market) -> Iterator[Vote]:
    """How neighbours are found: in the gallery, leaving the query's own product out; or not at all."""
    if gallery is None:
        yield _nobody
        return
    with open_gallery(gallery, load_settings(), workspace) as opened:
        services = opened.services
        asker = Asker(services, market, Groups.of(opened.store), services.clock())
        stages = services.stages(market, RankingConfiguration())
        yield (
            lambda look, product_id: (
                stages.neighbours(look.vector, asker.shopper(product_id)).candidates
            )
        )


def _detector(
    data: Path, models: VisionModels, samples: Sequence[Sample], *, restricted: bool
) -> dict[str, object]:
    if not (data / "street" / "ccp_masks.zip").exists():
        return {"n": 0, "ap50": None, "median_iou": None}
    ids = frozenset(s.id for s in samples if s.dataset == "street") if restricted else None
    found = measure_detector(lambda photo: models.detect(photo).objects, data, ids)
    return {"n": found.n, "ap50": round(found.ap50, 4), "median_iou": round(found.median_iou, 4)}
