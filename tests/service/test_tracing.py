"""Spans: what they say, what they never say, that both workers send them, and what a lost collector costs."""

from __future__ import annotations

import http.client
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from service import settings
from service.logs import JsonFormatter
from service.settings import SettingsError, load_settings
from service.telemetry import OpenTelemetryTracing
from tests.service.fakes import ROOT, JsonClient, fake_services, photo_bytes
from tests.service.served import SEARCH, serving

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


class Traced:
    """The service over fakes, and the spans that have ended in it."""

    def __init__(self, home: Path, **options: Any) -> None:
        self.exporter = InMemorySpanExporter()
        services = fake_services(home, **options)
        services.tracing = OpenTelemetryTracing(lambda: SimpleSpanProcessor(self.exporter))
        self.client = JsonClient(services)

    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self.exporter.get_finished_spans()}


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    return Traced(tmp_path)


def test_a_search_is_a_span_with_its_stages_below_it(traced: Traced) -> None:
    answer = traced.client.search("in", "saree").json
    spans = traced.spans()
    request = spans.pop("POST /v1/<marketplace>/search")
    assert request.kind is SpanKind.SERVER
    stages = {"decode", "detect", "look", "neighbours", "classify", "retrieve", "rank", "rules",
              "slots", "fill"}  # fmt: skip
    assert set(spans) == stages == set(answer["timings_ms"]) - {"total"}
    assert request.context is not None
    for span in spans.values():
        assert span.parent is not None
        assert span.parent.span_id == request.context.span_id


def test_the_request_span_says_what_was_answered(traced: Traced) -> None:
    response = traced.client.search("uk", "saree", headers={"X-Request-Id": "abc-1"})
    said = dict(traced.spans()["POST /v1/<marketplace>/search"].attributes or {})
    versions = response.json["versions"]
    assert said == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "http.route": "/v1/<marketplace>/search",
        "url.path": "/v1/uk/search",
        "souk.request_id": "abc-1",
        "souk.marketplace": "gb",
        "souk.engine": "embedded",
        "souk.degraded": (),
        "souk.query_id": response.json["query_id"],
        "souk.results": len(response.json["results"]),
        "souk.versions.model": versions["model"],
        "souk.versions.index": versions["index"],
        "souk.versions.rules": versions["rules"],
    }


def test_a_callers_trace_goes_on(traced: Traced) -> None:
    traced.client.search("in", "saree", headers={"traceparent": TRACEPARENT})
    spans = traced.spans()
    assert {f"{span.context.trace_id:032x}" for span in spans.values() if span.context} == {TRACE}
    request = spans["POST /v1/<marketplace>/search"]
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == PARENT


def test_a_caller_that_is_not_sampled_stays_so(traced: Traced) -> None:
    traced.client.search("in", "saree", headers={"traceparent": TRACEPARENT[:-2] + "00"})
    assert traced.spans() == {}


