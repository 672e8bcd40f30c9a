"""`souk evaluate ranking`: the re-ranker beside similarity and the best linear blend, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from ranking.evaluation import QueryMeasures
from ranking.grades import Truth, grades
from ranking.judged import JudgedQuery
from ranking.model_files import CARD_FILE, RankerError, read_card
from ranking.scorers import LINEAR_WEIGHTS
from ranking.summaries import wins_losses
from ranking.trec import Judgment, RunLine, write_qrels, write_run
from service.cli import CommandError
from service.commands.evaluation_options import (
    asked_photos,
    evaluation_options,
    print_result,
    with_progress,
)
from service.evaluation.ranking import Asked, RankingReport, systems_of
from service.evaluation.win_list import write_win_list
from service.gallery import Gallery, open_gallery
from service.judging import seen
from service.query_photos import DATASETS, truth_of
from service.settings import load_settings
from service.shelves import Shelf
from vision.photos import PhotoError, decode_photo


@click.command()
@evaluation_options
@click.option("--marketplaces", default=None, help="Such as in,us; default: all.")
@click.option(
    "--trec", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Write runs and qrels into this folder.",
)  # fmt: skip
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), default=None,
    help="Write the greatest wins and losses with their pictures.",
)  # fmt: skip
def ranking(
    data: Path, gallery: Path | None, workspace: Path | None, split: str | None,
    limit: int | None, as_json: bool, marketplaces: str | None, trec: Path | None,
    html: Path | None,
) -> None:  # fmt: skip
    """NDCG of the re-ranker beside its baselines, on photos asked in every marketplace."""
    settings = load_settings()
    try:
        with open_gallery(gallery or data, settings, workspace) as opened:
            reranker = opened.services.reranker.get()
            report = RankingReport(systems=systems_of(reranker, _blend(settings.models)))
            photos = _asked(opened, data, split, limit)
            judgments: list[Judgment] = []
            for shelf in _shelves(opened, marketplaces):
                keep = _keeper(shelf, judgments) if trec is not None else _forget
                report.judge(with_progress(photos), shelf, opened.services.models.get(), keep)
            document = {
                "gallery": opened.document(),
                "ranker": reranker.version,
                "degraded": list(reranker.degraded),
                **report.document(),
            }
            if trec is not None:
                _write_trec(trec, report.measures, judgments)
            if html is not None and report.measures:
                balance = wins_losses(report.measures["model"], report.measures["similarity"])
                write_win_list(html, balance, report.measures, opened, data)
    except RankerError as error:
        raise CommandError(str(error)) from None
    print_result(document, as_json=as_json)


def _blend(models: Path) -> Mapping[str, float]:
    """The best linear blend that training found, from the card; the documented one without a card."""
    path = models / "ranker" / CARD_FILE
    found = read_card(path).get("linear") if path.is_file() else None
    return found if isinstance(found, dict) else LINEAR_WEIGHTS


def _asked(opened: Gallery, data: Path, split: str | None, limit: int | None) -> list[Asked]:
    models = opened.services.models.get()
    concepts = opened.services.locales().concepts
    found = []
    for labelled in with_progress(asked_photos(data, concepts, DATASETS, split, limit)):
        try:
            photo = decode_photo(labelled.photo)
        except PhotoError:
            continue
        found.append(
            Asked(
                query_id=f"{labelled.dataset}:{labelled.id}",
                item_id=labelled.id,
                look=seen(photo, models),
                truth=truth_of(labelled, concepts),
            )
        )
    return found


def _shelves(opened: Gallery, marketplaces: str | None) -> Iterator[Shelf]:
    known = opened.services.locales().marketplaces
    for name in marketplaces.split(",") if marketplaces else known:
        if name not in known:
            raise CommandError(
                f"there is no marketplace {name!r}. The known are {', '.join(known)}."
            )
        yield Shelf.of(opened.store, known[name].marketplace, known[name].tree)


def _forget(_judged: JudgedQuery, _truth: Truth) -> None:
    """Nothing is kept when no files are asked for."""


def _keeper(shelf: Shelf, judgments: list[Judgment]) -> Callable[[JudgedQuery, Truth], None]:
    """Keeps what the whole marketplace holds for a photo, retrieved or not."""
    products = [candidate.listing.product for candidate in shelf.candidates]

    def keep(judged: JudgedQuery, truth: Truth) -> None:
        values = grades(truth, products, shelf.tree)
        judgments.extend(
            Judgment(query_id=judged.query_id, product_id=product.product_id, grade=int(value))
            for product, value in zip(products, values, strict=True)
            if value > 0 and product.product_id != judged.query_id.rsplit(":", 1)[-1]
        )

    return keep


def _write_trec(
    folder: Path, measures: Mapping[str, list[QueryMeasures]], judgments: list[Judgment]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_qrels(folder / "qrels.txt", judgments)
    for name, values in measures.items():
        lines = [
            RunLine(query_id=m.query_id, product_id=p, rank=rank, score=float(-rank))
            for m in values
            for rank, p in enumerate(m.order, start=1)
        ]
        write_run(folder / f"{name}.run", lines, f"souk-{name}")
