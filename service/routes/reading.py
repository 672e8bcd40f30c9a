"""What every route reads from a request: services, marketplace, language, and documented answers."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, Field

from service.app import current_services
from service.languages import choose_language
from service.parameters import QueryModel
from service.problems import TYPES
from service.services import Services
from service.stages import Market

ANYWHERE = (
    "invalid-parameter",
    "not-found",
    "method-not-allowed",
    "too-many-requests",
    "not-ready",
)
"""Problems that every documented address may answer with."""
PROBLEM = "#/components/schemas/ProblemAnswer"
"""Where the contract describes a problem; it is there because every refused parameter answers with one."""


class MarketplacePath(BaseModel):
    marketplace: str = Field(description="in, us, gb (or uk), de, fr, it or es.", max_length=16)


class ProductPath(MarketplacePath):
    product_id: str = Field(max_length=128)


class LanguageQuery(QueryModel):
    language: str | None = Field(
        default=None, max_length=35, description="BCP 47; before Accept-Language."
    )


def services() -> Services:
    return current_services(current_app)


def language_of(market: Market, asked: str | None) -> str:
    accepted = [tag for tag, _ in request.accept_languages]
    return choose_language(market.marketplace, asked, accepted)


def answered(body: BaseModel, *, cache_s: int = 0) -> Response:
    """JSON; with `cache_s` it carries an ETag and answers conditional requests by 304."""
    response = Response(body.model_dump_json(), content_type="application/json")
    if cache_s:
        response.headers["Cache-Control"] = f"public, max-age={cache_s}"
        response.headers["Vary"] = "Accept-Language"
        response.add_etag()
        response.make_conditional(request)
    return response


def documented(ok: type[BaseModel], *slugs: str, cached: bool = False) -> ResponseDict:
    """OpenAPI `responses`: the answer, and each problem's status with its titles.

    `cached`: the answer has an ETag, so that a conditional request may get 304.
    """
    responses: ResponseDict = {"200": ok}
    if cached:
        responses["304"] = {"description": "Unchanged since the ETag of If-None-Match."}
    by_status: dict[int, list[str]] = {}
    for slug in (*slugs, *ANYWHERE):
        by_status.setdefault(TYPES[slug].status, []).append(TYPES[slug].title)
    for status, titles in by_status.items():
        responses[str(status)] = {
            "description": "; ".join(dict.fromkeys(titles)),
            "content": {"application/problem+json": {"schema": {"$ref": PROBLEM}}},
        }
    return responses
