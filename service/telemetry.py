"""OpenTelemetry: a span a request, one for each stage of a search below it, sent by OTLP over HTTP.

The only home of OpenTelemetry's SDK, imported only where SOUK_TRACES asks for it. Whatever starts a
thread is made after gunicorn's fork, in the process that ends the first span. Where to send, what to
sample and how much may wait are the standard OTEL_ variables, which the SDK reads itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import ParamSpec, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, TraceState
from opentelemetry.util.types import Attributes

from service.pipeline import Stages, each_stage
from service.tracing import WsgiApp
from service.wire import SearchAnswer

P = ParamSpec("P")
R = TypeVar("R")

UNTRACED_PATHS = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by machines."""
FLUSH_S = 5.0
"""An ending worker waits so long for its spans to be taken."""
LONGEST_PATH = 200
"""Characters of an address that a caller made up."""


class OpenTelemetryTracing:
    """`service.tracing.Tracing` by OpenTelemetry; may be made before a fork."""

    def __init__(
        self,
        make_processor: Callable[[], SpanProcessor] = lambda: BatchSpanProcessor(
            OTLPSpanExporter()
        ),
    ) -> None:
        self._provider = TracerProvider(resource=_resource())
        self._provider.sampler = RequestsOnly(self._provider.sampler)
        self._provider.add_span_processor(AfterFork(make_processor))
        self._tracer = self._provider.get_tracer("souk", version("souk"))
        logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # or each retry would be a line

    def serve_process(self) -> None:
        """Libraries that trace by themselves (Elasticsearch's client) join in; once a process."""
        trace.set_tracer_provider(self._provider)

    def around(self, app: WsgiApp) -> WsgiApp:
        def traced(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "")
            if path in UNTRACED_PATHS:
                return app(environ, start_response)
            method = environ["REQUEST_METHOD"]
            with self._tracer.start_as_current_span(
                method,
                context=propagate.extract(_headers(environ)),
                kind=SpanKind.SERVER,
                attributes={"http.request.method": method, "url.path": path[:LONGEST_PATH]},
            ):
                return app(environ, start_response)

        return traced

    def stage(self, name: str, run: Callable[P, R]) -> Callable[P, R]:
        def traced(*args: P.args, **kwargs: P.kwargs) -> R:
            with self._tracer.start_as_current_span(
                name, record_exception=False, set_status_on_exception=False
            ) as span:
                try:
                    return run(*args, **kwargs)
                except Exception as error:
                    # its name alone: messages quote what callers sent
                    span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                    raise

        return traced

    def stages(self, stages: Stages) -> Stages:
        return each_stage(stages, self.stage)

    def answered(self, *, route: str, status: int, request_id: str) -> str | None:
        span = trace.get_current_span()
        context = span.get_span_context()
        if not context.is_valid:
            return None
        _describe_request(span, route, status, request_id)
        return trace.format_trace_id(context.trace_id)

    def searched(self, answer: SearchAnswer, engine: str) -> None:
        trace.get_current_span().set_attributes(
            {
                "souk.marketplace": answer.marketplace,
                "souk.engine": engine,
                "souk.query_id": answer.query_id,
                "souk.degraded": answer.degraded,
                "souk.results": len(answer.results),
                "souk.versions.model": answer.versions.model,
                "souk.versions.index": answer.versions.index,
                "souk.versions.rules": answer.versions.rules,
            }
        )

    def close(self) -> None:
        ending = threading.Thread(target=self._provider.shutdown, daemon=True)
        ending.start()
        ending.join(FLUSH_S)


class AfterFork(SpanProcessor):
    """Makes the real processor, with its thread, when the first span ends in this process."""

    def __init__(self, make: Callable[[], SpanProcessor]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: SpanProcessor | None = None

    def on_end(self, span: ReadableSpan) -> None:
        if self._made is None:
            with self._lock:
                self._made = self._made or self._make()
        self._made.on_end(span)

    def shutdown(self) -> None:
        if self._made is not None:
            self._made.shutdown()

    def force_flush(self, timeout_millis: int | None = 30_000) -> bool:
        return self._made is None or self._made.force_flush(timeout_millis or 30_000)


class RequestsOnly(Sampler):
    """A trace begins with a request: what souk does on its own or for a health check begins none."""

    def __init__(self, chosen: Sampler) -> None:
        self._chosen = chosen

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: tuple[Link, ...] | None = None,  # type: ignore[override]  # Sequence there
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        parent = trace.get_current_span(parent_context).get_span_context()
        if kind is not SpanKind.SERVER and not parent.is_valid:
            return SamplingResult(Decision.DROP)
        return self._chosen.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )

    def get_description(self) -> str:
        return f"RequestsOnly({self._chosen.get_description()})"


def _resource() -> Resource:
    """What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say; souk where they name no service."""
    found = Resource.create({"service.version": version("souk")})
    if str(found.attributes.get("service.name", "")).startswith("unknown_service"):
        return found.merge(Resource({"service.name": "souk"}))
    return found


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    """The headers that a propagator may read, in lower case."""
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
    }


def _describe_request(span: Span, route: str, status: int, request_id: str) -> None:
    method = getattr(span, "name", "").split(" ")[0]
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.route": route,
            "http.response.status_code": status,
            "souk.request_id": request_id,
        }
    )
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))
