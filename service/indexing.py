"""Building an index version of the workspace's catalogue, in either engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from catalog.categories import CategoryTree
from catalog.store import CatalogStore, IndexRecord
from retrieval.changes import CatalogChanges
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import IndexType
from retrieval.elastic_versions import build_elasticsearch
from retrieval.forwarding import Forwarder
from retrieval.index import IndexBuildError, IndexVersion
from retrieval.snapshot import write_snapshot
from retrieval.versions import build_embedded
from service.settings import Settings

Engine = Literal["embedded", "elasticsearch"]
FORWARDING = "forwarding"
"""The folder of the workspace that keeps up to where changes were forwarded."""
LOADING_TIMEOUT_MS = 60_000
"""Building is no request of a shopper: a busy server may take its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlan:
    """What is built, and from what state of the catalogue."""

    engine: Engine
    id: str
    model: str
    taxonomy: str
    counter: int


def plan_build(
    settings: Settings,
    store: CatalogStore,
    trees: Mapping[str, CategoryTree],
    *,
    engine: Engine,
    now: datetime,
) -> IndexPlan:
    """The next version; IndexBuildError when there is nothing to build it from."""
    model, counter = store.model_version(), store.change_counter()
    if model is None:
        raise IndexBuildError("No product has a vector yet. Run souk catalog embed first.")
    if engine == "elasticsearch" and settings.elasticsearch_url is None:
        raise IndexBuildError("SOUK_ELASTICSEARCH_URL is not set. Set it to the server's URL.")
    return IndexPlan(
        engine=engine,
        id=f"{now:%Y%m%dt%H%M%S}c{counter}",
        model=model,
        taxonomy=taxonomy_version(trees),
        counter=counter,
    )


def build_version(
    plan: IndexPlan,
    settings: Settings,
    store: CatalogStore,
    trees: Mapping[str, CategoryTree],
    *,
    index_type: IndexType = "int8_hnsw",
    activate: bool = True,
    tick: Callable[[int], None] = lambda _: None,
) -> IndexVersion:
    """Write, check and, unless told otherwise, put in use. Raises what the engines' builds raise."""
    records = {
        marketplace: _counted(store.records(marketplace, tree, plan.model), tick)
        for marketplace, tree in trees.items()
    }
    if plan.engine == "embedded":
        return build_embedded(
            records,
            settings.index_folder,
            id=plan.id,
            model=plan.model,
            taxonomy=plan.taxonomy,
            counter=plan.counter,
            activate=activate,
        )
    return _build_elasticsearch(plan, settings, records, index_type=index_type, activate=activate)


def forward_changes(
    settings: Settings, store: CatalogStore, trees: Mapping[str, CategoryTree]
) -> int | None:
    """Bring Elasticsearch up to the catalogue: how many documents; None in embedded mode.

    Raises `IndexUnavailable` or `IndexBuildError`; the changes then wait for the next time.
    """
    if settings.elasticsearch_url is None:
        return None
    with closing(forwarder(settings, settings.elasticsearch_url, store, trees)) as opened:
        return opened.forward(refresh=True)


def forwarder(
    settings: Settings, url: str, store: CatalogStore, trees: Mapping[str, CategoryTree]
) -> Forwarder:
    """Of this workspace's catalogue to the server at `url`. Make it after the fork."""
    client = connect(url, timeout_ms=LOADING_TIMEOUT_MS)
    return Forwarder(client, CatalogChanges(store, trees), settings.home / FORWARDING)


def taxonomy_version(trees: Mapping[str, CategoryTree]) -> str:
    """Changes when a listing could get another leaf."""
    leaves = {
        marketplace: [
            [c.id, c.parent, list(c.concepts), c.gender] for c in tree.categories.values()
        ]
        for marketplace, tree in sorted(trees.items())
    }
    return hashlib.sha256(json.dumps(leaves).encode()).hexdigest()[:12]


def _build_elasticsearch(
    plan: IndexPlan,
    settings: Settings,
    records: Mapping[str, Iterable[IndexRecord]],
    *,
    index_type: IndexType,
    activate: bool,
) -> IndexVersion:
    """Also renews this host's local snapshot, which answers when the server fails."""
    with connect(settings.elasticsearch_url or "", timeout_ms=LOADING_TIMEOUT_MS) as client:
        made = build_elasticsearch(
            client,
            records,
            id=plan.id,
            model=plan.model,
            taxonomy=plan.taxonomy,
            counter=plan.counter,
            index_type=index_type,
            activate=activate,
        )
        if activate:
            index = ElasticsearchIndex(client, timeout_ms=LOADING_TIMEOUT_MS)
            write_snapshot(index, settings.home / "snapshot", limit=settings.snapshot_products)
    return made.version


def _counted(records: Iterable[IndexRecord], tick: Callable[[int], None]) -> Iterator[IndexRecord]:
    for record in records:
        tick(1)
        yield record
