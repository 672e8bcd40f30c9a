"""Marketplaces, categories and products over HTTP."""

from __future__ import annotations

from service.problems import TYPES
from tests.service.fakes import JsonClient


def test_lists_the_marketplaces_with_their_languages_and_currency(client: JsonClient) -> None:
    found = {m["id"]: m for m in client.get("/v1/marketplaces").json["marketplaces"]}
    assert set(found) == {"in", "us", "gb", "de", "fr", "it", "es"}
    assert (found["in"]["currency"], found["de"]["currency"]) == ("INR", "EUR")
    assert "hi-IN" in found["in"]["languages"]


def test_categories_answer_conditional_requests(client: JsonClient) -> None:
    first = client.get("/v1/in/categories")
    again = client.get("/v1/in/categories", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_negotiates_the_language_of_names(client: JsonClient) -> None:
    answer = client.get("/v1/in/categories", headers={"Accept-Language": "hi;q=0.9, de;q=0.5"})
    assert answer.json["language"] == "hi-IN"
    assert client.get("/v1/de", headers={"Accept-Language": "hi"}).json["name"] == "Deutschland"


def test_a_product_has_its_offer_of_the_marketplace(client: JsonClient) -> None:
    here, there = client.get("/v1/in/products/saree-1"), client.get("/v1/us/products/saree-1")
    assert here.json["price"]["currency"] == "INR"
    assert there.json["price"]["currency"] == "USD"
    gone = client.get("/v1/in/products/nothing")
    assert (gone.status_code, gone.json["type"]) == (404, "/problems/unknown-product")


def test_similar_leaves_the_product_itself_out(client: JsonClient) -> None:
    answer = client.get("/v1/in/products/saree-1/similar?limit=5").json
    ids = [item["product_id"] for item in answer["results"]]
    assert len(ids) == 5
    assert "saree-1" not in ids
    assert answer["accessories"] == []


def test_accessories_of_a_product(client: JsonClient) -> None:
    slots = client.get("/v1/in/products/kurti-1/accessories?limit=1").json["accessories"]
    assert "dupatta" in {c for slot in slots for c in slot["concepts"]}


def test_every_error_has_a_stable_documented_type(client: JsonClient) -> None:
    listed = {p["type"] for p in client.get("/problems").json["problems"]}
    assert listed == {f"/problems/{slug}" for slug in TYPES}
    assert client.get("/nothing").json["type"] in listed
    assert client.delete("/v1/in/search").json["type"] in listed


def test_a_problems_type_leads_to_its_fix(client: JsonClient) -> None:
    for slug, kind in TYPES.items():
        answer = client.get(f"/problems/{slug}")
        assert (answer.status_code, answer.json["fix"]) == (200, kind.fix)
    assert client.get("/problems/nonsense").json["type"] == "/problems/not-found"


def test_answers_carry_the_request_id_and_secure_headers(client: JsonClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": "abc-123"})
    assert answer.headers["X-Request-Id"] == "abc-123"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    forged = client.get("/healthz", headers={"X-Request-Id": "a<script>"})
    assert "<" not in forged.headers["X-Request-Id"]


def test_the_contract_documents_no_5xx_but_503(client: JsonClient) -> None:
    document = client.get("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    statuses = {
        status
        for path in document["paths"].values()
        for operation in path.values()
        for status in operation["responses"]
    }
    assert "default" not in statuses
    assert {s for s in statuses if s.startswith("5")} <= {"503"}