@pytest.mark.parametrize(
    "broken", ["", "00-xyz", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é" * 9]
)
def test_a_traceparent_that_is_none_begins_a_trace(traced: Traced, broken: str) -> None:
    headers = {"traceparent": broken.encode().decode("latin-1")}
    assert traced.client.search("in", "saree", headers=headers).status_code == 200
    assert traced.spans()["POST /v1/<marketplace>/search"].parent is None


def test_no_span_tells_a_token_a_query_string_or_a_photo(traced: Traced) -> None:
    photo = photo_bytes("saree")
    traced.client.post(
        "/v1/in/search?limit=3&max_price=77777",
        data=photo,
        content_type="image/jpeg",
        headers={
            "Authorization": "Bearer st-secret",
            "Cookie": "unit=secret",
            "X-Souk-Unit": "u-secret",
        },
    )
    traced.client.get("/v1/admin/in/rules", headers={"Authorization": "Bearer st-secret"})
    told = "".join(span.to_json() for span in traced.exporter.get_finished_spans())
    assert "/v1/admin/in/rules" in told
    for secret in ("secret", "77777", "127.0.0.1", "User-Agent", repr(photo[:20])):
        assert secret not in told


def test_what_failed_is_an_error_that_quotes_nobody(tmp_path: Path) -> None:
    traced = Traced(tmp_path)
    traced.client.post("/v1/in/search", data=b"GIF89a-secret", content_type="image/gif")
    spans = traced.spans()
    decode, request = spans["decode"], spans["POST /v1/<marketplace>/search"]
    assert (decode.status.status_code, decode.status.description) == (StatusCode.ERROR, "Problem")
    assert decode.events == ()
    assert request.status.status_code is StatusCode.UNSET, "a refusal is no fault of the service"


def test_a_server_error_marks_the_request(tmp_path: Path) -> None:
    traced = Traced(tmp_path, models=None)
    assert traced.client.search("in", "saree").status_code == 503
    assert traced.spans()["POST /v1/<marketplace>/search"].status.status_code is StatusCode.ERROR


def test_health_checks_leave_no_span(traced: Traced) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert traced.client.get(path).status_code == 200
    assert traced.client.get("/nowhere").status_code == 404
    assert list(traced.spans()) == ["GET none"]


def test_what_no_request_asked_for_begins_no_trace() -> None:
    exporter = InMemorySpanExporter()
    tracing = OpenTelemetryTracing(lambda: SimpleSpanProcessor(exporter))
    assert tracing.stage("bulk", lambda: 7)() == 7
    assert exporter.get_finished_spans() == ()


def test_the_request_line_of_the_log_names_the_trace(
    traced: Traced, client: JsonClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "souk.request")
    traced.client.search("in", "saree", headers={"traceparent": TRACEPARENT})
    client.search("in", "saree")
    asked = [record for record in caplog.records if record.name == "souk.request"]
    lines = [json.loads(JsonFormatter().format(record)) for record in asked]
    assert [line.get("trace_id") for line in lines] == [TRACE, None]


def test_the_setting_is_off_or_otlp(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings({}).traces
    assert load_settings({"SOUK_TRACES": "otlp"}).traces
    with pytest.raises(SettingsError, match="Use otlp, or leave it unset"):
        load_settings({"SOUK_TRACES": "yes"})
    monkeypatch.setattr(settings, "find_spec", {}.get)
    with pytest.raises(SettingsError, match=re.escape("pip install '.[otel]'")):
        load_settings({"SOUK_TRACES": "otlp"})


def test_without_it_the_sdk_is_not_imported() -> None:
    asked = (
        "import sys, service.wiring as w; w.create_app(); print('opentelemetry.sdk' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


class Collector:
    """A receiver of OTLP over HTTP that keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        kept = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept.append(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def spans(self) -> list[Span]:
        groups = [group for request in list(self.requests) for group in request.resource_spans]
        return [span for group in groups for scope in group.scope_spans for span in scope.spans]

    def spans_of(self) -> dict[str, list[str]]:
        """Span names by the instance that sent them."""
        found: dict[str, list[str]] = {}
        for request in list(self.requests):
            for group in request.resource_spans:
                said = {one.key: one.value.string_value for one in group.resource.attributes}
                assert said["service.name"] == "shop"
                names = [span.name for scope in group.scope_spans for span in scope.spans]
                found.setdefault(said["service.instance.id"], []).extend(names)
        return found


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever)
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join(20)
    collector.server.server_close()


def _told(collector: Collector, delay_ms: int) -> dict[str, str]:
    """The environment of a service that sends to the collector."""
    return {
        "SOUK_TRACES": "otlp",
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": str(delay_ms),
    }


def test_both_workers_send_their_spans(tmp_path: Path) -> None:
    """The application is made before the fork; what sends is made in each worker."""
    with collecting() as collector:
        with serving(tmp_path, "preload", **_told(collector, 100)) as served:
            end = time.monotonic() + 60
            while len(collector.spans_of()) < 2 and time.monotonic() < end:
                assert served.ask("POST", SEARCH, photo_bytes("saree"), "image/jpeg") == 200
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(60) == 0
        found = collector.spans_of()
    assert len(found) == 2
    for names in found.values():
        assert names.count("POST /v1/<marketplace>/search") == names.count("rank") > 0


def test_a_stop_sends_what_waits_and_a_callers_trace_is_in_it(tmp_path: Path) -> None:
    """Nothing would be sent for an hour, but for the stop."""
    with (
        collecting() as collector,
        serving(tmp_path, "preload", **_told(collector, 3_600_000)) as served,
    ):
        for _ in range(20):
            assert served.ask("POST", SEARCH, photo_bytes("saree"), "image/jpeg") == 200
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", "/v1/marketplaces", headers={"Traceparent": TRACEPARENT})
        assert connection.getresponse().status == 200
        connection.close()
        assert collector.requests == []
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(60) == 0
        assert "opentelemetry" not in served.errors()
    names = [name for names in collector.spans_of().values() for name in names]
    assert names.count("POST /v1/<marketplace>/search") == 20
    continued = [span for span in collector.spans() if span.trace_id.hex() == TRACE]
    assert [span.parent_span_id.hex() for span in continued] == [PARENT]


@pytest.mark.parametrize("kind", ["refuses", "hangs"])
def test_a_collector_that_is_lost_fails_no_search_and_holds_up_no_stop(
    tmp_path: Path, kind: str
) -> None:
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        if kind == "hangs":
            hanging.listen(64)
        with serving(
            tmp_path, "preload", SOUK_TRACES="otlp", OTEL_BSP_SCHEDULE_DELAY="50",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{hanging.getsockname()[1]}",
        ) as served:  # fmt: skip
            slowest = 0.0
            for _ in range(40):
                begun = time.monotonic()
                assert served.ask("POST", SEARCH, photo_bytes("saree"), "image/jpeg") == 200
                slowest = max(slowest, time.monotonic() - begun)
            begun = time.monotonic()
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(60) == 0
            assert time.monotonic() - begun < 15
    assert slowest < 5, "an export takes ten seconds before it is given up"
