"""What the service tells a tracer, whichever carries it; without one nothing is told and nothing costs.

`service.telemetry` carries it by OpenTelemetry. Never told: a photo, a token, a query string, an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, Protocol, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from service.pipeline import Stages
from service.wire import SearchAnswer

P = ParamSpec("P")
R = TypeVar("R")
WsgiApp = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class Tracing(Protocol):
    def around(self, app: WsgiApp) -> WsgiApp:
        """The application inside a span a request."""

    def stage(self, name: str, run: Callable[P, R]) -> Callable[P, R]:
        """The function inside a span of its own."""

    def stages(self, stages: Stages) -> Stages:
        """Each stage inside a span of its own."""

    def answered(self, *, route: str, status: int, request_id: str) -> str | None:
        """Describe the request's span; its trace's id, None where there is none."""

    def searched(self, answer: SearchAnswer, engine: str) -> None:
        """Describe the search that the request's span is of."""

    def close(self) -> None:
        """Send what waits, for a few seconds at most: this process ends."""


class Untraced:
    """No tracer: everything stays as it is."""

    def around(self, app: WsgiApp) -> WsgiApp:
        return app

    def stage(self, name: str, run: Callable[P, R]) -> Callable[P, R]:
        del name
        return run

    def stages(self, stages: Stages) -> Stages:
        return stages

    def answered(self, **described: Any) -> None:
        """There is no span to describe."""

    def searched(self, answer: SearchAnswer, engine: str) -> None:
        """There is no span to describe."""

    def close(self) -> None:
        """Nothing waits."""
