"""`souk evaluate runs`: what a single training run's network does alone, for the ablation table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from service.cli import CommandError
from service.commands.evaluation_options import SPLITS, print_result
from service.commands.training_extra import training_extra
from service.evaluation.retrieval import DEPTH, RetrievalReport
from service.evaluation.vision import judge_alone, vision_document
from service.settings import load_settings
from service.wiring import build_services
from vision.training.samples import read_samples
from vision.training.splits import load_splits

if TYPE_CHECKING:
    from vision.training.alone import Seen

SOLD = ("catalog", "ethnic_extra", "home")
"""The data sets whose pictures are searched."""
WILD = "street"


@click.command()
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with catalog/, street/, ethnic_extra/, home/.",
)
@click.option(
    "--work",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where `souk train embedder` left its runs.",
)
@click.option("--run", "names", multiple=True, required=True, help="A run; may be repeated.")
@click.option(
    "--split", type=click.Choice(["brand", "product"]), default="brand", show_default=True,
    help="Whose rows are measured.",
)  # fmt: skip
@click.option(
    "--rows", type=click.Choice(["val", "test"]), default="val", show_default=True,
    help="The rows set aside for choosing, or those for reporting.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def runs(
    data: Path, work: Path, names: tuple[str, ...], split: str, rows: str, as_json: bool
) -> None:
    """Top-1, and precision@10 of the run's own vectors over every picture sold (extra `train`).

    One network, whole pictures, its own last layers; no votes and no colours. The gap is precision
    in the catalogue less that of street photos, on the labels common to both.
    """
    with training_extra():
        from vision.training.alone import run_network, seen_alone  # noqa: PLC0415
        from vision.training.build import RUNS, SIDE, Materials  # noqa: PLC0415
    unknown = [name for name in names if name not in RUNS]
    if unknown:
        raise CommandError(f"There is no run {unknown[0]!r}. Known are {', '.join(RUNS)}.")
    market = build_services(load_settings()).market("in")
    materials = Materials(data=data, tree=market.concepts, splits=load_splits(SPLITS))
    samples = read_samples(data, market.concepts, materials.splits).samples
    asked = {s.id for s in samples if s.split.part(split) == rows}
    document: dict[str, object] = {"split": split, "rows": rows, "side": SIDE}
    for name in names:
        try:
            network = run_network(name, materials, work)
        except FileNotFoundError as error:
            raise CommandError(
                f"{error.filename} is missing; train it: souk train embedder --run {name}"
            ) from error
        seen = list(seen_alone(network, materials, samples, SIDE))
        document[name] = _measured(seen, asked, market.concepts, market.tree)
    print_result(document, as_json=as_json)


def _measured(
    seen: Sequence[Seen], asked: set[str], concepts: ConceptTree, tree: CategoryTree
) -> dict[str, object]:
    queries = [s for s in seen if s.sample.id in asked]
    judged = [judge_alone(s.concepts, s.sample, concepts, tree) for s in queries]
    report = RetrievalReport(tree=concepts)
    sold = [s for s in seen if s.sample.dataset in SOLD]
    for query, found in zip(queries, _nearest(queries, sold), strict=True):
        report.count(query.sample.concepts, found, wild=query.sample.dataset == WILD)
    return {
        "vision": vision_document(tree.marketplace, judged, {}),
        "retrieval": report.document(),
    }


def _nearest(queries: Sequence[Seen], sold: Sequence[Seen]) -> Iterable[list[str]]:
    """The concepts of the nearest things sold by dot product, the query itself left out."""
    gallery = np.stack([s.vector for s in sold])
    for query in queries:
        order = np.argsort(-(gallery @ query.vector), kind="stable")[: DEPTH + 1]
        yield [sold[i].sample.concepts[0] for i in order if sold[i].sample is not query.sample]
