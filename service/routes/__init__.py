"""The addresses of the service, one module a concern."""

from __future__ import annotations

from flask_openapi3 import OpenAPI

from service.routes import (
    admin,
    bulk,
    catalogue,
    events,
    experiments,
    operations,
    pages,
    rule_desk,
    rule_forms,
    search,
)


def register(app: OpenAPI) -> None:
    """Add every route to the application."""
    for module in (
        operations,
        admin,
        experiments,
        rule_desk,
        rule_forms,
        bulk,
        catalogue,
        search,
        events,
        pages,
    ):
        module.register(app)
