"""The sole composition root: settings become services; gunicorn's target is `create_app()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flask_openapi3 import OpenAPI

from catalog.categories import CategoryTree
from catalog.store import CatalogStore, StoreError
from documents.findings import DocumentError
from experiments.event_log import EventLog, log_url
from experiments.live import LiveExperiments
from ranking.model_files import RankerError
from ranking.reranker import Reranker
from retrieval.changes import CatalogChanges
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.embedded import EmbeddedIndex
from retrieval.forwarding import ForwardingKeeper
from retrieval.index import CandidateIndex, IndexUnavailable
from retrieval.resilience import Patience, ResilientIndex
from retrieval.snapshot import SnapshotKeeper, snapshot_opener
from rules.live import LiveRules
from rules.loaded_versions import LoadedVersions
from rules.loading import Locales
from rules.versions import RuleStore, store_url
from service.app import build_app
from service.clock import utc_now
from service.indexing import FORWARDING, forwarder
from service.logs import configure_logging
from service.memory import give_back_large_blocks
from service.parts import Part
from service.services import Services
from service.settings import Settings, load_settings
from service.shedding import Door
from service.tokens import TokenStore
from service.tracing import Tracing, Untraced
from service.workspace import workspace_secret
from vision.models import ModelError, VisionModels, load_models

SNAPSHOT_EVERY_S = 3600.0
SNAPSHOT_TIMEOUT_MS = 60_000
"""Copying is no request of a shopper: a busy server may take its time."""


def create_app(at_once: int | None = None) -> OpenAPI:
    """The WSGI application from the process's environment; engines are made on first use.

    `at_once`: searches that run at the same time in one worker, while others wait; None: all do.
    """
    settings = load_settings()
    configure_logging(settings.log_format)
    give_back_large_blocks()
    services = build_services(settings)
    services.door = Door(settings.max_busy, at_once)
    services.tracing = make_tracing(settings)
    return build_app(services)


def make_tracing(settings: Settings) -> Tracing:
    """Of the extra `otel`, whose packages the settings have found; nothing where none is asked for."""
    if not settings.traces:
        return Untraced()
    from service.telemetry import OpenTelemetryTracing  # noqa: PLC0415  slow to import, seldom wanted

    tracing = OpenTelemetryTracing()
    tracing.serve_process()
    return tracing


def build_services(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Services:
    """Every part, lazily: nothing is opened here, so this may run before a fork."""
    store = RuleStore(store_url(settings.database_url, settings.home))
    versions = LoadedVersions(store)
    live = Part(
        "rules",
        lambda: _live_rules(store, versions, settings.locales),
        failures=(DocumentError, OSError),
        describe=lambda found: found.problem or found.get().version,
        well=lambda found: found.problem is None,
    )

    def locales() -> Locales:
        return live.get().get()

    log = EventLog(log_url(settings.database_url, settings.home))
    return Services(
        settings=settings,
        locales=locales,
        locales_part=live,
        rules=store,
        rule_versions=versions,
        tokens=TokenStore(settings.home / "tokens.sqlite"),
        models=Part(
            "models",
            lambda: load_models(settings.models, settings.threads),
            failures=(ModelError, OSError),
            describe=_model_version,
        ),
        index=Part(
            "index",
            lambda: _index(settings, locales),
            failures=(IndexUnavailable, StoreError, OSError),
            describe=_index_version,
        ),
        reranker=Part(
            "ranker",
            lambda: Reranker.load(settings.models / "ranker"),
            failures=(RankerError, OSError),
            describe=lambda found: found.version,
        ),
        experiments=LiveExperiments(
            settings.locales / "experiments", lambda: locales().marketplaces
        ),
        events=lambda: log,
        clock=clock,
        secret=settings.secret or workspace_secret(settings.home),
    )


def open_store(settings: Settings) -> CatalogStore:
    settings.home.mkdir(parents=True, exist_ok=True)
    return CatalogStore(settings.catalog_path)


def _index(settings: Settings, locales: Callable[[], Locales]) -> CandidateIndex:
    """Elasticsearch behind a local snapshot when its URL is set, else the embedded index."""
    trees = {name: found.tree for name, found in locales().marketplaces.items()}
    if settings.elasticsearch_url is None:
        changes = CatalogChanges(open_store(settings), trees)
        return EmbeddedIndex.open(settings.index_folder, changes=changes)
    return _elasticsearch(settings, settings.elasticsearch_url, trees)


def _elasticsearch(
    settings: Settings, url: str, trees: Mapping[str, CategoryTree]
) -> ResilientIndex:
    """Two tries within the deadline, then the local snapshot.

    Threads of their own renew the snapshot and forward what changes in this host's catalogue.
    """
    each_ms = max(1, settings.elasticsearch_timeout_ms // 2)
    primary = ElasticsearchIndex(connect(url, timeout_ms=each_ms), timeout_ms=each_ms)
    folder = settings.home / "snapshot"
    source = ElasticsearchIndex(
        connect(url, timeout_ms=SNAPSHOT_TIMEOUT_MS), timeout_ms=SNAPSHOT_TIMEOUT_MS
    )
    SnapshotKeeper(
        source, folder, limit=settings.snapshot_products, every_s=SNAPSHOT_EVERY_S
    ).start()
    changes = forwarder(settings, url, open_store(settings), trees)
    ForwardingKeeper(changes, settings.home / FORWARDING).start()
    patience = Patience(deadline_ms=settings.elasticsearch_timeout_ms)
    return ResilientIndex(primary, snapshot_opener(folder), patience=patience)


def _live_rules(store: RuleStore, versions: LoadedVersions, folder: Path) -> LiveRules:
    """The last published version, or the folder until there is one; watched from now on."""
    live = LiveRules(store, folder, versions=versions)
    live.get()
    live.start()
    return live


def _model_version(models: VisionModels) -> str:
    return models.version


def _index_version(index: CandidateIndex) -> str:
    version = index.version
    told = f"{version.engine} {version.id}: {version.products} listings"
    if isinstance(index, ResilientIndex) and not index.breaker.closed:
        return f"{told}. Elasticsearch does not answer now; searches go on from the local snapshot"
    return told
