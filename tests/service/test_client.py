"""The Python client against the service on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.serving import make_server

from service.app import build_app
from service.client import EventToSend, Refused, Souk, Unreachable
from tests.service.fakes import NOW, fake_services, photo_bytes


@pytest.fixture(scope="module")
def souk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Souk]:
    app = build_app(fake_services(tmp_path_factory.mktemp("client")))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Souk(base=f"http://127.0.0.1:{server.server_port}", marketplace="in", timeout_s=60)
    server.shutdown()
    thread.join()
    server.server_close()


def test_searches_with_a_photo_and_turns_the_page(souk: Souk) -> None:
    page = souk.search(photo_bytes("saree"), limit=5, colour=["red", "blue"], available=True)
    assert {item.category_path[-1] for item in page.results} == {"Sarees"}
    following = souk.next_page(page, limit=5)
    assert following is not None
    shown = {item.product_id for item in page.results}
    assert shown.isdisjoint(item.product_id for item in following.results)
    assert following.query_id == page.query_id


def test_reads_products_their_neighbours_and_what_goes_with_them(souk: Souk) -> None:
    assert souk.product("kurti-1").price.currency == "INR"
    assert "kurti-1" not in {i.product_id for i in souk.similar("kurti-1").results}
    assert souk.accessories("kurti-1").accessories
    assert "in" in {m.id for m in souk.marketplaces().marketplaces}


def test_asks_in_its_language(souk: Souk) -> None:
    assert replace(souk, language="hi").categories().language == "hi-IN"


def test_events_sent_twice_count_once(souk: Souk) -> None:
    event = EventToSend(
        event_id="e-1", type="click", query_id="q-1", product_id="kurti-1", position=1,
        at=NOW - timedelta(minutes=1),
    )  # fmt: skip
    assert souk.send_events([event]).new == 1
    assert souk.send_events([event]).new == 0


def test_a_problem_is_raised_with_its_kind_and_fix(souk: Souk) -> None:
    with pytest.raises(Refused) as caught:
        souk.search(b"no picture")
    assert caught.value.kind == "not-an-image"
    assert "Send a JPEG" in str(caught.value)
    with pytest.raises(Refused, match="atlantis"):
        replace(souk, marketplace="atlantis").categories()
    with pytest.raises(Refused) as wrong:
        souk.similar("saree-1", limit=0)
    assert wrong.value.problem.errors
    assert wrong.value.problem.errors[0].field == "limit"


def test_says_when_nobody_answers(souk: Souk) -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        replace(souk, base="http://127.0.0.1:9").categories()
    with pytest.raises(Unreachable, match="is no web address"):
        replace(souk, base="file:///etc").categories()


def test_its_token_is_not_printed(souk: Souk) -> None:
    assert "secret" not in repr(replace(souk, token="secret"))
