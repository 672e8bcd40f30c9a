"""`models/manifest.json`: which files make up a version of the models, with their checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vision.heads import HeadSettings

MANIFEST = "manifest.json"
DEFAULT_HEAD = "default"
"""The settings of a marketplace that has no fit of its own."""


class ModelError(Exception):
    """A model file is missing, damaged or of another version; the message names it and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What was written together and must be loaded together."""

    version: str
    side: int
    """Pixels a side of the square that both networks read."""
    colour_weight: float
    """Share of the vector's squared length that is the colour histogram's, 0 to 1."""
    mirrored: bool
    """Whether features are the mean of a square's and its mirror image's."""
    files: Mapping[str, str]
    """sha256 by file name."""
    heads: Mapping[str, HeadSettings]
    """By marketplace, and `default`."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest, with every file checked. Raises ModelError."""
    path = folder / MANIFEST
    if not path.exists():
        raise ModelError(
            f"{path} is missing. Set SOUK_MODELS to a folder with the shipped models, or run "
            "`souk train embedder` to make them."
        )
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(
            version=str(written["version"]),
            side=int(written["side"]),
            colour_weight=float(written["colour_weight"]),
            mirrored=bool(written["mirrored"]),
            files={str(name): str(digest) for name, digest in written["files"].items()},
            heads={str(name): HeadSettings(**values) for name, values in written["heads"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is not a manifest of this version of souk ({error!r}). Take manifest.json and "
            "the model files from one release."
        ) from error
    for name, digest in manifest.files.items():
        check_file(folder / name, digest, manifest.version)
    return manifest


def check_file(path: Path, digest: str, version: str) -> None:
    """Raises ModelError when the file is missing or is not the one the manifest names."""
    if not path.exists():
        raise ModelError(
            f"{path} is missing; models version {version} needs it. Restore it from the release "
            "or with `git checkout -- models`."
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise ModelError(
            f"{path} has sha256 {found[:12]}…, but {MANIFEST} of version {version} names "
            f"{digest[:12]}…. Take both from one release, or run `git checkout -- models`."
        )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it beside its files, whole or not at all."""
    written = {
        "version": manifest.version,
        "side": manifest.side,
        "colour_weight": manifest.colour_weight,
        "mirrored": manifest.mirrored,
        "files": dict(manifest.files),
        "heads": {
            name: {field: getattr(values, field) for field in HeadSettings.__dataclass_fields__}
            for name, values in manifest.heads.items()
        },
    }
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(folder / MANIFEST)
