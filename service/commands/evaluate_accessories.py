"""`souk evaluate accessories`: do the slots offered meet the yardstick, from photos and products?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from service.evaluation.yardstick import read_accessories
from service.gallery import Gallery, open_gallery
from service.pipeline import FilledSlot, Query, Shopper, Stages, answer
from service.searching import product_query
from service.services import Services
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
        groups = Groups.of(opened.store)
        asking = {
            marketplace: _asking(opened, marketplace, groups, photos, sure=sure)
            for marketplace in {row.marketplace for row in expected}
        }
        for row in with_progress(expected, " lines"):
            for source, answers in asking[row.marketplace].answers(row.seen):
                report.judge(row, source, answers)
        print_result(report.document(), as_json=as_json)


def _asked(photos: Sequence[LabelledPhoto], *, worse: bool) -> Iterator[LabelledPhoto]:
    for photo in spread(photos, MOST_EACH):
        yield from altered(photo) if worse else (photo,)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """One marketplace of the gallery, asked about lines of the yardstick."""

    services: Services
    market: Market
    stages: Stages
    asker: Asker
    listed: Mapping[str, str]
    """Product → concept."""
    photos: Mapping[str, Sequence[SeenPhoto]]

    def answers(self, concept: str) -> Iterator[tuple[str, list[Offered]]]:
        """From each source that exists; the concept alone where no picture of it does."""
        seen = self.photos.get(concept, ())
        products = [p for p, c in self.listed.items() if c == concept]
        if seen:
            yield "photo", [self._of_photo(photo, concept) for photo in seen]
        if products:
            asked = spread(products, MOST_EACH)
            yield "product", [self._of_product(product, concept) for product in asked]
        if not seen and not products:
            slots = self._by_rules((), concept, None)
            filled = tuple(FilledSlot(slot=slot, items=()) for slot in slots)
            yield "concept", [Offered(slots=filled, by_rules=slots)]

    def _of_photo(self, photo: SeenPhoto, concept: str) -> Offered:
        result = self.asker.answer(photo, accessories=True)
        objects = photo.detection.objects
        worn = tuple(
            o.concept
            for o in objects
            if o.concept is not None and o.confidence >= MIN_WORN_CONFIDENCE
        )
        by_rules = self._by_rules(objects, concept, photo.labelled.gender)
        return Offered(slots=result.accessories, worn=worn, by_rules=by_rules)

    def _of_product(self, product: str, concept: str) -> Offered:
        shopper = self.asker.shopper(product, accessories=True)
        candidate = self.services.index.get().get(self.market.marketplace.id, [product])[0]
        result = answer(product_query(candidate, self.stages, shopper), shopper, self.stages)
        by_rules = self._by_rules((), concept, candidate.listing.product.gender)
        return Offered(slots=result.accessories, by_rules=by_rules)

    def _by_rules(
        self, objects: Sequence[DetectedObject], concept: str, gender: str | None
    ) -> tuple[Slot, ...]:
        rules = self.market.accessories
        prediction = seen_alone(concept, rules, gender)
        return accessory_slots(objects, prediction, rules, self.services.clock())


def _asking(
    opened: Gallery,
    marketplace: str,
    groups: Groups,
    photos: Mapping[str, Sequence[SeenPhoto]],
    *,
    sure: bool,
) -> _Asking:
    services = opened.services
    market = services.market(marketplace)
    change = partial(_as_sure, market=market) if sure else _unchanged
    return _Asking(
        services=services,
        market=market,
        stages=services.stages(market, RankingConfiguration()),
        asker=Asker(services, market, groups, services.clock(), change=change),
        listed=opened.listed(marketplace),
        photos=photos,
    )


def _unchanged(stages: Stages) -> Stages:
    return stages


def _as_sure(stages: Stages, *, market: Market) -> Stages:
    """The same stages, whose slots are those of the likeliest reading alone."""

    def slots(query: Query, shopper: Shopper) -> tuple[Slot, ...]:
        return accessory_slots(query.objects, query.prediction, market.accessories, shopper.now)

    return replace(stages, slots=slots)
