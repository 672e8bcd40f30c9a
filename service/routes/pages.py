"""The pages' files and the products' pictures, from this host alone."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, abort, request, send_from_directory
from flask_openapi3 import OpenAPI

from service.routes.reading import services

FILES = Path(__file__).resolve().parent.parent / "pages"
PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
YEAR_S = 31_536_000


def register(app: OpenAPI) -> None:
    app.add_url_rule("/", view_func=shopper)
    app.add_url_rule("/studio", view_func=studio)
    app.add_url_rule("/experiments", view_func=experiments)
    app.add_url_rule("/docs", view_func=docs)
    app.add_url_rule("/assets/<path:name>", view_func=assets)
    app.add_url_rule("/pictures/<name>", view_func=pictures)
    app.add_url_rule("/samples/<name>", view_func=samples)


def shopper() -> Response:
    """The shopper's page."""
    return _page("shopper.html")


def studio() -> Response:
    """The merchandiser's studio."""
    return _page("studio.html")


def experiments() -> Response:
    """The analyst's page."""
    return _page("experiments.html")


def docs() -> Response:
    """The contract as a page."""
    return _page("docs.html")


def assets(name: str) -> Response:
    """Scripts, styles and sample photos of the pages."""
    response = send_from_directory(FILES / "assets", name, conditional=True)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def pictures(name: str) -> Response:
    """A product's picture; its name changes with its content, so it may be cached for long."""
    if not PICTURE.fullmatch(name):
        abort(404)
    response = send_from_directory(services().settings.pictures, name, conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response


def samples(name: str) -> Response:
    """A photo to try, or the list of them; the list is empty where there is no demo."""
    folder = services().settings.samples
    if name == "samples.json" and not (folder / name).is_file():
        return Response("[]", content_type="application/json")
    return send_from_directory(folder, name, conditional=True)


def _page(name: str) -> Response:
    response = send_from_directory(FILES, name, conditional=bool(request.headers))
    response.headers["Cache-Control"] = "no-cache"
    return response
