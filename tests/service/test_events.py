"""Events and exposures: durable, counted once, and refused with the field at fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from documents.nodes import UNWRITTEN
from experiments.definitions import Experiment, Ranking, Variant
from experiments.joining import join
from tests.service.fakes import ROOT, JsonClient, fake_services

EVENT = {
    "event_id": "e-1",
    "type": "click",
    "query_id": "q-1",
    "product_id": "saree-1",
    "position": 1,
    "at": "2026-06-15T11:59:00Z",
}


def experiment(**changes: object) -> Experiment:
    made = Experiment(
        key="plain-order",
        hypothesis="Order by similarity alone loses clicks.",
        owner="search",
        state="running",
        marketplaces=("in",),
        unit="shopper",
        salt="plain-order-1",
        layer=None,
        coverage=1.0,
        variants=(
            Variant(key="shipped", weight=0.5, ranking=Ranking(), source=UNWRITTEN),
            Variant(
                key="plain", weight=0.5, ranking=Ranking(reranker="similarity"), source=UNWRITTEN
            ),
        ),
        primary_metric="click_through",
        source=UNWRITTEN,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name, in tests only


def test_an_event_counts_once_however_often_it_is_sent(client: JsonClient) -> None:
    first = client.post("/v1/in/events", json=[EVENT])
    again = client.post("/v1/in/events", json=[EVENT, {**EVENT, "event_id": "e-2"}])
    assert (first.status_code, first.json) == (202, {"accepted": 1, "new": 1})
    assert again.json == {"accepted": 2, "new": 1}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "clack"}, "0.type"),
        ({"position": 0}, "0.position"),
        ({"event_id": "no spaces please"}, "0.event_id"),
        ({"at": "yesterday"}, "0.at"),
        ({"at": "2031-01-01T00:00:00Z"}, "0.at"),
        ({"at": "0001-01-01T00:00:00+05:00"}, "0.at"),
        ({"colour": "red"}, "0.colour"),
    ],
)
def test_refuses_an_event_with_its_place(
    client: JsonClient, change: dict[str, object], field: str
) -> None:
    response = client.post("/v1/in/events", json=[{**EVENT, **change}])
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == field


def test_refuses_too_many_and_what_is_no_list(client: JsonClient) -> None:
    many = client.post("/v1/in/events", json=[EVENT] * 1001)
    assert (many.status_code, many.json["type"]) == (400, "/problems/invalid-body")
    assert client.post("/v1/in/events", json={"a": 1}).status_code == 400


def test_a_unit_keeps_its_variant_and_is_exposed_once(tmp_path: Path) -> None:
    services = fake_services(tmp_path, experiments=(experiment(),))
    client = JsonClient(services)
    seen = set()
    for _ in range(3):
        answer = client.search("in", "kurti", headers={"X-Souk-Unit": "shopper-7"}).json
        seen.add(answer["experiments"][0]["variant"])
    assert len(seen) == 1
    assert len(list(services.events().exposures("plain-order"))) == 1
    other = client.search("us", "kurti")
    assert other.json["experiments"] == []


def test_a_tester_override_is_served_and_left_out_of_exposures(tmp_path: Path) -> None:
    services = fake_services(tmp_path, experiments=(experiment(overrides={"tester": "plain"}),))
    client = JsonClient(services)
    answer = client.search("in", "kurti", headers={"X-Souk-Unit": "tester"}).json
    assert answer["experiments"] == [{"key": "plain-order", "variant": "plain"}]
    assert list(services.events().exposures("plain-order")) == []


def test_a_browser_gets_a_signed_unit_that_cannot_be_forged(client: JsonClient) -> None:
    first = client.search("in", "kurti")
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    again = client.search("in", "kurti")
    assert "Set-Cookie" not in again.headers
    client.flask.set_cookie("souk_unit", "mallory.bad-signature")
    forged = client.search("in", "kurti")
    assert "Set-Cookie" in forged.headers


def test_the_repository_has_no_experiment_with_a_problem() -> None:
    from experiments.loading import load_experiments

    found = load_experiments(
        ROOT / "locales" / "experiments", ["in", "us", "gb", "de", "fr", "it", "es"]
    )
    assert found.findings == ()


def test_an_event_for_another_marketplaces_search_is_refused_as_a_whole(client: JsonClient) -> None:
    query_id = client.search("in", "kurti").json["query_id"]
    mine = {**EVENT, "query_id": query_id}
    refused = client.post("/v1/us/events", json=[{**EVENT, "event_id": "fine"}, mine])
    assert refused.status_code == 422
    assert refused.json["errors"][0] == {
        "field": "1.query_id",
        "found": query_id,
        "fix": "send it to /v1/in/events",
    }
    assert client.services.events().counts()["events"] == 0
    assert client.post("/v1/in/events", json=[mine]).status_code == 202


@pytest.mark.parametrize("at", ["2026-06-15T12:05:00Z", "2026-06-15T11:55:00Z"])
def test_a_clock_five_minutes_off_is_taken_and_counts(client: JsonClient, at: str) -> None:
    """The search was at 12:00 by our clock: an event before it is a slow clock's."""
    query_id = client.search("in", "kurti").json["query_id"]
    off = {**EVENT, "query_id": query_id, "at": at}
    assert client.post("/v1/in/events", json=[off]).json == {"accepted": 1, "new": 1}
    log = client.services.events()
    joined = join(experiment(), [], log.searches(["in"]), log.events(["in"]))
    assert joined.unjoined == 0


