"""The search endpoint: a photo in, this marketplace's page out, and every refusal as a problem."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pydantic.json_schema import GenerateJsonSchema

from service.problems import TYPES
from service.workspace import workspace_secret
from tests.service.fakes import ROOT, JsonClient, fake_services, photo_bytes
from vision import heif_decoding


def concepts(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [item["product_id"].rsplit("-", 1)[0] for item in response.json["results"]]


def focus(response: Any) -> Any:
    return next(o for o in response.json["objects"] if o["id"] == response.json["focus"])


def test_the_same_kurti_is_a_kurti_in_india_and_a_tunic_in_the_united_states(
    client: JsonClient,
) -> None:
    india, america = client.search("in", "kurti"), client.search("us", "kurti")
    assert focus(india)["category"]["path"][-1] == "Kurtis"
    assert focus(america)["category"]["path"][-1] == "Tunics"
    assert concepts(india)[0] == "kurti"


def test_a_saree_is_a_saree_everywhere(client: JsonClient) -> None:
    for marketplace in ("in", "us", "gb", "de", "fr", "it", "es"):
        assert set(concepts(client.search(marketplace, "saree"))[:5]) == {"saree"}


def test_answers_in_the_marketplace_currency_and_language(client: JsonClient) -> None:
    answer = client.search("de", "tunic").json
    assert (answer["language"], answer["currency"]) == ("de-DE", "EUR")
    assert answer["results"][0]["price"]["display"].endswith("€")
    hindi = client.search("in", "saree", "language=hi")
    assert hindi.json["language"] == "hi-IN"
    assert focus(hindi)["category"]["path"][0] == "महिलाएँ"


def test_offers_what_the_outfit_needs_and_never_a_necktie(client: JsonClient) -> None:
    slots = client.search("in", "kurti").json["accessories"]
    assert {"dupatta", "leggings"} <= {c for slot in slots for c in slot["concepts"]}
    leaders = [slot["results"][0]["product_id"] for slot in slots if slot["results"]]
    assert leaders
    assert not any(product.startswith("necktie") for product in leaders)


def test_the_three_forms_of_a_request_give_the_same_page(client: JsonClient) -> None:
    raw = client.search("in", "kurti", "limit=5")
    form = client.post(
        "/v1/in/search",
        data={"photo": (io.BytesIO(photo_bytes("kurti")), "photo.jpg"), "limit": "5"},
        content_type="multipart/form-data",
    )
    assert concepts(raw) == concepts(form)
    product = client.post("/v1/in/search", json={"product_id": "kurti-1", "limit": 5})
    assert "kurti-1" not in [item["product_id"] for item in product.json["results"]]


def test_filters_hold_for_every_result(client: JsonClient) -> None:
    answer = client.search("in", "kurti", "prime=true&max_price=35.00&size=L&colour=blue,red").json
    assert answer["results"]
    for item in answer["results"]:
        assert item["prime"]
        assert item["price"]["amount_minor"] <= 3500
        assert item["colour"] in ("blue", "red")
        assert "L" in item["sizes"] or not item["sizes"]


def test_out_of_stock_comes_last(client: JsonClient) -> None:
    available = [item["available"] for item in client.search("in", "saree").json["results"]]
    assert available == sorted(available, reverse=True)
    assert not available[-1]


def test_sorts_by_price(client: JsonClient) -> None:
    items = client.search("in", "saree", "sort=price_asc&available=true").json["results"]
    prices = [item["price"]["amount_minor"] for item in items]
    assert prices == sorted(prices)


def test_too_few_results_come_with_a_reason(client: JsonClient) -> None:
    answer = client.search("in", "saree", "limit=100").json
    assert answer["next"] is None
    assert answer["shortfall"] == "filtered_out"
    shown = [item["product_id"].rsplit("-", 1)[0] for item in answer["results"]]
    assert shown[:10] == ["saree"] * 10
    assert len(shown) == 100, "what is accepted runs out, what looks alike goes on"


def test_pages_neither_repeat_nor_skip(tmp_path: Path) -> None:
    client = JsonClient(fake_services(tmp_path, each=230))
    first = client.search("in", "saree", "limit=17&accessories=false").json
    seen, cursor, query = (
        [i["product_id"] for i in first["results"]],
        first["next"],
        first["query_id"],
    )
    while cursor:
        page = client.post("/v1/in/search", json={"cursor": cursor, "limit": 17}).json
        seen += [item["product_id"] for item in page["results"]]
        cursor = page["next"]
        assert page["query_id"] == query
    assert len(seen) == len(set(seen)) == 230


def test_a_box_and_an_object_choose_the_focus(client: JsonClient) -> None:
    assert client.search("in", "kurti", "object=1").json["focus"] == 1
    drawn = client.search("in", "kurti", "box=0.2,0.2,0.8,0.9").json
    assert drawn["objects"][-1]["box"] == [0.2, 0.2, 0.8, 0.9]


def test_explains_each_result_by_contributions_that_sum_to_its_score(client: JsonClient) -> None:
    for item in client.search("in", "kurti", "explain=true&limit=4").json["results"]:
        assert item["explanation"]
        assert sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-3)


@pytest.mark.parametrize(
    ("query", "problem", "status", "field"),
    [
        ("min_price=-1", "invalid-parameter", 422, "min_price"),
        ("min_price=9&max_price=3", "invalid-parameter", 422, "min_price"),
        ("colour=rde", "invalid-parameter", 422, "colour.0"),
        ("box=0.9,0.1,0.2,0.8", "invalid-parameter", 422, "box"),
        ("limit=0", "invalid-parameter", 422, "limit"),
        ("nonsense=1", "invalid-parameter", 422, "nonsense"),
        ("category=women.nothing", "unknown-category", 422, None),
        ("object=77", "unknown-object", 422, None),
        ("cursor=forged", "invalid-cursor", 400, None),
    ],
)
def test_refuses_parameters_by_name(
    client: JsonClient, query: str, problem: str, status: int, field: str | None
) -> None:
    response = client.search("in", "kurti", query)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert response.json["type"] == f"/problems/{problem}"
    assert response.json["fix"]
    if field:
        assert response.json["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("body", "content_type", "problem"),
    [
        (b"", "image/jpeg", "no-photo"),
        (b"hello", "image/jpeg", "not-an-image"),
        (b"[1, 2]", "application/json", "invalid-body"),
        (b'"text"', "application/json", "invalid-body"),
        (b"{", "application/json", "invalid-body"),
        (b"{}", "application/json", "no-photo"),
        (b"x", "text/plain", "no-photo"),
    ],
)
def test_refuses_bodies_that_carry_no_photo(
    client: JsonClient, body: bytes, content_type: str, problem: str
) -> None:
    response = client.post("/v1/in/search", data=body, content_type=content_type)
    assert 400 <= response.status_code < 500
    assert response.json["type"] == f"/problems/{problem}"


def test_refuses_a_truncated_photo_and_a_bomb(client: JsonClient) -> None:
    cut = photo_bytes("kurti", (600, 800))[:900]
    response = client.post("/v1/in/search", data=cut, content_type="image/jpeg")
    assert response.json["type"] == "/problems/bad-image"
    header = bytearray(photo_bytes("kurti", form="PNG"))
    header[16:24] = (50_000).to_bytes(4, "big") * 2
    response = client.post("/v1/in/search", data=bytes(header), content_type="image/png")
    assert (response.status_code, response.json["type"]) == (413, "/problems/photo-too-large")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_kind_of_photo_is_seen_alike(client: JsonClient, form: str) -> None:
    photo = photo_bytes("kurti", form=form)
    response = client.post("/v1/in/search", data=photo, content_type=f"image/{form.lower()}")
    assert response.json["results"][0]["product_id"].startswith("kurti-")


def test_a_phones_heic_photo_is_seen_and_a_damaged_one_refused(client: JsonClient) -> None:
    photo = (ROOT / "tests" / "cases" / "heic" / "halves.heic").read_bytes()
    response = client.post("/v1/in/search", data=photo, content_type="image/heic")
    assert (response.status_code, response.json["objects"] != []) == (200, True)
    response = client.post("/v1/in/search", data=photo[:300], content_type="image/heic")
    assert (response.status_code, response.json["type"]) == (422, "/problems/bad-image")


def test_without_the_extra_a_heic_photo_is_refused_with_what_to_install(
    client: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heif_decoding, "reads_heic", lambda: False)
    photo = (ROOT / "tests" / "cases" / "heic" / "halves.heic").read_bytes()
    response = client.post("/v1/in/search", data=photo, content_type="image/heic")
    assert (response.status_code, response.json["type"]) == (415, "/problems/not-an-image")
    assert ".[heif]" in response.json["detail"]
    assert "heif" in response.json["fix"]


def test_the_contract_names_every_kind_of_photo(client: JsonClient) -> None:
    operation = client.get("/openapi.json").json["paths"]["/v1/{marketplace}/search"]["post"]
    kinds = {kind for kind in operation["requestBody"]["content"] if kind.startswith("image/")}
    assert kinds == {f"image/{kind}" for kind in ("jpeg", "png", "webp", "avif", "heic")}


def test_the_limits_are_those_that_the_problem_states(client: JsonClient) -> None:
    fix = TYPES["photo-too-large"].fix
    assert "12 MB" in fix
    assert "50 megapixels" in fix
    photo = photo_bytes("kurti")
    at = photo.index(b"\xff\xc0") + 5
    large = photo[:at] + (7100).to_bytes(2, "big") * 2 + photo[at + 4 :]
    for refused in (photo + bytes(12_000_001 - len(photo)), large):
        response = client.post("/v1/in/search", data=refused, content_type="image/jpeg")
        assert (response.status_code, response.json["type"]) == (413, "/problems/photo-too-large")
    padded = photo + bytes(12_000_000 - len(photo))
    response = client.post("/v1/in/search?limit=1", data=padded, content_type="image/jpeg")
    assert response.status_code == 200


def test_a_photo_is_not_stored(client: JsonClient) -> None:
    """Nothing of it in any file of the workspace, the log of searches included."""
    photo = photo_bytes("kurti", (300, 400))
    assert client.post("/v1/in/search", data=photo, content_type="image/jpeg").status_code == 200
    files = [p for p in client.services.settings.home.rglob("*") if p.is_file()]
    assert any(p.name.startswith("events.sqlite") for p in files)
    body = photo[len(photo) // 2 :][:64]
    assert not [p for p in files if body in p.read_bytes()]


def test_refuses_a_marketplace_that_does_not_exist(client: JsonClient) -> None:
    response = client.search("atlantis", "kurti")
    assert response.status_code == 404
    assert "in" in response.json["detail"]
    assert client.search("uk", "kurti").json["marketplace"] == "gb"


def test_a_cursor_belongs_to_one_marketplace(client: JsonClient) -> None:
    cursor = client.search("in", "saree", "limit=2").json["next"]
    response = client.post("/v1/us/search", json={"cursor": cursor})
    assert response.json["type"] == "/problems/invalid-cursor"
    assert "'in'" in response.json["detail"]


def test_a_cursor_survives_the_restart_of_its_worker(tmp_path: Path) -> None:
    """The secret lies in the workspace and the cursor carries the query: no worker keeps anything."""

    def worker() -> JsonClient:
        services = fake_services(tmp_path)
        services.secret = workspace_secret(tmp_path)
        return JsonClient(services)

    first = worker().search("in", "saree", "limit=4").json
    second = worker().post("/v1/in/search", json={"cursor": first["next"], "limit": 4}).json
    ten = worker().search("in", "saree", "limit=8").json["results"]
    shown = [r["product_id"] for r in (*first["results"], *second["results"])]
    assert shown == [r["product_id"] for r in ten]


@pytest.mark.parametrize("part", ["models", "index"])
def test_a_missing_part_is_named_with_its_fix(tmp_path: Path, part: str) -> None:
    services = (
        fake_services(tmp_path, models=None)
        if part == "models"
        else fake_services(tmp_path, index=None)
    )
    client = JsonClient(services)
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert not ready.json["parts"][part]["ok"]
    assert client.get("/healthz").status_code == 200
    response = client.search("in", "kurti")
    assert (response.status_code, response.json["type"]) == (503, "/problems/not-ready")
    assert part in response.json["detail"]
    assert response.headers["Retry-After"]


def test_a_querys_schema_is_made_once(client: JsonClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web framework asks for it with every request."""
    client.search("in", "kurti")
    made = []
    real = GenerateJsonSchema.generate

    def generate(self: GenerateJsonSchema, *arguments: Any, **named: Any) -> Any:
        made.append(self)
        return real(self, *arguments, **named)

    monkeypatch.setattr(GenerateJsonSchema, "generate", generate)
    assert client.search("in", "kurti").status_code == 200
    assert made == []
