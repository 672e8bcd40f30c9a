"""`souk rules preview`: one search under the rules that serve and under a draft, side by side."""

from __future__ import annotations

import base64
import html
from pathlib import Path

import click

from documents.findings import DocumentError
from rules.drafts import UnknownRuleError, with_draft_rule
from rules.loading import Locales, load_locales
from service.cli import CommandError
from service.languages import choose_language
from service.parameters import read_parameters
from service.problems import Problem
from service.searching import Asked, find_product, run_search
from service.services import Services
from service.settings import SettingsError, load_settings
from service.stages import Market
from service.wire import SearchAnswer
from service.wiring import build_services


@click.command()
@click.argument("draft", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--marketplace", required=True)
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
        before = services.market(marketplace)
        drafted = load_locales(draft)
        if only is not None:
            drafted = with_draft_rule(services.locales(), drafted, before.marketplace.id, only)
        markets = (before, _market(drafted, before.marketplace.id))
        answers = [_answer(services, market, photo, product) for market in markets]
    except (SettingsError, UnknownRuleError) as error:
        raise CommandError(str(error)) from None
    except DocumentError as error:
        raise CommandError(f"{error.findings[0]} Run souk rules check {draft} first.") from None
    except Problem as problem:
        raise CommandError(problem.detail) from None
    out.write_text(_page(services, before, answers), encoding="utf-8")
    changed = [r.product_id for r in answers[0].results] != [
        r.product_id for r in answers[1].results
    ]
    click.echo(f"{out}: the results {'differ' if changed else 'are the same'}.")


def _market(locales: Locales, marketplace: str) -> Market:
    found = locales.marketplaces[marketplace]
    return Market(marketplace=found.marketplace, tree=found.tree, concepts=locales.concepts,
                  accessories=found.accessories, campaigns=found.campaigns,
                  rules_version=locales.version)  # fmt: skip


def _answer(
    services: Services, market: Market, photo: Path | None, product: str | None
) -> SearchAnswer:
    values: dict[str, object] = {"limit": 20}
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


def _page(services: Services, market: Market, answers: list[SearchAnswer]) -> str:
    columns = "".join(
        f"<section><h2>{title} ({html.escape(answer.versions.rules)})</h2><ol>"
        + "".join(_item(services, market, answer, place) for place in range(len(answer.results)))
        + f"</ol><p>Accessories: {_slots(answer)}</p></section>"
        for title, answer in zip(("Now", "Draft"), answers, strict=True)
    )
    style = "main{display:flex;gap:2em}section{flex:1}img{height:96px;vertical-align:middle}"
    return (f"<!doctype html><meta charset=utf-8><title>Preview</title><style>{style}</style>"
            f"<main>{columns}</main>")  # fmt: skip


def _slots(answer: SearchAnswer) -> str:
    return html.escape(", ".join(slot.title for slot in answer.accessories))


def _item(services: Services, market: Market, answer: SearchAnswer, place: int) -> str:
    result = answer.results[place]
    image = find_product(services, market, result.product_id).listing.product.image
    picture = ""
    if image is not None and (path := services.settings.pictures / image).is_file():
        data = base64.b64encode(path.read_bytes()).decode()
        picture = f'<img alt="" src="data:image/jpeg;base64,{data}"> '
    rules = "; ".join(f"{rule.id}: {rule.action}" for rule in result.rules)
    return f"<li>{picture}{html.escape(result.title)} <small>{html.escape(rules)}</small></li>"
