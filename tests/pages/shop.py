"""A served fake shop for the browser: pictures, samples, folded duplicates, pages to turn."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from catalog.categories import CategoryTree
from catalog.search import Candidate, Look, Prediction
from catalog.store import IndexRecord
from retrieval.exact import ExactIndex
from service.app import build_app
from service.services import Services
from tests.service.fakes import FakeModels, fake_services, photo_bytes, records

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY = "souk.body"
"""Where a request's environment keeps what is being sent."""
EACH = 30
"""Products of every concept: more than a page holds."""
TWIN = ("kurti-3", "kurti-9", "kurti-15")
"""One thing that three sellers offer."""


class UndecidedModels(FakeModels):
    """Sees what the fakes see, and says what else it could be."""

    def classify(
        self,
        look: Look,
        neighbours: Sequence[Candidate],
        tree: CategoryTree,
        stocked: object = None,
    ) -> Prediction:
        found = super().classify(look, neighbours, tree, stocked)
        others = {tree.leaf_of("tunic", "women"): 0.2, tree.leaf_of("saree", "women"): 0.1}
        rest = {leaf: p for leaf, p in others.items() if leaf and leaf != found.category}
        return replace(found, categories={found.category: 0.7, **rest})


def fake_shop(home: Path, locales: Path | None = None) -> Services:
    """Services over fakes with everything that a page shows."""
    plain = fake_services(home, locales=locales)
    markets = plain.locales().marketplaces
    shelves = {
        market: [_twinned(r) for r in records(market, x.tree, x.marketplace.currency, EACH)]
        for market, x in markets.items()
    }
    _draw_pictures(plain.settings.pictures, shelves["in"])
    _write_sample(plain.settings.samples)
    return fake_services(
        home,
        locales=locales,
        models=UndecidedModels(),
        index=ExactIndex(shelves, model="fake-1"),
    )


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The address of the service while the block runs."""
    app = _remembered(build_app(services))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_ClosingHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class _ClosingHandler(WSGIRequestHandler):
    """Closes what a browser gave up waiting for; Werkzeug's own handler leaves the file open."""

    def connection_dropped(
        self, error: BaseException, environ: WSGIEnvironment | None = None
    ) -> None:
        """The browser went away while an answer was sent."""
        super().connection_dropped(error, environ)
        close = getattr((environ or {}).get(BODY), "close", None)
        if close is not None:
            close()


def _remembered(app: WSGIApplication) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[BODY] = app(environ, start_response)
        body: Iterable[bytes] = environ[BODY]
        return body

    return answer


def _twinned(record: IndexRecord) -> IndexRecord:
    product = record.listing.product
    if product.product_id not in TWIN:
        return record
    return replace(
        record, listing=replace(record.listing, product=replace(product, group_id="twin"))
    )


def _draw_pictures(folder: Path, shelf: Sequence[IndexRecord]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 180, 160)).save(stream, "JPEG")
    for record in shelf:
        if record.listing.product.image:
            (folder / record.listing.product.image).write_bytes(stream.getvalue())


def _write_sample(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kurti.jpg").write_bytes(photo_bytes("kurti", (300, 400)))
    listed = [{"file": "kurti.jpg", "names": {"en": "Kurti in the street", "hi": "सड़क पर कुर्ती"}}]
    (folder / "samples.json").write_text(json.dumps(listed), encoding="utf-8")
