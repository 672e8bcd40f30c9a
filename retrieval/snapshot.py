"""The local snapshot: a bounded embedded copy of what Elasticsearch holds, for when it fails.

Of each marketplace the most popular listings of every leaf, so that every kind of thing can still be
found. It is read from Elasticsearch itself: no other source is needed on a host of the service.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from catalog.search import Candidate, Filters
from retrieval.embedded import EmbeddedIndex
from retrieval.index import (
    After,
    CandidateIndex,
    IndexBuildError,
    IndexUnavailable,
    IndexVersion,
)
from retrieval.keeping import LoneThread
from retrieval.versions import build_embedded, read_pointer

log = logging.getLogger(__name__)

_PAGE = 500


class Enumerable(CandidateIndex, Protocol):
    """An index that can say what it holds; `ElasticsearchIndex` is one."""

    def leaves(self) -> Mapping[str, Mapping[str, int]]:
        """Marketplace → leaf → listings."""


def quotas(leaves: Mapping[str, int], limit: int) -> dict[str, int]:
    """How many of each leaf to keep, at most `limit` in all: small leaves whole, the large ones alike."""
    left, kept = limit, {}
    for i, (leaf, listed) in enumerate(sorted(leaves.items(), key=lambda item: (item[1], item[0]))):
        kept[leaf] = min(listed, left // (len(leaves) - i))
        left -= kept[leaf]
    return kept


def write_snapshot(index: Enumerable, folder: Path, *, limit: int) -> IndexVersion:
    """Copy at most `limit` listings a marketplace into an embedded index under `folder`.

    It takes the version id of the index, so that cursors keep their meaning; an earlier snapshot of
    the same version is replaced. Raises what the index raises; the snapshot in use then stays.
    """
    version = index.version
    pointer = read_pointer(folder)
    turn = 0 if pointer is None else 1 + int(pointer.current.rsplit(".", 1)[-1])
    records = {
        marketplace: _popular(index, marketplace, quotas(leaves, limit))
        for marketplace, leaves in index.leaves().items()
    }
    return build_embedded(
        records,
        folder,
        id=f"{version.id}.{turn}",
        model=version.model,
        taxonomy=version.taxonomy,
    )


def snapshot_opener(folder: Path, *, threads: int = 1) -> Callable[[], CandidateIndex]:
    """Opens the snapshot when it is first needed, and keeps it. Raises `IndexUnavailable` until one is."""
    opened: list[CandidateIndex] = []

    def snapshot() -> CandidateIndex:
        if not opened:
            opened.append(EmbeddedIndex.open(folder, threads=threads))
        return opened[0]

    return snapshot


class SnapshotKeeper(LoneThread):
    """A thread that renews the snapshot of this host; of many workers one does the work.

    Start it after the fork. A failure is logged and tried again at the next turn.
    """

    def __init__(self, index: Enumerable, folder: Path, *, limit: int, every_s: float) -> None:
        self._index = index
        self._kept_in = folder
        self._limit = limit
        super().__init__("souk-snapshot", folder, ".keeper", self._renew, every_s=every_s)

    def _renew(self, number: int) -> None:
        del number
        try:
            made = write_snapshot(self._index, self._kept_in, limit=self._limit)
            log.info("snapshot of index %s: %d listings", made.id, made.products)
        except (IndexUnavailable, IndexBuildError, OSError) as error:
            log.warning("the local snapshot was not renewed: %s", error)


def _popular(
    index: CandidateIndex, marketplace: str, kept: Mapping[str, int]
) -> Iterator[Candidate]:
    for leaf, quota in kept.items():
        yield from _pages(index, Filters(marketplace=marketplace, categories=(leaf,)), quota)


def _pages(index: CandidateIndex, filters: Filters, quota: int) -> Iterator[Candidate]:
    after: After | None = None
    while quota > 0:
        found: Sequence[Candidate] = index.browse(
            filters, min(quota, _PAGE), after=after
        ).candidates
        if not found:
            return
        yield from found
        quota -= len(found)
        last = found[-1]
        after = After(
            marketplace=filters.marketplace,
            score=last.listing.offer.popularity,
            product_id=last.product_id,
        )
