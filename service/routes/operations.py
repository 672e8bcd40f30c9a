"""Liveness, readiness by part, the contract and the list of problems."""

from __future__ import annotations

from flask import Response, current_app, json
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, Field

from service.metrics import exposition
from service.problems import TYPES, Problem, ProblemType
from service.routes.reading import answered, documented, services

TAG = Tag(name="operations", description="For those who run the service.")
CACHE_S = 3600


class Health(BaseModel):
    status: str


class PartAnswer(BaseModel):
    ok: bool
    detail: str


class Ready(BaseModel):
    ok: bool
    parts: dict[str, PartAnswer]


class ProblemKind(BaseModel):
    type: str
    status: int
    title: str
    fix: str


class ProblemPath(BaseModel):
    slug: str = Field(max_length=64)


class ProblemKinds(BaseModel):
    problems: list[ProblemKind]


def register(app: OpenAPI) -> None:
    app.get("/healthz", tags=[TAG], responses=documented(Health))(healthz)
    app.get("/readyz", tags=[TAG], responses=documented(Ready) | {"503": Ready})(readyz)
    app.get("/problems", tags=[TAG], responses=documented(ProblemKinds))(problems)
    app.get("/problems/<slug>", tags=[TAG], responses=documented(ProblemKind, cached=True))(problem)
    app.add_url_rule("/openapi.json", view_func=contract)
    app.add_url_rule("/metrics", view_func=metrics)


def healthz() -> Response:
    """The process runs."""
    return Response(Health(status="ok").model_dump_json(), content_type="application/json")


def readyz() -> Response:
    """Whether every part answers; a part that does not says what to do."""
    readiness = services().readiness()
    parts = {k: PartAnswer(ok=p.ok, detail=p.detail) for k, p in readiness.parts.items()}
    body = Ready(ok=readiness.ok, parts=parts)
    return Response(
        body.model_dump_json(),
        status=200 if readiness.ok else 503,
        content_type="application/json",
    )


def _kind(kind: ProblemType) -> ProblemKind:
    return ProblemKind(
        type=f"/problems/{kind.slug}", status=kind.status, title=kind.title, fix=kind.fix
    )


def problem(path: ProblemPath) -> Response:
    """What a problem's `type` leads to: one kind of error with its fix."""
    kind = TYPES.get(path.slug)
    if kind is None:
        raise Problem("not-found", f"souk has no problem {path.slug!r}; /problems lists them.")
    return answered(_kind(kind), cache_s=CACHE_S)


def problems() -> Response:
    """Every type of error with its fix."""
    kinds = [_kind(kind) for kind in TYPES.values()]
    return Response(ProblemKinds(problems=kinds).model_dump_json(), content_type="application/json")


def metrics() -> Response:
    """Prometheus's text format, summed over the workers."""
    body, headers = exposition()
    return Response(body, headers=dict(headers))


def contract() -> Response:
    """The OpenAPI 3.1 document."""
    app = current_app
    if not isinstance(app, OpenAPI):
        raise TypeError("the application was not built by build_app")
    compact = json.dumps(app.api_doc, separators=(",", ":"))
    return Response(compact, content_type="application/json")
