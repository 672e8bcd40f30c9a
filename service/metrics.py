"""Prometheus metrics that add up over gunicorn's workers."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

from service.settings import shared_metrics
from service.wire import SearchAnswer

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)

REQUESTS = Counter(
    "souk_requests_total", "Requests answered, by route and status.", ["route", "status"]
)
STAGES = Histogram(
    "souk_stage_seconds",
    "Duration of each stage of a search.",
    ["marketplace", "stage"],
    buckets=_BUCKETS,
)
DEGRADED = Counter(
    "souk_degraded_total", "Answers that had to do without something.", ["marketplace", "what"]
)
SHED = Counter("souk_shed_total", "Searches refused because the worker was full.")
BUSY = Gauge("souk_busy", "Searches under way.", multiprocess_mode="livesum")
VERSIONS = Gauge(
    "souk_version_info",
    "1 for the versions that answer.",
    ["model", "index", "rules"],
    multiprocess_mode="mostrecent",
)


def observe_search(answer: SearchAnswer) -> None:
    """Stage timings, degradations and versions of one answer."""
    for stage, spent_ms in answer.timings_ms.items():
        STAGES.labels(answer.marketplace, stage).observe(spent_ms / 1000)
    for what in answer.degraded:
        DEGRADED.labels(answer.marketplace, what).inc()
    versions = answer.versions
    VERSIONS.labels(versions.model, versions.index, versions.rules).set(1)


def exposition() -> tuple[bytes, Mapping[str, str]]:
    """The metrics of all workers as Prometheus reads them, and the header that names the format."""
    registry = CollectorRegistry()
    if shared_metrics():
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped there
    else:
        for metric in (REQUESTS, STAGES, DEGRADED, SHED, BUSY, VERSIONS):
            registry.register(metric)
    return generate_latest(registry), {"Content-Type": CONTENT_TYPE_LATEST}
