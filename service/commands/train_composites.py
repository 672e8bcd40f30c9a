"""`souk train composites`: composed training pictures with their boxes, and a sheet to look at."""

from __future__ import annotations

import json
from pathlib import Path

import click
from PIL import Image
from tqdm import tqdm

from catalog.search import Box
from service.cli import CommandError
from service.commands.training_options import concept_tree
from vision.training.backgrounds import load_backgrounds
from vision.training.composites import Studio
from vision.training.contact_sheets import contact_sheet
from vision.training.scenes import Scene
from vision.training.splits import load_splits
from vision.training.sprites import load_sprites

SHEET_SCENES = 48
BOXES = "boxes.jsonl"


@click.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Labelled pictures.")
@click.option("--splits", type=click.Path(path_type=Path), default=Path("tests/cases/splits.csv"))
@click.option("--seed", default=1, show_default=True)
@click.option("--count", default=200, show_default=True, help="How many scenes.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for pictures and boxes.jsonl.")
@click.option("--sheet", type=click.Path(path_type=Path), help="One picture of the first scenes.")
@click.option("--screenshots", default=0.2, show_default=True, help="Share shown on a phone.")
@click.option("--json", "as_json", is_flag=True)
def composites(
    data: Path, splits: Path, seed: int, count: int, out: Path | None, sheet: Path | None,
    screenshots: float, *, as_json: bool,
) -> None:  # fmt: skip
    """Compose COUNT scenes from trained pictures; the same for the same SEED."""
    if out is None and sheet is None:
        raise CommandError("nothing to write. Give --out DIR, --sheet FILE or both.")
    studio = load_studio(data, splits)
    scenes = studio.scenes(seed, count, screenshots=screenshots)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / BOXES).unlink(missing_ok=True)
    shown: list[Scene] = []
    objects = 0
    for index, scene in enumerate(tqdm(scenes, total=count, disable=None, unit="scene")):
        objects += len(scene.objects)
        if index < SHEET_SCENES:
            shown.append(scene)
        if out is not None:
            _save(scene, out, f"{seed}-{index:06d}")
    if sheet is not None:
        _save_sheet(shown, sheet)
    found = {"scenes": count, "objects": objects, "seed": seed}
    click.echo(json.dumps(found) if as_json else f"{count} scenes with {objects} boxes.")


def load_studio(data: Path, splits: Path, renders: Path | None = None) -> Studio:
    """What scenes are drawn from. Raises CommandError when pictures or splits are missing."""
    if not data.is_dir():
        raise CommandError(f"{data} is no folder. Give the folder that holds catalog/, street/ ….")
    if not splits.is_file():
        raise CommandError(f"{splits} is missing. Run from the checkout or give --splits FILE.")
    tree = concept_tree()
    table = load_splits(splits)
    sprites = load_sprites(data, table, tree, renders)
    if not sprites.things:
        raise CommandError(f"{data} holds no trained picture that can be cut out. Check --splits.")
    return Studio(sprites=sprites, backgrounds=load_backgrounds(data, table))


def _save(scene: Scene, folder: Path, name: str) -> None:
    Image.fromarray(scene.pixels).save(folder / f"{name}.jpg", quality=92)
    boxes = [
        {"kind": thing.kind, "box": [round(v, 4) for v in _corners(thing.box)]}
        for thing in scene.objects
    ]
    line = json.dumps({"file": f"{name}.jpg", "made": scene.made, "objects": boxes})
    with (folder / BOXES).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _save_sheet(scenes: list[Scene], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(scenes).save(path)


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
