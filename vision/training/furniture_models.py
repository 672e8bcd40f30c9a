"""The 3D models of Debian's `sweethome3d-furniture`: what they show, who made them, under which licence.

An `.sh3f` archive is a zip with `PluginFurnitureCatalog.properties` (and one file a language), whose
keys are numbered: `name#7=Sofa`, `model#7=/scopia/sofa/sofa.obj`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DEBIAN_FOLDER = Path("/usr/share/sweethome3d/furniture")
LANGUAGES = ("en", "de", "fr", "it", "es")


class ModelsMissingError(Exception):
    """No archive was found; the message names the place and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurnitureModel:
    """One model. `names` by language; `extent` is width, height, depth in centimetres."""

    id: str
    concept: str
    names: Mapping[str, str]
    archive: Path
    path: str
    """The OBJ file inside the archive."""
    creator: str
    licence: str
    extent: tuple[float, float, float]
    rotation: tuple[float, ...]
    """A row-major 3 × 3 matrix to apply first; empty: none."""


def read_models(folder: Path = DEBIAN_FOLDER) -> tuple[FurnitureModel, ...]:
    """All models that show a concept of the home, in a stable order.

    Raises:
        ModelsMissingError: The folder holds no `.sh3f` archive.
    """
    archives = sorted(folder.glob("*.sh3f"))
    if not archives:
        raise ModelsMissingError(
            f"{folder}: no .sh3f archive; install Debian's package sweethome3d-furniture"
        )
    return tuple(model for archive in archives for model in _models_of(archive))


def _models_of(archive: Path) -> Iterator[FurnitureModel]:
    with zipfile.ZipFile(archive) as files:
        plain = _properties(files, "")
        translated = {language: _properties(files, f"_{language}") for language in LANGUAGES[1:]}
    licence = re.split(r"\s{2,}", plain.get("license", ""))[0].strip()
    for key in sorted((k for k in plain if k.startswith("id#")), key=lambda k: int(k[3:])):
        number = key[3:]
        extent = tuple(
            float(plain.get(f"{side}#{number}", 0)) for side in ("width", "height", "depth")
        )
        name, room = plain[f"name#{number}"], plain.get(f"category#{number}", "")
        concept = _SEEN.get(plain[key], concept_of(name, room, extent[1]))
        if concept is None:
            continue
        names = {"en": name} | {
            language: rows[f"name#{number}"]
            for language, rows in translated.items()
            if f"name#{number}" in rows
        }
        yield FurnitureModel(
            id=plain[key],
            concept=concept,
            names=names,
            archive=archive,
            path=plain[f"model#{number}"].lstrip("/"),
            creator=plain.get(f"creator#{number}", plain.get("name", "")),
            licence=licence,
            extent=(extent[0], extent[1], extent[2]),
            rotation=tuple(float(v) for v in plain.get(f"modelRotation#{number}", "").split()),
        )


def _properties(files: zipfile.ZipFile, suffix: str) -> dict[str, str]:
    """A Java properties file: Latin-1 with escapes. Empty when the archive has none for the language."""
    try:
        text = files.read(f"PluginFurnitureCatalog{suffix}.properties").decode("latin-1")
    except KeyError:
        return {}
    rows = re.findall(r"^\s*([^#!\s=][^=\n]*)=(.*)$", text, re.MULTILINE)
    return {key.strip(): _unescaped(value.strip()) for key, value in rows}


def _unescaped(value: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value)


def concept_of(name: str, room: str, height: float) -> str | None:
    """The concept of a model by its English name and room; None: nothing that a home shop sells.

    Tables and lamps are told apart by their height in centimetres, as a shop would.
    """
    concept = next((c for pattern, c in _NAMES if re.fullmatch(pattern, name, re.IGNORECASE)), None)
    if concept == "armchair" and room == "Office":
        return "office_chair"
    if concept == "table" and room == "Office":
        return "desk"
    if concept == "table":
        return "coffee_table" if height < 56 else "dining_table" if height < 82 else "table"
    if concept == "lamp":
        return "floor_lamp" if height > 95 else "table_lamp"
    return concept


def _either(*words: str) -> str:
    return "|".join(words)


