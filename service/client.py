"""A small typed client of a running souk, with the standard library's HTTP and souk's own shapes.

    souk = Souk("http://127.0.0.1:8000", marketplace="in", language="hi")
    page = souk.search(photo_bytes, max_price="2500", colour=["red"])
    for item in page.results: ...
    more = souk.next_page(page)

Whatever the service refuses is raised as `Refused`, whose `problem` says how to mend it.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel

from service.wire import (
    CategoriesAnswer,
    MarketplacesAnswer,
    ProblemAnswer,
    ProductAnswer,
    SearchAnswer,
)

Parameter = str | int | float | bool | Iterable[str | float]
Answer = TypeVar("Answer", bound=BaseModel)


class Refused(Exception):  # noqa: N818  the service refused; nothing here is at fault
    """An RFC 9457 problem. `retry_after_s` is set when the same request may be sent again later."""

    def __init__(self, problem: ProblemAnswer, retry_after_s: int | None) -> None:
        super().__init__(f"{problem.title}: {problem.detail} {problem.fix}")
        self.problem = problem
        self.retry_after_s = retry_after_s

    @property
    def kind(self) -> str:
        """The problem's slug, such as `unknown-product`."""
        return self.problem.type.removeprefix("/problems/")


class Unreachable(Exception):  # noqa: N818  said of the service, not of this code
    """No answer, or one that is not souk's: the message names the address and the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventToSend:
    """What a shopper did; sent again with the same id, it counts once."""

    event_id: str
    type: Literal["impression", "click", "cart", "purchase"]
    query_id: str
    product_id: str
    at: datetime
    position: int | None = None
    value_minor: int | None = None

    def document(self) -> dict[str, object]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return {k: v for k, v in values.items() if v is not None} | {"at": self.at.isoformat()}


class EventsReceipt(BaseModel):
    accepted: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Souk:
    """One marketplace of a service at `base`. `unit` is the pseudonymous id for experiments."""

    base: str
    marketplace: str
    language: str | None = None
    unit: str | None = None
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 10.0

    def search(self, photo: bytes, **parameters: Parameter) -> SearchAnswer:
        """Similar products and accessories for a photo: JPEG, PNG, WebP, AVIF, or HEIC if read there."""
        path = self._path("search", parameters)
        return self._ask(SearchAnswer, path, photo, "application/octet-stream")

    def next_page(self, page: SearchAnswer, limit: int = 24) -> SearchAnswer | None:
        """The page behind this one; None behind the last."""
        if page.next is None:
            return None
        body = json.dumps({"cursor": page.next, "limit": limit}).encode()
        return self._ask(SearchAnswer, self._path("search", {}), body, "application/json")

    def similar(self, product_id: str, **parameters: Parameter) -> SearchAnswer:
        """What a shopper here would call similar to the product."""
        place = f"products/{quote(product_id, safe='')}/similar"
        return self._ask(SearchAnswer, self._path(place, parameters))

    def accessories(self, product_id: str, **parameters: Parameter) -> SearchAnswer:
        """What goes with the product here, in the answer's `accessories`."""
        place = f"products/{quote(product_id, safe='')}/accessories"
        return self._ask(SearchAnswer, self._path(place, parameters))

    def product(self, product_id: str) -> ProductAnswer:
        return self._ask(ProductAnswer, self._path(f"products/{quote(product_id, safe='')}", {}))

    def categories(self) -> CategoriesAnswer:
        """The marketplace's category tree."""
        return self._ask(CategoriesAnswer, self._path("categories", {}))

    def marketplaces(self) -> MarketplacesAnswer:
        return self._ask(MarketplacesAnswer, "/v1/marketplaces")

    def send_events(self, events: Iterable[EventToSend]) -> EventsReceipt:
        """Log events durably; on `Unreachable` or a 503 send the same ones again."""
        body = json.dumps([event.document() for event in events]).encode()
        path = f"/v1/{quote(self.marketplace, safe='')}/events"
        return self._ask(EventsReceipt, path, body, "application/json")

    def _path(self, place: str, parameters: Mapping[str, Parameter]) -> str:
        values = {k: _text(v) for k, v in parameters.items()}
        if self.language is not None:
            values.setdefault("language", self.language)
        query = f"?{urlencode(values)}" if values else ""
        return f"/v1/{quote(self.marketplace, safe='')}/{place}{query}"

    def _ask(
        self, shape: type[Answer], path: str, body: bytes | None = None, kind: str | None = None
    ) -> Answer:
        url = self.base.rstrip("/") + path
        if not url.startswith(("http://", "https://")):
            raise Unreachable(f"{url} is no web address; it must start with http:// or https://.")
        request = urllib.request.Request(url, data=body, headers=self._headers(kind))  # noqa: S310  checked above
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:  # noqa: S310
                return shape.model_validate_json(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise _refused(url, error) from None
        except OSError as error:
            raise Unreachable(f"{url} does not answer: {error}.") from error

    def _headers(self, kind: str | None) -> dict[str, str]:
        headers = {"Accept": "application/json, application/problem+json"}
        optional = {
            "Content-Type": kind,
            "X-Souk-Unit": self.unit,
            "Authorization": f"Bearer {self.token}" if self.token else None,
        }
        return headers | {name: value for name, value in optional.items() if value}


def _text(value: Parameter) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return ",".join(str(part) for part in value)


def _refused(url: str, error: urllib.error.HTTPError) -> Refused | Unreachable:
    if error.headers.get_content_type() != "application/problem+json":
        return Unreachable(f"{url} answered {error.code} without a problem; is this a souk?")
    problem = ProblemAnswer.model_validate_json(error.read())
    wait = error.headers.get("Retry-After", "")
    return Refused(problem, int(wait) if wait.isdecimal() else None)
