"""`souk search PHOTO --marketplace in`: the API's answer on the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from service.languages import choose_language
from service.parameters import read_parameters
from service.searching import Asked, run_search
from service.settings import load_settings
from service.wire import SearchAnswer
from service.wiring import build_services


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--marketplace", default="us", show_default=True)
@click.option("--language", default=None, help="BCP 47; default: the marketplace's own.")
@click.option("--category", default=None, help="Search below this category.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--explain", is_flag=True, help="Say why each result stands where it does.")
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer.")
def search(
    photo: Path,
    marketplace: str,
    language: str | None,
    category: str | None,
    limit: int,
    explain: bool,
    as_json: bool,
) -> None:
    """Search a marketplace with a photo."""
    services = build_services(load_settings())
    market = services.market(marketplace)
    values: dict[str, object] = {"limit": limit, "explain": explain}
    if category is not None:
        values["category"] = category
    asked = Asked(
        market=market,
        parameters=read_parameters(values),
        language=choose_language(market.marketplace, language),
        now=services.clock(),
        photo=photo.read_bytes(),
    )
    answer = run_search(asked, services).answer
    click.echo(answer.model_dump_json(indent=2) if as_json else described(answer))


def outcomes(answer: SearchAnswer) -> list[str]:
    """What each campaign did or could not do; told with `explain` only."""
    if answer.rules is None:
        return []
    applied = [f"rule {rule.id}: {rule.action} ({rule.reason})" for rule in answer.rules.applied]
    lost = [f"rule {rule.id}: no {rule.action}, {rule.reason}" for rule in answer.rules.lost]
    return applied + lost


def described(answer: SearchAnswer) -> str:
    """The answer for a person's eye."""
    lines = [f"{answer.marketplace} · {answer.language} · {answer.total} listings match"]
    for found in answer.objects:
        mark = "*" if found.id == answer.focus else " "
        if found.category is not None:
            path = " › ".join(found.category.path)
            lines.append(f"{mark} object {found.id}: {path} ({found.category.confidence:.0%})")
    for place, item in enumerate(answer.results, start=1):
        rating = f"★ {item.rating} ({item.rating_count})" if item.rating else "unrated"
        prime = " Prime" if item.prime else ""
        folded = f" +{item.duplicates} alike" if item.duplicates else ""
        lines.append(
            f"{place:3}. {item.product_id:12} {item.title[:48]:48} {item.price.display:>12}  "
            f"{rating}{prime}{folded}"
        )
        lines += [f"       {sentence}" for sentence in item.explanation or []]
    for slot in answer.accessories:
        lines.append(f"  + {slot.title}: " + ", ".join(i.title for i in slot.results))
    lines += outcomes(answer)
    if answer.degraded:
        lines.append("degraded: " + ", ".join(answer.degraded))
    return "\n".join(lines)
