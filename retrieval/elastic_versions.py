"""Versions of the index in Elasticsearch: built beside the one in use, checked, swapped by alias.

A version is one index a marketplace, named `<prefix>-<marketplace>-<version>`. The aliases
`<prefix>-current-<marketplace>` and `<prefix>-previous-<marketplace>` name the two that are kept; both
sets move in one request, so that no reader finds half a swap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch
from elasticsearch.helpers import BulkIndexError, streaming_bulk

from retrieval.elastic_mapping import FORMAT, IndexType, document, mappings, wire_vector
from retrieval.elastic_probe import Probe
from retrieval.elastic_queries import beam_of
from retrieval.index import IndexBuildError, IndexUnavailable, IndexVersion, Record

PREFIX = "souk"
MERGE_WAIT_S = 600.0
"""How long one request waits for a merge before it looks whether the server still works at it."""
_RECALL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticVersion:
    """What the indices of one version say of themselves."""

    version: IndexVersion
    indices: Mapping[str, str]
    """Marketplace → index."""
    listings: Mapping[str, int]
    """Marketplace → how many it held when it was built."""
    index_type: str
    counter: int = 0
    """The catalogue's change counter before the first record was read."""


def build_elasticsearch(
    client: Elasticsearch,
    records: Mapping[str, Iterable[Record]],
    *,
    id: str,  # noqa: A002 - the field's own name in IndexVersion
    model: str,
    taxonomy: str,
    counter: int = 0,
    index_type: IndexType = "int8_hnsw",
    prefix: str = PREFIX,
    replicas: int = 0,
    shards: int = 1,
    activate: bool = True,
) -> ElasticVersion:
    """Load, refresh and check a new version, then make it the current one.

    Raises `IndexBuildError`, removes what it wrote and leaves the version in use when a record is
    refused or the check fails; `IndexUnavailable` when Elasticsearch does not answer.
    """
    shared = {"format": FORMAT, "id": id, "model": model, "taxonomy": taxonomy, "type": index_type,
              "counter": counter}  # fmt: skip
    metas: dict[str, Mapping[str, Any]] = {}
    try:
        for marketplace, of_marketplace in records.items():
            index = f"{prefix}-{marketplace}-{id}".lower()
            client.indices.create(
                index=index,
                settings={
                    "number_of_shards": shards,
                    "number_of_replicas": replicas,
                    "refresh_interval": "-1",
                },
                mappings=mappings(index_type),
            )
            metas[index] = {}
            listings = _load(client, index, marketplace, of_marketplace)
            metas[index] = {**shared, "marketplace": marketplace, "listings": listings}
            client.indices.put_mapping(index=index, meta={"souk": metas[index]})
        made = _version(metas)
        if activate:
            swap(client, made.indices, prefix=prefix)
    except (ApiError, TransportError) as error:
        _remove(client, metas)
        raise IndexUnavailable(f"Elasticsearch did not take the index: {error}.") from error
    except BaseException:
        _remove(client, metas)
        raise
    return made


def swap(client: Elasticsearch, indices: Mapping[str, str], *, prefix: str = PREFIX) -> None:
    """Make these the current indices, the current ones the previous; older ones are removed."""
    before = _named(client, f"{prefix}-current-*")
    if set(before.values()) == set(indices.values()):
        return
    older = set(_named(client, f"{prefix}-previous-*").values())
    _point(client, prefix, current=indices, previous=before)
    _remove(client, older - {*before.values(), *indices.values()})


def swap_to(client: Elasticsearch, id: str, *, prefix: str = PREFIX) -> None:  # noqa: A002
    """Make the version of that id current, which was built and is not in use."""
    found = client.indices.get(index=f"{prefix}-*-{id}".lower(), features=["mappings"])
    metas = {index: _meta(index, described["mappings"]) for index, described in found.items()}
    if not metas:
        raise IndexBuildError(f"There is no version {id} in Elasticsearch. See souk index status.")
    swap(client, _version(metas).indices, prefix=prefix)


def swap_back(client: Elasticsearch, *, prefix: str = PREFIX) -> None:
    """Make the previous indices current again, and the current ones previous."""
    previous = _named(client, f"{prefix}-previous-*")
    if not previous:
        raise IndexBuildError("There is no previous version of the index to swap back to.")
    current = _named(client, f"{prefix}-current-*")
    _point(client, prefix, current=previous, previous=current)


def find_version(
    client: Elasticsearch, *, prefix: str = PREFIX, which: str = "current"
) -> ElasticVersion | None:
    """The current or previous version; None when there is none."""
    found = client.indices.get(
        index=f"{prefix}-{which}-*", features=["mappings"], allow_no_indices=True
    )
    metas = {index: _meta(index, described["mappings"]) for index, described in found.items()}
    return _version(metas) if metas else None


def write_changes(
    client: Elasticsearch,
    changes: Mapping[str, Mapping[str, Record | None]],
    *,
    prefix: str = PREFIX,
    refresh: bool = False,
) -> int:
    """Upsert records and delete what is None in the current indices; idempotent. Returns how many.

    `refresh` waits until the changes are visible. Raises `IndexBuildError` naming what was refused.
    """
    actions = [
        _change(f"{prefix}-current-{marketplace}", product_id, record)
        for marketplace, of_marketplace in changes.items()
        for product_id, record in of_marketplace.items()
    ]
    try:
        return _bulk(client, actions, refresh="wait_for" if refresh else "false")
    except (ApiError, TransportError) as error:
        raise IndexUnavailable(f"Elasticsearch did not take the changes: {error}.") from error