_NAMES: tuple[tuple[str, str], ...] = (
    (_either("office chair", "class seat", "desk chair"), "office_chair"),
    (_either("(modern |winchester |rattan )?armchair( ottoman)?", "relax chair"), "armchair"),
    (
        _either(
            "(oak |osaka |plastic |ryokan |teck |cafe |folding |deck |beach |child |children )?chair",
            "chair with cushion",
            "baby high chair",
        ),
        "chair",
    ),
    (_either("(bar )?stool", "bar chair", "puff", "piano bench"), "stool"),
    (_either("(concrete |painted )?bench", "wood bank", "little bank"), "bench"),
    (
        _either(
            "(burlap |clear |corner |rattan |winchester )?sofa( [23] seats)?",
            "couch",
            "futon couch",
            "convertible sofa bz",
        ),
        "sofa",
    ),
    (
        _either("(baby |bunk |captain's |child |day |hospital |iron |mezzanine )?bed", "crib", "futon"),
        "bed",
    ),
    ("bedside table", "bedside_table"),
    (_either("desk", "desk table", "wooden desk", "technical table"), "desk"),
    ("coffee table", "coffee_table"),
    (
        _either(
            "((bar|black|glass|oak|round|cafe|folding|rattan|children|wooden( alder| teak)?) )?table",
            "table on trestles",
            "table with tablecloth",
        ),
        "table",
    ),
    (_either("wardrobe", "cupboard"), "wardrobe"),
    (_either("dresser with drawers", "drawers cabinet"), "chest_of_drawers"),
    (
        _either(
            "((filing|glass door|high|(small )?(lower|upper)( corner| shelves)?|television|sink) )?cabinet",
            "tv stand",
        ),
        "cabinet",
    ),
    (_either("(full )?bookcase", "(vertical )?shelves"), "shelf"),
    (_either("box", "chest", "clothes basket", "crate", "trunck"), "storage_box"),
    ("desk lamp", "desk_lamp"),
    (_either("(chandelier|pendant|ceiling) lamp", "hanging light"), "pendant_lamp"),
    (_either("wall light", "wall lamp artwork", "wall spotlight"), "wall_lamp"),
    (_either("lamp", "little lamp", "pedestal vase lamp", "japanese lantern"), "lamp"),
    (_either("oriental rug", "round carpet", "doormat", "bathmat"), "rug"),
    (_either("curtain", "shower curtain"), "curtain"),
    ("(cuckoo )?clock", "clock"),
    ("frame .*", "picture_frame"),
    (
        _either(
            "vase", "pottery", "old jar", "(little |indoor |decorative |spider |succulent )?plant",
            "bonsai tree", "cactus", "orchids", "spathiphyllum", "yucca", "white lily", "tulips",
            "flowers", "ficus", "bamboo", "plant box", "flower box",
        ),
        "plant_pot",
    ),
    ("towel", "towel"),
    (
        _either(
            "coffee (cup|mug)", "cup", "bowl( with (fruits|salad))?", "(oval )?plate",
            "plate, glass(es)? and cutlery", "teapot", "(cocktail )?glass", "creamer", "tray",
        ),
        "tableware",
    ),
)  # fmt: skip
_SEEN: Mapping[str, str | None] = {
    "Blend Swap CC-0#armchair": "chair",
    "Blend Swap CC-0#foldingChair": "stool",
    "Blend Swap CC-0#lamp2": "pendant_lamp",
    "Blend Swap CC-BY#armChair2": "armchair",
    "Blend Swap CC-BY#chest": "chest_of_drawers",
    "Blend Swap CC-BY#classSeat": "chair",
    "Blend Swap CC-BY#towel": None,
    "Kator Legaz#office-chair": "office_chair",
    "Scopia#bamboo": None,
    "Scopia#box_room": "cabinet",
    "Scopia#children_table": "table",
    "Scopia#ext_chair": "armchair",
    "Scopia#ficusTree": None,
    "Scopia#futon": None,
    "Scopia#kids_desk_chair": "office_chair",
    "Scopia#office_box": "cabinet",
    "Scopia#office_chair": "office_chair",
    "Scopia#office_furniture1": "cabinet",
    "Scopia#pottery": None,
}
"""What a look at the picture corrected: the concept by model id, None where nothing sold is seen."""
