"""`souk evaluate retrieval`: what the vectors alone find, and how exact the index is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from catalog.products import Vector
from catalog.search import Filters
from retrieval.exact import ExactIndex
from service.commands.evaluation_options import (
    asked_photos,
    evaluation_options,
    print_result,
    with_progress,
)
from service.evaluation.retrieval import RetrievalReport
from service.evaluation.seen import Asker, Groups, see
from service.gallery import Gallery, open_gallery
from service.settings import load_settings
from service.stages import RankingConfiguration

CATALOGUE = ("catalog", "ethnic_extra", "home")
WILD = ("street", "street_ethnic")
RECALL_QUERIES = 100


@click.command()
@evaluation_options
@click.option("--marketplace", default="in", show_default=True, help="Whose stock is searched.")
def retrieval(
    data: Path,
    gallery: Path | None,
    workspace: Path | None,
    split: str | None,
    limit: int | None,
    as_json: bool,
    marketplace: str,
) -> None:
    """Precision@10 of plain kNN in the catalogue and in the wild, and recall against exact."""
    with open_gallery(gallery or data, load_settings(), workspace) as opened:
        services = opened.services
        tree = services.locales().concepts
        market = services.market(marketplace)
        asker = Asker(services, market, Groups.of(opened.store), services.clock())
        stages = services.stages(market, RankingConfiguration())
        report = RetrievalReport(tree=tree)
        vectors: list[Vector] = []
        for labelled in with_progress(asked_photos(data, tree, (*CATALOGUE, *WILD), split, limit)):
            seen = see(labelled, stages)
            vectors.append(seen.look.vector)
            report.judge(seen, asker, wild=labelled.dataset in WILD)
        document = {
            "gallery": opened.document(),
            **report.document(),
            "recall@100_vs_exact": _recall(opened, marketplace, vectors[:: _step(vectors)]),
        }
        print_result(document, as_json=as_json)


def _step(vectors: Sequence[Vector]) -> int:
    return max(1, len(vectors) // RECALL_QUERIES)


def _recall(opened: Gallery, marketplace: str, vectors: Sequence[Vector]) -> float:
    index = opened.services.index.get()
    market = opened.services.market(marketplace)
    records = tuple(opened.store.records(marketplace, market.tree))
    exact = ExactIndex({marketplace: records}, model=index.version.model)
    filters = Filters(marketplace=marketplace)
    shares = []
    for vector in vectors:
        truth = {c.product_id for c in exact.nearest(vector, filters, 100).candidates}
        found = {c.product_id for c in index.nearest(vector, filters, 100).candidates}
        shares.append(len(truth & found) / max(1, len(truth)))
    return round(sum(shares) / len(shares), 4)
