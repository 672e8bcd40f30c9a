"""Rules by form through the API: read, edited, refused in words, and as the page that is then served."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from service.tokens import Role
from tests.service.fakes import NOW, JsonClient, fake_services

FILE = "merchandising.yaml"
PIN = {
    "id": "pin-one",
    "owner": "womens-ethnic",
    "reason": "It leads today: see the plan.",
    "priority": "90",
    "when": {"concepts": ["saree"], "min_price": "5.00"},
    "actions": [{"pin": {"product": "saree-4"}, "at": "2"}],
}


@pytest.fixture
def desk(tmp_path: Path) -> JsonClient:
    return JsonClient(fake_services(tmp_path, live=True))


def ask(desk: JsonClient, what: str, body: dict[str, Any], role: Role = Role.MERCHANDISER) -> Any:
    token = desk.services.tokens.create(
        name="Asha", role=role, marketplaces=("in",), now=NOW, days=1
    )
    headers = {"Authorization": f"Bearer {token}"}
    return desk.post(f"/v1/admin/in/rules:{what}", json=body, headers=headers)


def test_every_campaign_opens_in_the_form_and_goes_back_unchanged(desk: JsonClient) -> None:
    read = ask(desk, "form", {"files": {}}).json
    assert read["text"] == (desk.services.settings.locales / "in" / FILE).read_text("utf-8")
    assert len(read["campaigns"]) > 5
    for one in read["campaigns"][:3]:
        body = {"files": {}, "id": one["id"], "campaign": one["campaign"]}
        assert ask(desk, "form", body).json["text"] == read["text"]


def test_a_finding_of_the_check_stands_at_a_field(desk: JsonClient) -> None:
    wrong = PIN | {"priority": "many", "when": {"concepts": ["sare"]}}
    made = ask(desk, "form", {"files": {}, "campaign": wrong}).json
    fields = {(f["line"], f["column"]): f["path"] for f in made["campaigns"][-1]["fields"]}
    found = ask(desk, "check", {"files": {FILE: made["text"]}}).json["findings"]
    at = {fields.get((f["line"], f["column"])): f["fix"] for f in found if f["rule"] == "pin-one"}
    assert set(at) >= {"priority", "when.concepts.0"}
    assert "saree" in at["when.concepts.0"]


def test_the_page_of_the_form_is_the_page_that_is_served(desk: JsonClient) -> None:
    text = ask(desk, "form", {"files": {}, "campaign": PIN}).json["text"]
    assert 'min_price: "5.00"' in text
    query = {"product_id": "saree-1"}
    seen = ask(desk, "preview", {"files": {FILE: text}, **query}).json["pages"][0]
    after = [item["product_id"] for item in seen["after"]["results"]]
    assert after[1] == "saree-4"
    assert after != [item["product_id"] for item in seen["before"]["results"]]
    base = desk.services.locales().version
    published = ask(desk, "publish", {"files": {FILE: text}, "base": base, "reason": "a pin"})
    assert published.status_code == 200, published.json
    until = time.monotonic() + 10
    while desk.services.locales().version == base and time.monotonic() < until:
        time.sleep(0.05)
    served = desk.post("/v1/in/search?product_id=saree-1&limit=12", json={}).json["results"]
    assert [item["product_id"] for item in served] == after


def test_a_preview_is_of_a_day_and_of_a_category(desk: JsonClient) -> None:
    dated = PIN | {"from": "2026-12-01", "until": "2026-12-31"}
    text = ask(desk, "form", {"files": {}, "campaign": dated}).json["text"]
    query = {"files": {FILE: text}, "category": "women.ethnic"}
    saree = {"files": {FILE: text}, "product_id": "saree-1"}
    assert ask(desk, "preview", query).json["pages"][0]["query"]
    assert ask(desk, "preview", saree).json["changed"] == 0
    assert ask(desk, "preview", saree | {"day": "2026-12-31"}).json["changed"] == 1
    assert ask(desk, "preview", saree | {"day": "2027-01-01"}).json["changed"] == 0
    unknown = ask(desk, "preview", query | {"category": "women.spaceship"})
    assert unknown.json["type"] == "/problems/unknown-category"


def test_a_campaign_is_taken_away_and_the_rest_stays(desk: JsonClient) -> None:
    read = ask(desk, "form", {"files": {}}).json
    gone = read["campaigns"][1]["id"]
    left = ask(desk, "form", {"files": {}, "id": gone, "remove": True}).json
    assert [c["id"] for c in left["campaigns"]] == [
        c["id"] for c in read["campaigns"] if c["id"] != gone
    ]
    assert set(left["text"].splitlines()) < set(read["text"].splitlines())


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ({"id": "nobody", "campaign": PIN}, "invalid-body", "nobody"),
        ({"campaign": PIN | {"priority": 5}}, "invalid-body", "as a text"),
        ({"campaign": {}}, "invalid-body", "keys"),
        ({"campaign": json.loads('{"a":' * 600 + '"b"' + "}" * 600)}, "invalid-body", "nested"),
        ({"remove": True}, "invalid-body", "id"),
        ({"files": {FILE: "campaigns: ["}}, "rules-refused", "Y005"),
        ({"files": {"nothing.yaml": ""}}, "invalid-body", "no locale file"),
    ],
)
def test_what_cannot_be_edited_is_said(
    desk: JsonClient, body: dict[str, Any], kind: str, said: str
) -> None:
    answer = ask(desk, "form", {"files": {}} | body)
    assert answer.json["type"] == f"/problems/{kind}"
    assert said in answer.json["detail"]


def test_the_calendar_is_of_the_draft_in_the_marketplaces_days(desk: JsonClient) -> None:
    dated = PIN | {"from": "2026-06-10", "until": "2026-06-20"}
    text = ask(desk, "form", {"files": {}, "campaign": dated}).json["text"]
    body = {"files": {FILE: text}, "first": "2026-06-01", "last": "2026-06-30"}
    shown = ask(desk, "calendar", body).json
    assert (shown["time_zone"], shown["today"]) == ("Asia/Kolkata", "2026-06-15")
    row = next(c for c in shown["campaigns"] if c["id"] == "pin-one")
    assert row["spans"] == [{"first": "2026-06-10", "last": "2026-06-20"}]
    assert row["own"]
    assert row["dated"]
    year = ask(desk, "calendar", body | {"last": "2027-05-31"}).json
    assert {"diwali", "holi"} <= {f["id"] for f in year["festivals"]}
    for last in ("2026-05-31", "2029-01-01"):
        refused = ask(desk, "calendar", body | {"last": last})
        assert refused.json["type"] == "/problems/invalid-body"


def test_an_analyst_edits_no_rules(desk: JsonClient) -> None:
    for what, body in (("form", {}), ("calendar", {"first": "2026-06-01", "last": "2026-06-30"})):
        refused = ask(desk, what, {"files": {}} | body, role=Role.ANALYST)
        assert refused.json["type"] == "/problems/forbidden"
