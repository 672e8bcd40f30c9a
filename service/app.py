"""The Flask application: request ids, problems, headers, and the routes; no engine is made here."""

from __future__ import annotations

import errno
import logging
import secrets
import sqlite3
import time

from flask import Flask, Response, current_app, g, json, request
from flask_openapi3 import Info, OpenAPI
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from service.limiting import limit_requests
from service.metrics import REQUESTS
from service.parameters import invalid_parameters
from service.problems import Problem
from service.services import Services
from service.wire import ProblemAnswer

MAX_BODY_BYTES = 21 * 2**20
"""A little above the largest photo, for multipart's own lines."""

LOG = logging.getLogger("souk.request")

INFO = Info(
    title="souk",
    version="1",
    description="A photo in; what this marketplace's shopper would call similar, and what goes "
    "with it, out.",
)


def build_app(services: Services) -> OpenAPI:
    """The application over services that make their parts on first use."""
    app = OpenAPI(
        "service",
        info=INFO,
        security_schemes={
            "token": {"type": "http", "scheme": "bearer", "description": "Made by `souk tokens`."}
        },
        validation_error_status=422,
        validation_error_model=ProblemAnswer,
        validation_error_callback=_validation_failed,
        doc_ui=False,
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["souk"] = services
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's provider has it, its base not
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Exception, _failed)
    limit_requests(app, services, problem_response)
    from service.routes import register  # noqa: PLC0415  routes import this module's neighbours

    register(app)
    app.wsgi_app = services.tracing.around(app.wsgi_app)  # type: ignore[assignment,method-assign]  # Flask's own way
    return app


def current_services(app: Flask) -> Services:
    services = app.extensions["souk"]
    if not isinstance(services, Services):
        raise TypeError("the application was not built by build_app")
    return services


def problem_response(problem: Problem) -> Response:
    """`application/problem+json` with the request's id."""
    response = Response(
        json.dumps(problem.body(g.get("request_id", ""))),
        status=problem.kind.status,
        content_type="application/problem+json",
    )
    response.headers.update(problem.headers)
    return response


def _begin() -> None:
    asked = request.headers.get("X-Request-Id", "")
    known = asked.isascii() and asked.replace("-", "").isalnum() and len(asked) <= 64
    g.request_id = asked if known else secrets.token_hex(8)
    g.begun = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )
    route = request.url_rule.rule if request.url_rule else "none"
    request_id = g.get("request_id", "")
    REQUESTS.labels(route, response.status_code).inc()
    trace_id = current_services(current_app).tracing.answered(
        route=route, status=response.status_code, request_id=request_id
    )
    LOG.info(
        "%s %s %s",
        request.method,
        request.path,
        response.status_code,
        extra={
            "request_id": request_id,
            **({"trace_id": trace_id} if trace_id else {}),
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("begun", time.perf_counter())) * 1000, 2),
        },
    )
    return response


def _validation_failed(error: ValidationError) -> Response:
    return problem_response(invalid_parameters(error))


def _failed(error: Exception) -> Response:
    if isinstance(error, Problem):
        return problem_response(error)
    if isinstance(error, ValidationError):
        return _validation_failed(error)
    if isinstance(error, HTTPException):
        return _http_failed(error)
    if (found := _storage_fault(error)) is not None:
        return _storage_failed(error, found)
    LOG.error("unexpected error", exc_info=error, extra={"request_id": g.get("request_id", "")})
    return problem_response(
        Problem("internal", "Something went wrong that souk does not know how to explain.")
    )


def _storage_fault(error: Exception) -> str | None:
    """What a database or the disk said: locked for longer than is waited, full, or gone."""
    for one in (error, error.__cause__):
        if isinstance(one, sqlite3.OperationalError):
            return str(one)
        if isinstance(one, OperationalError):
            return str(one.orig).strip().split("\n")[0]
        if isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return one.strerror
    return None


def _storage_failed(error: Exception, found: str) -> Response:
    """The operator's to mend, the caller's to repeat."""
    request_id = g.get("request_id", "")
    LOG.error("what was to be kept is not", exc_info=error, extra={"request_id": request_id})
    return problem_response(
        Problem(
            "busy",
            f"A file or database does not take this now ({found}). Send the request again.",
            headers={"Retry-After": "5"},
        )
    )


def _http_failed(error: HTTPException) -> Response:
    if isinstance(error.response, Response):  # already a problem: a rate limit's
        return error.response
    if isinstance(error, NotFound):
        return problem_response(Problem("not-found", f"Nothing is at {request.path}."))
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        detail = f"{request.path} takes {allowed}, not {request.method}."
        return problem_response(Problem("method-not-allowed", detail, headers={"Allow": allowed}))
    if isinstance(error, RequestEntityTooLarge):
        limit = MAX_BODY_BYTES // 2**20
        return problem_response(Problem("photo-too-large", f"A request has at most {limit} MiB."))
    return problem_response(
        Problem("invalid-body", f"The request cannot be read: {error.description}")
    )