def test_a_clock_an_hour_ahead_is_refused_with_what_is_allowed(client: JsonClient) -> None:
    ahead = {**EVENT, "event_id": "e-2", "at": "2026-06-15T13:00:00Z"}
    refused = client.post("/v1/in/events", json=[EVENT, ahead])
    assert refused.status_code == 422
    assert (
        "1.at: 2026-06-15T13:00:00+00:00 lies more than 10 minutes in the future"
        in (refused.json["detail"])
    )
    assert client.services.events().counts()["events"] == 0


def test_a_megabyte_of_one_event_is_refused(client: JsonClient) -> None:
    large = {**EVENT, "product_id": "x" * 1_000_000}
    refused = client.post("/v1/in/events", json=[large])
    assert (refused.status_code, refused.json["type"]) == (400, "/problems/invalid-body")
    assert "a request has at most 512 KiB of events. Nothing was kept" in refused.json["detail"]


def test_ten_thousand_events_are_sent_in_parts(client: JsonClient) -> None:
    """The answer says how; nothing of the whole was kept, and the parts count once each."""
    many = [{**EVENT, "event_id": f"e-{n}", "product_id": "p"} for n in range(10_000)]
    slim = [{k: v for k, v in e.items() if k != "position"} for e in many]
    whole = client.post("/v1/in/events", json=slim[:2500])
    assert whole.status_code == 400
    assert (
        "2500 events; send at most 1000 at once. Nothing was kept: send them in 3 requests"
        in (whole.json["detail"])
    )
    assert client.post("/v1/in/events", json=many).status_code == 400
    assert client.services.events().counts()["events"] == 0
    for start in range(0, 10_000, 1000):
        client.post("/v1/in/events", json=many[start : start + 1000])
    again = client.post("/v1/in/events", json=many[:1000])
    assert again.json == {"accepted": 1000, "new": 0}
    assert client.services.events().counts()["events"] == 10_000


def test_events_late_early_and_out_of_order_belong_to_their_search(client: JsonClient) -> None:
    """A purchase before its click, a click days later, and one after the week that counts."""
    query_id = client.search("in", "kurti").json["query_id"]
    sent = [
        {**EVENT, "event_id": "buy", "type": "purchase", "at": "2026-06-15T11:58:00Z"},
        {**EVENT, "event_id": "click", "at": "2026-06-15T11:57:00Z"},
        {**EVENT, "event_id": "old", "at": "2026-06-01T11:57:00Z"},
    ]
    for one in sent:
        body = [{**one, "query_id": query_id}]
        assert client.post("/v1/in/events", json=body).status_code == 202
    log = client.services.events()
    shown = list(log.searches(["in"]))
    joined = join(experiment(), [], shown, log.events(["in"]))
    assert joined.unjoined == 1


def test_every_page_of_a_search_is_logged(client: JsonClient) -> None:
    first = client.search("in", "kurti", "limit=4").json
    second = client.post("/v1/in/search", json={"cursor": first["next"], "limit": 4}).json
    assert second["query_id"] == first["query_id"]
    log = client.services.events()
    pages = sorted(log.searches(["in"]), key=lambda page: page.first_position)
    assert [page.first_position for page in pages] == [1, 5]
    assert [list(page.product_ids) for page in pages] == [
        [item["product_id"] for item in answer["results"]] for answer in (first, second)
    ]


def test_a_page_that_no_variant_could_change_exposes_nobody(tmp_path: Path) -> None:
    services = fake_services(tmp_path, experiments=(experiment(),))
    client = JsonClient(services)
    headers = {"X-Souk-Unit": "shopper-7"}
    client.search("in", "kurti", "sort=price_asc", headers=headers)
    assert list(services.events().exposures("plain-order")) == []
    client.search("in", "kurti", headers=headers)
    assert len(list(services.events().exposures("plain-order"))) == 1


def test_a_query_experiment_exposes_the_query(tmp_path: Path) -> None:
    services = fake_services(tmp_path, experiments=(experiment(unit="query"),))
    client = JsonClient(services)
    ids = {client.search("in", "kurti").json["query_id"] for _ in range(2)}
    assert {e.unit for e in services.events().exposures("plain-order")} == ids
