"""`souk evaluate accessories`: do the slots offered meet the yardstick, from photos and products?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from catalog.search import DetectedObject, Prediction
from rules.accessories import MIN_WORN_CONFIDENCE, accessory_slots
from service.commands.evaluation_options import (
    asked_photos,
    evaluation_options,
    print_result,
    spread,
    with_progress,
)
from service.evaluation.accessories import AccessoriesReport, Offered
from service.evaluation.labelled import LabelledPhoto
from service.evaluation.seen import Asker, Groups, SeenPhoto, see
from service.evaluation.yardstick import ExpectedAccessories, read_accessories
from service.gallery import Gallery, open_gallery
from service.pipeline import FilledSlot, answer
from service.searching import product_query
from service.settings import load_settings
from service.stages import Market, RankingConfiguration

DATASETS = ("catalog", "street", "ethnic_extra", "street_ethnic", "home")
MOST_EACH = 40
"""Photos and products asked of each concept, spread over all that there are."""


@click.command()
@evaluation_options
def accessories(
    data: Path,
    gallery: Path | None,
    workspace: Path | None,
    split: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """The slots of `accessories.csv`: offered from photos, from products and by concept."""
    settings = load_settings()
    with open_gallery(gallery or data, settings, workspace) as opened:
        tree = opened.services.locales().concepts
        report = AccessoriesReport(tree=tree)
        expected = read_accessories(settings.locales / "yardstick")
        wanted = {row.seen for row in expected}
        stages = opened.services.stages(opened.services.market("in"), RankingConfiguration())
        shown: dict[str, list[LabelledPhoto]] = defaultdict(list)
        for labelled in asked_photos(data, tree, DATASETS, split, limit):
            if labelled.concepts[0] in wanted:
                shown[labelled.concepts[0]].append(labelled)
        photos = {
            concept: [see(one, stages) for one in spread(asked, MOST_EACH)]
            for concept, asked in with_progress(list(shown.items()), " concepts")
        }
        groups = Groups.of(opened.store)
        for row in with_progress(expected, " lines"):
            for source, answers in _answers(row, opened, photos, groups):
                report.judge(row, source, answers)
        print_result(report.document(), as_json=as_json)


def _answers(
    row: ExpectedAccessories,
    opened: Gallery,
    photos: Mapping[str, Sequence[SeenPhoto]],
    groups: Groups,
) -> Iterator[tuple[str, list[Offered]]]:
    """From each source that exists; the concept alone where no picture of it does."""
    market = opened.services.market(row.marketplace)
    seen = photos.get(row.seen, ())
    products = [p for p, c in opened.listed(row.marketplace).items() if c == row.seen]
    if seen:
        asker = Asker(opened.services, market, groups, opened.services.clock())
        yield "photo", [_of_photo(photo, asker) for photo in seen]
    if products:
        yield (
            "product",
            [_of_product(p, opened, market, groups) for p in spread(products, MOST_EACH)],
        )
    if not seen and not products:
        yield "concept", [_of_concept(row.seen, opened, market)]


def _of_photo(photo: SeenPhoto, asker: Asker) -> Offered:
    result = asker.answer(photo, accessories=True)
    worn = tuple(
        o.concept
        for o in photo.detection.objects
        if o.concept is not None and o.confidence >= MIN_WORN_CONFIDENCE
    )
    return Offered(slots=result.accessories, worn=worn)


def _of_product(product: str, opened: Gallery, market: Market, groups: Groups) -> Offered:
    services = opened.services
    stages = services.stages(market, RankingConfiguration())
    shopper = Asker(services, market, groups, services.clock()).shopper(product, accessories=True)
    candidate = services.index.get().get(market.marketplace.id, [product])[0]
    return Offered(
        slots=answer(product_query(candidate, stages, shopper), shopper, stages).accessories
    )


def _of_concept(concept: str, opened: Gallery, market: Market) -> Offered:
    leaf = market.tree.leaf_of(concept)
    prediction = Prediction(
        category=leaf or "",
        confidence=1.0,
        concept=concept,
        concepts={concept: 1.0},
        categories={leaf: 1.0} if leaf else {},
    )
    objects: tuple[DetectedObject, ...] = ()
    slots = accessory_slots(objects, prediction, market.accessories, opened.services.clock())
    return Offered(slots=tuple(FilledSlot(slot=slot, items=()) for slot in slots))
