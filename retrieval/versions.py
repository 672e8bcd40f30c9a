"""Versions of the embedded index on disk, and which of them answers.

    index/
        current              {"current": …, "previous": …}, replaced in one step
        <version>/version.json
        <version>/<marketplace>/*.npy, words.json

A version is written beside the others under another name, checked, and only then named. A process that
dies in the middle leaves a `.building-…` folder, which the next build removes; nothing half-written is
ever opened.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from retrieval.codec import FORMAT
from retrieval.index import IndexBuildError, IndexUnavailable, IndexVersion, Record
from retrieval.ordering import similarities
from retrieval.segments import Segment, Span

POINTER = "current"
_BUILDING = ".building-"
_SAMPLE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Which version answers, and which one did before it."""

    current: str
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """What `version.json` says."""

    id: str
    model: str
    taxonomy: str
    counter: int
    """The catalogue's change counter before the first record was read."""
    listings: Mapping[str, int]
    """By marketplace."""
    format: int = FORMAT

    @property
    def version(self) -> IndexVersion:
        return IndexVersion(
            engine="embedded",
            id=self.id,
            model=self.model,
            taxonomy=self.taxonomy,
            products=sum(self.listings.values()),
        )


def build_embedded(
    records: Mapping[str, Iterable[Record]],
    folder: Path,
    *,
    id: str,  # noqa: A002 - the field's own name in IndexVersion
    model: str,
    taxonomy: str,
    counter: int = 0,
    activate: bool = True,
) -> IndexVersion:
    """Write the version beside the others, check it, and make it the current one.

    `counter` is the catalogue's change counter before the first record was read. Raises
    `IndexBuildError`, and the version in use stays, when a record cannot be indexed or the check fails.
    """
    final = folder / id
    if final.exists():
        raise IndexBuildError(f"index version {id} exists already; give the new one another id.")
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)
    building = folder / f"{_BUILDING}{id}"
    building.mkdir()
    try:
        stored = _write(records, building, id=id, model=model, taxonomy=taxonomy, counter=counter)
        check_version(building)
        building.rename(final)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    if activate:
        swap(folder, id)
    return stored.version


def check_version(folder: Path) -> None:
    """Counts as stated, and a sample of vectors each finds what an exhaustive comparison finds."""
    stored = read_version(folder)
    for marketplace, listed in stored.listings.items():
        segment = Segment.map(folder / marketplace)
        if len(segment) != listed:
            raise IndexBuildError(
                f"{marketplace}: {len(segment)} listings on disk, {listed} were given; build again."
            )
        _check_sample(marketplace, segment)


def swap(folder: Path, id: str) -> Pointer:  # noqa: A002
    """Make the version the current one; versions that are neither current nor previous are removed."""
    read_version(folder / id)
    before = read_pointer(folder)
    previous = None if before is None else before.current
    if before is not None and before.current == id:
        previous = before.previous
    return _point(folder, Pointer(current=id, previous=previous))


def swap_back(folder: Path) -> Pointer:
    """Make the previous version current again, and the current one previous."""
    before = read_pointer(folder)
    if before is None or before.previous is None:
        raise IndexBuildError("There is no previous version of the index to swap back to.")
    read_version(folder / before.previous)
    return _point(folder, Pointer(current=before.previous, previous=before.current))


def read_pointer(folder: Path) -> Pointer | None:
    """None when nothing was built yet. Raises `IndexUnavailable` when the file is damaged."""
    try:
        return Pointer(**json.loads((folder / POINTER).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise IndexUnavailable(
            f"{folder / POINTER} is damaged ({error}). Remove it and build again: souk index build."
        ) from error


def read_version(folder: Path) -> StoredVersion:
    """Raises `IndexUnavailable` when there is no such version or this souk cannot read it."""
    try:
        stored = json.loads((folder / "version.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise IndexUnavailable(
            f"There is no index version at {folder}. Build one: souk index build."
        ) from None
    except ValueError as error:
        raise IndexUnavailable(
            f"{folder / 'version.json'} is damaged ({error}). Remove its folder and build again: souk index "
            "build."
        ) from error
    if stored.get("format") != FORMAT:
        raise IndexUnavailable(
            f"The index version at {folder} has format {stored.get('format')}, this souk reads {FORMAT}."
            " Build it again: souk index build."
        )
    return StoredVersion(**stored)


def versions(folder: Path) -> tuple[StoredVersion, ...]:
    """All that are on disk, oldest id first."""
    found = sorted(path.parent for path in folder.glob("*/version.json"))
    return tuple(read_version(path) for path in found if not _is_building(path))


def _write(
    records: Mapping[str, Iterable[Record]],
    folder: Path,
    *,
    id: str,  # noqa: A002
    model: str,
    taxonomy: str,
    counter: int,
) -> StoredVersion:
    listings = {}
    for marketplace, of_marketplace in records.items():
        segment = Segment.of(of_marketplace)
        segment.write(folder / marketplace)
        listings[marketplace] = len(segment)
    stored = StoredVersion(
        id=id, model=model, taxonomy=taxonomy, counter=counter, listings=listings
    )
    (folder / "version.json").write_text(json.dumps(asdict(stored)), encoding="utf-8")
    return stored


def _check_sample(marketplace: str, segment: Segment) -> None:
    """The segment's own preselection against one over every row in double precision."""
    vectors = segment.columns.vectors
    whole = Span(0, len(segment))
    for row in range(0, len(segment), max(1, len(segment) // _SAMPLE)):
        vector = np.array(vectors[row])
        truth = similarities(vectors, vector) if len(segment) <= 20_000 else vectors @ vector
        k = min(10, len(segment))
        wanted = set(np.argpartition(-truth, k - 1)[:k].tolist())
        found = segment.nearest((whole,), vector, k)
        near = {i for i in wanted if truth[i] > truth[list(wanted)].min() + 1e-5}
        if not near <= set(found.tolist()):
            raise IndexBuildError(f"{marketplace}: listing {row} does not find its own neighbours.")
        segment.listings([row])


def _point(folder: Path, pointer: Pointer) -> Pointer:
    fresh = folder / f".{POINTER}-{os.getpid()}"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(pointer), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / POINTER)
    for stored in folder.glob("*/version.json"):
        if stored.parent.name in (pointer.current, pointer.previous) or _is_building(stored.parent):
            continue
        shutil.rmtree(stored.parent, ignore_errors=True)
    return pointer


def _is_building(folder: Path) -> bool:
    return folder.name.startswith(_BUILDING)
