"""`souk evaluate foreign`: pictures of landscapes, pages, icons and noise, which are nothing to buy."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
import numpy as np
from PIL import Image

from catalog.search import Filters
from service.cli import CommandError
from service.commands.evaluation_options import print_result, with_progress
from service.evaluation.foreign import ForeignSeen, foreign_document
from service.pipeline import Shopper, choose_focus
from service.settings import load_settings
from service.stages import RankingConfiguration
from service.wiring import build_services
from vision.photos import PhotoError, decode_photo
from vision.training.nothing import empty_picture

DRAWN_SIDE = 256


@click.command()
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of photos of other things, such as wallpapers; its folders too.",
)
@click.option(
    "--drawn",
    default=300,
    show_default=True,
    type=click.IntRange(0),
    help="So many drawn text pages, icons, charts and noise beside them.",
)
@click.option("--seed", default=99, show_default=True, help="Of the drawn ones.")
@click.option("--marketplace", default="in", show_default=True, help="Whose head and tree answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def foreign(
    pictures: Path | None, drawn: int, seed: int, marketplace: str, *, as_json: bool
) -> None:
    """How many get a leaf, and at half the probability or more. The products of SOUK_HOME vote."""
    services = build_services(load_settings())
    market = services.market(marketplace)
    models = services.models.get()
    stages = services.stages(market, RankingConfiguration())
    shopper = Shopper(
        marketplace=market.marketplace,
        language=market.marketplace.languages[0],
        filters=Filters(marketplace=marketplace),
        now=services.clock(),
    )
    seen: list[ForeignSeen] = []
    for name, content in with_progress([*_photos(pictures), *_drawn(drawn, seed)], " pictures"):
        try:
            photo = decode_photo(content)
        except PhotoError as error:
            click.echo(f"{name}: left out; {error}", err=True)
            continue
        look = stages.look(photo, choose_focus(stages.detect(photo).objects, None).box)
        neighbours = stages.neighbours(look.vector, shopper).candidates
        prediction = stages.classify(look, neighbours, shopper)
        seen.append(ForeignSeen(name=name, prediction=prediction))
    if not seen:
        raise CommandError("There is no picture to look at. Name a folder with --pictures.")
    print_result({"model": models.version, **foreign_document(seen)}, as_json=as_json)


def _photos(folder: Path | None) -> Iterator[tuple[str, bytes]]:
    if folder is None:
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() in (".jpg", ".jpeg", ".png", ".webp"):
            yield str(path.relative_to(folder)), path.read_bytes()


def _drawn(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        written = BytesIO()
        Image.fromarray(empty_picture((), DRAWN_SIDE, rng)).save(written, "PNG")
        yield f"drawn {number}", written.getvalue()
