"""`souk rank explain PHOTO`: why each result stands where it does, feature by feature."""

from __future__ import annotations

import json
from pathlib import Path

import click

from catalog.marketplaces import localized
from catalog.search import RankedItem
from ranking.explanation import reasons, sentences
from service.languages import choose_language
from service.parameters import read_parameters
from service.searching import Answered, Asked, run_search
from service.settings import load_settings
from service.wiring import build_services


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--marketplace", default="in", show_default=True)
@click.option("--language", default=None, help="BCP 47; default: the marketplace's own.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 50))
@click.option("--features", default=6, show_default=True, type=click.IntRange(0, 60))
@click.option("--json", "as_json", is_flag=True)
def explain(
    photo: Path, marketplace: str, language: str | None, limit: int, features: int, *, as_json: bool
) -> None:
    """Search as the service does, and take each score apart."""
    answered, spoken = _answered(photo, marketplace, language, limit)
    items = answered.result.items
    if as_json:
        document = {
            "marketplace": answered.shopper.marketplace.id,
            "ranker_degraded": list(answered.result.degraded),
            "items": [_document(item, spoken) for item in items],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for item in items:
        click.echo(described(item, answered.shopper.marketplace.language_chain(spoken), features))
        for sentence in _sentences(item, answered, spoken):
            click.echo(f"     {sentence}")


def _answered(
    photo: Path, marketplace: str, language: str | None, limit: int
) -> tuple[Answered, str]:
    services = build_services(load_settings())
    market = services.market(marketplace)
    spoken = choose_language(market.marketplace, language)
    asked = Asked(
        market=market,
        parameters=read_parameters({"limit": limit, "explain": True, "accessories": False}),
        language=spoken,
        now=services.clock(),
        photo=photo.read_bytes(),
    )
    return run_search(asked, services), spoken


def described(item: RankedItem, languages: tuple[str, ...], features: int) -> str:
    """One item: its score, the sum by family, and the features that moved it most."""
    product = item.candidate.listing.product
    title = localized(dict(product.titles), languages)
    cosine = item.candidate.similarity
    place = f"{item.organic_position:3}. {item.product_id:14} {item.score:+8.3f}"
    lines = [f"{place}  cosine {cosine:.3f}  {title[:60]}"]
    contributions = item.contributions or {}
    families = "  ".join(f"{r.kind} {r.contribution:+.3f}" for r in reasons(contributions))
    lines.append(f"     bias {contributions.get('bias', 0.0):+.3f}  {families}")
    ordered = sorted(
        ((name, value) for name, value in contributions.items() if name != "bias"),
        key=lambda pair: -abs(pair[1]),
    )
    lines += [f"       {name:24} {value:+.4f}" for name, value in ordered[:features] if value]
    return "\n".join(lines)


def _sentences(item: RankedItem, answered: Answered, spoken: str) -> tuple[str, ...]:
    return sentences(item, spoken, answered.shopper.marketplace.prime_name)


def _document(item: RankedItem, spoken: str) -> dict[str, object]:
    return {
        "product_id": item.product_id,
        "organic_position": item.organic_position,
        "score": item.score,
        "similarity": item.candidate.similarity,
        "contributions": dict(item.contributions or {}),
        "explanation": list(sentences(item, spoken)),
    }
