"""`souk train renders`: pictures of 3D furniture models for training and for the demo catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import click
from tqdm import tqdm

from service.cli import CommandError
from service.commands.training_extra import training_extra


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option(
    "--views", default=6, show_default=True, type=click.IntRange(1, 64), help="Pictures a model."
)
@click.option("--seed", default=1, show_default=True, help="Decides viewpoints and lights.")
@click.option(
    "--side", default=224, show_default=True, type=click.IntRange(32, 1024), help="Pixels."
)
@click.option("--models", type=click.Path(path_type=Path), help="Folder of .sh3f archives.")
@click.option("--limit", type=click.IntRange(1), help="Only the first models.")
@click.option(
    "--furnishings",
    type=click.IntRange(1),
    help="So many of each kind that souk puts together itself, instead of the package's models.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def renders(
    out: Path,
    views: int,
    seed: int,
    side: int,
    models: Path | None,
    limit: int | None,
    furnishings: int | None,
    *,
    as_json: bool,
) -> None:
    """Render the furniture of Debian's sweethome3d-furniture into OUT, with renders.csv beside it."""
    with training_extra():
        # The extra `train` may be missing: then one sentence, not a stack trace.
        from vision.training.furnishings import MADE  # noqa: PLC0415
        from vision.training.furniture_models import (  # noqa: PLC0415
            DEBIAN_FOLDER,
            ModelsMissingError,
            read_models,
        )
        from vision.training.rendering import RendererMissingError  # noqa: PLC0415
        from vision.training.renders import write_furnishings, write_renders  # noqa: PLC0415
    if furnishings and (models or limit):
        raise CommandError(
            "--models and --limit choose among the package's models, and --furnishings takes none of "
            "them. Leave out one or the other."
        )
    how = {"views": views, "seed": seed, "side": side}
    try:
        found = () if furnishings else read_models(models or DEBIAN_FOLDER)[:limit]
        count = len(MADE) * furnishings if furnishings else len(found)
        with tqdm(total=count, unit="model", disable=None) as bar:

            def shown(done: int) -> None:
                bar.update(done - bar.n)

            if furnishings:
                written = write_furnishings(out, each=furnishings, progress=shown, **how)
            else:
                written = write_renders(found, out, progress=shown, **how)
    except (ModelsMissingError, RendererMissingError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{out}: {error.strerror}; name a folder that can be written") from error
    if as_json:
        summary = {"models": count, "pictures": written, "out": str(out), "seed": seed}
        click.echo(json.dumps(summary))
    else:
        click.echo(f"{written} pictures of {count} models in {out}")
