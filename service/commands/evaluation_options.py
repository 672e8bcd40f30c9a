"""What the evaluating commands share: their options, the photos asked for, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click
from tqdm import tqdm

from catalog.concepts import ConceptTree
from service.cli import CommandError
from service.evaluation.labelled import LabelledPhoto, labelled_photos, split_rows

F = TypeVar("F", bound=Callable[..., object])

OPTIONS = (
    click.option(
        "--data",
        required=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder with catalog/, street/, ethnic_extra/, street_ethnic/, home/, any part missing.",
    ),
    click.option(
        "--gallery",
        default=None,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder whose pictures are searched; default: --data itself.",
    ),
    click.option(
        "--workspace",
        default=None,
        type=click.Path(file_okay=False, path_type=Path),
        help="Keep the gallery here and reuse it; default: a temporary one.",
    ),
    click.option(
        "--split",
        default=None,
        type=click.Choice(["brand", "product"]),
        help="Only the test rows of tests/cases/splits.csv, by unseen brand or by product.",
    ),
    click.option("--limit", default=None, type=click.IntRange(1), help="At most so many photos."),
    click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output."),
)

SPLITS = Path(__file__).resolve().parents[2] / "tests" / "cases" / "splits.csv"


def evaluation_options(command: F) -> F:
    """Add the shared options to a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def asked_photos(
    data: Path,
    tree: ConceptTree,
    datasets: Sequence[str],
    split: str | None,
    limit: int | None,
    rows: str = "test",
) -> list[LabelledPhoto]:
    """The photos to ask about, spread evenly when there is a limit; of a split only its `rows`."""
    only: Collection[tuple[str, str]] | None = None
    if split is not None:
        if not SPLITS.is_file():
            raise CommandError(f"--split needs {SPLITS.name} of the checkout; it is not here.")
        only = split_rows(SPLITS, split, rows)
    photos = list(labelled_photos(data, tree, datasets, only))
    if not photos:
        raise CommandError(
            f"{data} holds no labelled pictures. It should have folders such as catalog/ with "
            "products.csv and images.zip."
        )
    return photos if limit is None else spread(photos, limit)


T = TypeVar("T")


def spread(all_of_them: Sequence[T], most: int) -> list[T]:
    """At most so many, evenly over the whole."""
    step = max(1.0, len(all_of_them) / most)
    return [all_of_them[int(i * step)] for i in range(min(most, len(all_of_them)))]


def with_progress(photos: Sequence[T], unit: str = " photos") -> Iterator[T]:
    """A bar on standard error, on a terminal only."""
    yield from tqdm(photos, unit=unit, disable=not sys.stderr.isatty())


def print_result(document: object, *, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))
