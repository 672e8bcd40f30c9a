"""`souk rules preview`: one search under the rules that serve and under a draft, side by side."""

from __future__ import annotations

from pathlib import Path

import click

from documents.findings import DocumentError
from rules.drafts import UnknownRuleError, with_draft_rule
from rules.loading import load_locales
from service.cli import CommandError
from service.languages import choose_language
from service.parameters import read_parameters
from service.preview_page import Picture, difference, preview_page
from service.searching import Asked, run_search
from service.services import Services, resolve_market
from service.settings import load_settings
from service.stages import Market
from service.wire import SearchAnswer
from service.wiring import build_services


@click.command()
@click.argument("draft", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--marketplace", required=True)
@click.option("--region", default=None, help="As this region of the marketplace sees it.")
@click.option("--photo", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None)
@click.option("--product", default=None, help="Search with a product instead of a photo.")
@click.option(
    "--only", default=None, help="This draft rule alone, without the others of the draft."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("preview.html"), show_default=True
)
def preview(
    draft: Path,
    marketplace: str,
    region: str | None,
    photo: Path | None,
    product: str | None,
    only: str | None,
    out: Path,
) -> None:
    """Write a page with the results before and after DRAFT, a folder of locale files."""
    if (photo is None) == (product is None):
        raise CommandError("name one of --photo and --product.")
    try:
        services = build_services(load_settings())
        before = services.market(marketplace, region=region)
        drafted = load_locales(draft)
        if only is not None:
            drafted = with_draft_rule(
                services.locales(), drafted, before.marketplace.id, only, region=region
            )
        after = resolve_market(drafted, before.marketplace.id, region)
        answers = [_answer(services, market, photo, product) for market in (before, after)]
    except UnknownRuleError as error:
        raise CommandError(str(error)) from None
    except DocumentError as error:
        raise CommandError(f"{error.findings[0]} Run souk rules check {draft} first.") from None
    title = f"{only or draft.name} in {marketplace}{f'/{region}' if region else ''}"
    picture = _pictures(services, before)
    out.write_text(preview_page(title, answers[0], answers[1], picture), encoding="utf-8")
    click.echo(f"{out}: {difference(answers[0], answers[1])}")


def _answer(
    services: Services, market: Market, photo: Path | None, product: str | None
) -> SearchAnswer:
    values: dict[str, object] = {"limit": 20, "explain": True}
    if product is not None:
        values["product_id"] = product
    asked = Asked(
        market=market,
        parameters=read_parameters(values),
        language=choose_language(market.marketplace, None),
        now=services.clock(),
        photo=photo.read_bytes() if photo is not None else None,
    )
    return run_search(asked, services).answer


def _pictures(services: Services, market: Market) -> Picture:
    def picture(product_id: str) -> Path | None:
        found = services.index.get().get(market.marketplace.id, [product_id])
        image = found[0].listing.product.image if found else None
        path = services.settings.pictures / image if image is not None else None
        return path if path is not None and path.is_file() else None

    return picture
