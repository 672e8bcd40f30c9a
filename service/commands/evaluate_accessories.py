"""`souk evaluate accessories`: do the slots offered meet the yardstick, from photos and products?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from catalog.search import DetectedObject, Slot
from rules.accessories import MIN_WORN_CONFIDENCE, accessory_slots
from rules.expectations import seen_alone
from service.commands.evaluation_options import (
    asked_photos,
    evaluation_options,
    print_result,
    spread,
    with_progress,
)
from service.evaluation.accessories import AccessoriesReport, Offered
from service.evaluation.altered import altered
from service.evaluation.labelled import LabelledPhoto
from service.evaluation.seen import Asker, Groups, SeenPhoto, see
from service.evaluation.yardstick import ExpectedAccessories, read_accessories
from service.gallery import Gallery, open_gallery
from service.pipeline import FilledSlot, Query, Shopper, Stages, answer
from service.searching import product_query
from service.settings import load_settings
from service.stages import Market, RankingConfiguration

DATASETS = ("catalog", "street", "ethnic_extra", "street_ethnic", "home")
MOST_EACH = 40
"""Photos and products asked of each concept, spread over all that there are."""


@click.command()
@evaluation_options
@click.option(
    "--rows",
    type=click.Choice(["val", "test"]),
    default="test",
    show_default=True,
    help="With --split: the rows set aside for choosing, or those for reporting.",
)
@click.option("--sure", is_flag=True, help="Take the likeliest reading of a photo for certain.")
@click.option("--altered", "worse", is_flag=True, help="Each photo in seven worse ways instead.")
def accessories(
    data: Path,
    gallery: Path | None,
    workspace: Path | None,
    split: str | None,
    limit: int | None,
    as_json: bool,
    rows: str,
    sure: bool,
    worse: bool,
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
        for labelled in asked_photos(data, tree, DATASETS, split, limit, rows):
            if labelled.concepts[0] in wanted:
                shown[labelled.concepts[0]].append(labelled)
        photos = {
            concept: [see(one, stages) for one in _asked(asked, worse=worse)]
            for concept, asked in with_progress(list(shown.items()), " concepts")
        }
        asking = _Asking(opened=opened, photos=photos, sure=sure)
        for row in with_progress(expected, " lines"):
            for source, answers in asking.answers(row):
                report.judge(row, source, answers)
        print_result(report.document(), as_json=as_json)


def _asked(photos: Sequence[LabelledPhoto], *, worse: bool) -> Iterator[LabelledPhoto]:
    for photo in spread(photos, MOST_EACH):
        yield from altered(photo) if worse else (photo,)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One gallery, asked about each line of the yardstick in its marketplace."""

    opened: Gallery
    photos: Mapping[str, Sequence[SeenPhoto]]
    sure: bool

    def answers(self, row: ExpectedAccessories) -> Iterator[tuple[str, list[Offered]]]:
        """From each source that exists; the concept alone where no picture of it does."""
        services = self.opened.services
        market = services.market(row.marketplace)
        seen = self.photos.get(row.seen, ())
        products = [p for p, c in self.opened.listed(row.marketplace).items() if c == row.seen]
        asker = Asker(
            services,
            market,
            Groups.of(self.opened.store),
            services.clock(),
            change=partial(_as_sure, market=market) if self.sure else _unchanged,
        )
        if seen:
            yield "photo", [self._of_photo(photo, row.seen, asker, market) for photo in seen]
        if products:
            asked = spread(products, MOST_EACH)
            yield "product", [self._of_product(p, row.seen, asker, market) for p in asked]
        if not seen and not products:
            slots = _by_rules((), row.seen, None, market, services.clock())
            filled = tuple(FilledSlot(slot=slot, items=()) for slot in slots)
            yield "concept", [Offered(slots=filled, by_rules=slots)]

    def _of_photo(self, photo: SeenPhoto, concept: str, asker: Asker, market: Market) -> Offered:
        result = asker.answer(photo, accessories=True)
        objects = photo.detection.objects
        worn = tuple(
            o.concept
            for o in objects
            if o.concept is not None and o.confidence >= MIN_WORN_CONFIDENCE
        )
        now = self.opened.services.clock()
        by_rules = _by_rules(objects, concept, photo.labelled.gender, market, now)
        return Offered(slots=result.accessories, worn=worn, by_rules=by_rules)

    def _of_product(self, product: str, concept: str, asker: Asker, market: Market) -> Offered:
        services = self.opened.services
        stages = services.stages(market, RankingConfiguration())
        shopper = asker.shopper(product, accessories=True)
        candidate = services.index.get().get(market.marketplace.id, [product])[0]
        result = answer(product_query(candidate, stages, shopper), shopper, stages)
        gender = candidate.listing.product.gender
        by_rules = _by_rules((), concept, gender, market, services.clock())
        return Offered(slots=result.accessories, by_rules=by_rules)


def _unchanged(stages: Stages) -> Stages:
    return stages


def _as_sure(stages: Stages, *, market: Market) -> Stages:
    """The same stages, whose slots are those of the likeliest reading alone."""

    def slots(query: Query, shopper: Shopper) -> tuple[Slot, ...]:
        return accessory_slots(query.objects, query.prediction, market.accessories, shopper.now)

    return replace(stages, slots=slots)


def _by_rules(
    objects: Sequence[DetectedObject],
    concept: str,
    gender: str | None,
    market: Market,
    now: datetime,
) -> tuple[Slot, ...]:
    prediction = seen_alone(concept, market.accessories, gender)
    return accessory_slots(objects, prediction, market.accessories, now)
