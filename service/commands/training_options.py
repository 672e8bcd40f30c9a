"""What the training commands share: their options, and the concepts that they teach."""

from __future__ import annotations

from pathlib import Path

import click

from catalog.concepts import ConceptTree
from catalog.locale_files import load_concepts
from service.commands.evaluation_options import SPLITS
from service.settings import load_settings

DATA = click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with catalog/, street/, ethnic_extra/, home/, backgrounds/, any part missing.",
)
SPLITS_OPTION = click.option(
    "--splits",
    default=SPLITS,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with dataset, id, product_split, brand_split, fold.",
)
RENDERS = click.option(
    "--renders",
    type=click.Path(exists=True, path_type=Path),
    help="Folder of `souk train renders`.",
)
MADE = click.option(
    "--made",
    type=click.Path(exists=True, path_type=Path),
    help="Folder of `souk train renders --furnishings`.",
)


def concept_tree() -> ConceptTree:
    """That of SOUK_LOCALES."""
    return load_concepts(load_settings().locales / "concepts.yaml")