def _change(index: str, product_id: str, record: Record | None) -> dict[str, Any]:
    if record is None:
        return {"_op_type": "delete", "_index": index, "_id": product_id, "require_alias": True}
    return {**_action(index, record), "require_alias": True}


def _action(index: str, record: Record) -> dict[str, Any]:
    product_id = record.listing.product.product_id
    return {"_index": index, "_id": product_id, "_source": document(record)}


def _load(client: Elasticsearch, index: str, marketplace: str, records: Iterable[Record]) -> int:
    probe = Probe()
    written = _bulk(client, (_action(index, record) for record in probe.watch(records)))
    client.indices.put_settings(index=index, settings={"refresh_interval": "1s"})
    client.indices.refresh(index=index)
    _merge(client, index)
    counted = client.count(index=index)["count"]
    if counted != written:
        raise IndexBuildError(
            f"{marketplace}: {counted} listings in Elasticsearch, {written} were given. "
            "A product may be listed twice; build again."
        )
    if written:
        _check_recall(client, index, marketplace, probe, written)
    return written


def _merge(client: Elasticsearch, index: str, wait_s: float = MERGE_WAIT_S) -> None:
    """One segment a shard: each has a graph of its own to search.

    A large shard's takes hours. The server goes on when nobody waits any more, and who asks again waits
    for the same merge. `ConnectionTimeout` when it merges nothing and does not answer either.
    """
    patient = client.options(request_timeout=wait_s).indices
    while True:
        try:
            patient.forcemerge(index=index, max_num_segments=1)
        except ConnectionTimeout:
            merges = client.indices.stats(index=index, metric="merge")["_all"]["total"]["merges"]
            if not merges["current"]:
                patient.forcemerge(index=index, max_num_segments=1)
                return
        else:
            return


def _bulk(client: Elasticsearch, actions: Iterable[dict[str, Any]], refresh: str = "false") -> int:
    done = 0
    try:
        for _, _ in streaming_bulk(
            client.options(request_timeout=60),
            actions,
            chunk_size=500,
            max_retries=5,
            initial_backoff=0.2,
            max_backoff=5,
            refresh=refresh,
            ignore_status=(404,),  # deleting what is gone already
        ):
            done += 1
    except BulkIndexError as error:
        raise IndexBuildError(_first_refusal(error)) from error
    return done


def _first_refusal(error: BulkIndexError) -> str:
    result: Mapping[str, Any] = next(iter(error.errors[0].values()))
    reason = result.get("error", {}).get("reason", "no reason given")
    return f"product {result.get('_id')}: Elasticsearch refused it: {reason}."


def _check_recall(
    client: Elasticsearch, index: str, marketplace: str, probe: Probe, listings: int
) -> None:
    """A sample of vectors finds, within a tie, what an exhaustive comparison finds."""
    found = 0
    for vector, edge in zip(probe.queries, probe.expected(), strict=True):
        knn = {"field": "vector", "query_vector": wire_vector(vector), "k": probe.k}
        beam = beam_of(probe.k, listings)
        answer = client.search(
            index=index, knn={**knn, "num_candidates": beam}, size=probe.k, source=False
        )
        found += sum(2 * hit["_score"] - 1 >= edge - 1e-5 for hit in answer["hits"]["hits"])
    wanted = probe.k * len(probe.queries)
    if found < _RECALL * wanted:
        raise IndexBuildError(
            f"{marketplace}: the new index finds {found} of {wanted} nearest neighbours; "
            "it was not put in use."
        )


def _named(client: Elasticsearch, alias: str) -> dict[str, str]:
    """Marketplace → index behind the aliases."""
    found = client.indices.get_alias(name=alias, allow_no_indices=True)
    return {
        name.rsplit("-", 1)[-1]: index
        for index, described in found.items()
        for name in described["aliases"]
    }


def _point(
    client: Elasticsearch, prefix: str, *, current: Mapping[str, str], previous: Mapping[str, str]
) -> None:
    wanted = {"current": current, "previous": previous}
    remove = [
        {"remove": {"index": index, "alias": f"{prefix}-{which}-{marketplace}"}}
        for which in wanted
        for marketplace, index in _named(client, f"{prefix}-{which}-*").items()
    ]
    add = [
        {"add": {"index": index, "alias": f"{prefix}-{which}-{marketplace}"}}
        for which, indices in wanted.items()
        for marketplace, index in indices.items()
    ]
    client.indices.update_aliases(actions=[*remove, *add])


def _meta(index: str, mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = mapping.get("_meta", {}).get("souk", {})
    if meta.get("format") != FORMAT:
        raise IndexUnavailable(
            f"The index {index} has format {meta.get('format')}, this souk reads {FORMAT}. "
            "Build it again: souk index build --engine elasticsearch."
        )
    return meta


def _version(metas: Mapping[str, Mapping[str, Any]]) -> ElasticVersion:
    """`metas` by index; they name one version, because the aliases of all move together."""
    any_meta = next(iter(metas.values()))
    listings = {str(meta["marketplace"]): int(meta["listings"]) for meta in metas.values()}
    return ElasticVersion(
        version=IndexVersion(
            engine="elasticsearch",
            id=str(any_meta["id"]),
            model=str(any_meta["model"]),
            taxonomy=str(any_meta["taxonomy"]),
            products=sum(listings.values()),
        ),
        indices={str(meta["marketplace"]): index for index, meta in metas.items()},
        listings=listings,
        index_type=str(any_meta["type"]),
        counter=int(any_meta.get("counter", 0)),
    )


def _remove(client: Elasticsearch, indices: Iterable[str]) -> None:
    for index in indices:
        client.options(ignore_status=404).indices.delete(index=index)
