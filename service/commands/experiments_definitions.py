"""Finding an experiment's definition for a command."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import click

from catalog.locale_files import load_marketplaces
from documents.findings import errors
from experiments.definitions import Experiment, Experiments
from experiments.loading import load_experiments
from service.cli import CommandError
from service.settings import load_settings

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
FOLDER = click.option(
    "--folder", type=click.Path(path_type=Path), default=None, help="Default: of SOUK_LOCALES."
)


class UnusableFolderError(CommandError):
    """There is nothing to check: exit code 2, so that a script can tell it from problems."""

    exit_code: ClassVar[int] = 2


def read_experiments(folder: Path | None) -> Experiments:
    """Every definition; marketplaces are those of the folder's own locale files, else the project's."""
    settings = load_settings()
    folder = folder or settings.locales / "experiments"
    if not folder.is_dir():
        raise UnusableFolderError(
            f"{folder} is no folder. Name the folder of the experiments' definitions."
        )
    beside = folder.parent if (folder.parent / "concepts.yaml").is_file() else settings.locales
    return load_experiments(folder, load_marketplaces(beside).marketplaces)


def find_experiment(key: str, folder: Path | None) -> Experiment:
    """The definition, which must have no error."""
    found = read_experiments(folder)
    experiment = found.by_key.get(key)
    if experiment is None:
        known = ", ".join(sorted(found.by_key)) or "none"
        raise CommandError(f"There is no experiment {key!r}. Known: {known}.")
    broken = [f for f in errors(found.findings) if f.rule == key]
    if broken:
        raise CommandError(f"{key} has {len(broken)} problems.\n" + "\n".join(map(str, broken)))
    return experiment
