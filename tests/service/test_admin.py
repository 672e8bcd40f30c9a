"""Who may do what: every admin route without, with a wrong, an expired and another's token."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.tokens import Role, TokenStore
from tests.service.fakes import NOW, JsonClient

ROUTES = (
    ("get", "/v1/admin/in/rules"),
    ("post", "/v1/admin/in/rules:check"),
    ("post", "/v1/admin/in/rules:form"),
    ("post", "/v1/admin/in/rules:calendar"),
    ("post", "/v1/admin/in/rules:publish"),
    ("get", "/v1/admin/in/rules/history"),
    ("post", "/v1/admin/in/rules:rollback"),
    ("post", "/v1/admin/in/products:bulk"),
    ("get", "/v1/admin/index"),
)
BODIES: dict[str, dict[str, Any]] = {
    "/v1/admin/in/rules:check": {"files": {}},
    "/v1/admin/in/rules:form": {"files": {}},
    "/v1/admin/in/rules:calendar": {"files": {}, "first": "2026-06-01", "last": "2026-06-30"},
    "/v1/admin/in/rules:publish": {"files": {}, "base": "x", "reason": "a test"},
    "/v1/admin/in/rules:rollback": {"reason": "a test"},
    "/v1/admin/in/products:bulk": {},
}


def token(client: JsonClient, role: Role, *marketplaces: str, days: int = 1) -> dict[str, str]:
    made = client.services.tokens.create(
        name="Asha", role=role, marketplaces=marketplaces or ("*",), now=NOW, days=days
    )
    return {"Authorization": f"Bearer {made}"}


def call(client: JsonClient, method: str, url: str, headers: dict[str, str] | None = None) -> Any:
    options: dict[str, Any] = {"headers": headers or {}}
    if method == "post":
        options["json"] = BODIES[url]
    return getattr(client, method)(url, **options)


@pytest.mark.parametrize(("method", "url"), ROUTES)
def test_none_gets_in_without_a_token_in_force(client: JsonClient, method: str, url: str) -> None:
    good = token(client, Role.ADMIN)["Authorization"]
    for header in ("", "Bearer", "Bearer nonsense", good[:-1] + "x", "Basic YWRtaW46YWRtaW4="):
        answer = call(client, method, url, {"Authorization": header})
        assert (answer.status_code, answer.json["type"]) == (401, "/problems/unauthorized"), header
    old = client.services.tokens.create(
        name="Old", role=Role.ADMIN, marketplaces=("*",), now=NOW - timedelta(days=9), days=8
    )
    assert call(client, method, url, {"Authorization": f"Bearer {old}"}).status_code == 401


@pytest.mark.parametrize(("method", "url"), ROUTES[:-1])
def test_a_token_of_another_marketplace_is_refused(
    client: JsonClient, method: str, url: str
) -> None:
    answer = call(client, method, url, token(client, Role.MERCHANDISER, "us"))
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/forbidden")


@pytest.mark.parametrize(("method", "url"), [r for r in ROUTES if r[0] == "post"])
def test_a_viewer_changes_nothing(client: JsonClient, method: str, url: str) -> None:
    assert call(client, method, url, token(client, Role.VIEWER)).status_code == 403


def test_a_revoked_token_is_out_at_once(client: JsonClient) -> None:
    headers = token(client, Role.VIEWER)
    assert client.get("/v1/admin/in/rules", headers=headers).status_code == 200
    identity = headers["Authorization"].split("_")[1]
    assert client.services.tokens.revoke(identity, NOW)
    assert client.get("/v1/admin/in/rules", headers=headers).status_code == 401


def test_secrets_are_not_stored(tmp_path: Path) -> None:
    store = TokenStore(tmp_path / "tokens.sqlite")
    made = store.create(name="A", role=Role.VIEWER, marketplaces=("*",), now=NOW, days=1)
    secret = made.split("_", 2)[2]
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in stored


def test_a_draft_is_checked_in_its_place_and_a_bad_one_is_never_published(
    client: JsonClient,
) -> None:
    headers = token(client, Role.MERCHANDISER, "in")
    read = client.get("/v1/admin/in/rules", headers=headers).json
    broken = read["files"]["merchandising.yaml"].replace("owner:", "ownr:", 1)
    line = broken[: broken.index("ownr:")].count("\n") + 1
    checked = client.post(
        "/v1/admin/in/rules:check", json={"files": {"merchandising.yaml": broken}}, headers=headers
    ).json
    assert not checked["ok"]
    first = checked["findings"][0]
    assert (first["file"], first["line"]) == ("in/merchandising.yaml", line)
    assert "owner" in first["fix"]
    body = {
        "files": {"merchandising.yaml": broken},
        "base": read["version"],
        "reason": "a broken draft",
    }
    refused = client.post("/v1/admin/in/rules:publish", json=body, headers=headers)
    assert (refused.status_code, refused.json["type"]) == (422, "/problems/rules-refused")
    assert refused.json["errors"][0]["line"] == line
    assert client.services.rules.current() is None


def test_publishing_from_an_old_version_is_a_conflict_and_a_rollback_goes_back(
    client: JsonClient,
) -> None:
    headers = token(client, Role.MERCHANDISER, "in")
    read = client.get("/v1/admin/in/rules", headers=headers).json
    text = read["files"]["merchandising.yaml"]
    for comment, status in (("# one\n", 200), ("# two\n", 409)):
        body = {
            "files": {"merchandising.yaml": comment + text},
            "base": read["version"],
            "reason": "a comment",
        }
        answer = client.post("/v1/admin/in/rules:publish", json=body, headers=headers)
        assert answer.status_code == status, answer.text
    assert answer.json["type"] == "/problems/conflict"
    newer = client.get("/v1/admin/in/rules", headers=headers).json
    body = {
        "files": {"merchandising.yaml": "# three\n" + text},
        "base": newer["version"],
        "reason": "another",
    }
    client.post("/v1/admin/in/rules:publish", json=body, headers=headers)
    back = client.post(
        "/v1/admin/in/rules:rollback", json={"reason": "it was wrong"}, headers=headers
    )
    assert back.json["version"] == newer["version"]
    shown = client.get("/v1/admin/in/rules/history", headers=headers).json["versions"]
    assert [row["kind"] for row in shown] == ["rollback", "publish", "publish"]
    assert {row["by"] for row in shown} == {"Asha"}
    assert [row[3] for row in client.services.tokens.audited()] == [
        "rules:rollback",
        "rules:publish",
        "rules:publish",
    ]


def test_bulk_lines_are_answered_one_by_one_and_may_be_sent_again(client: JsonClient) -> None:
    headers = token(client, Role.ADMIN)
    good = (
        '{"product_id": "N1", "concept": "saree", "titles": {"en": "Silk saree"}, '
        '"offers": [{"price": "1299.00", "sizes": ["free"]}]}'
    )
    lines = b"\n".join([good.encode(), b"{", b'{"product_id": "N2", "delete": true}'])
    first = client.post("/v1/admin/in/products:bulk", data=lines, headers=headers).json
    assert [line["status"] for line in first["lines"]] == ["created", "refused", "absent"]
    assert "JSON" in first["lines"][1]["reason"]
    again = client.post("/v1/admin/in/products:bulk", data=lines, headers=headers).json
    assert again["lines"][0]["status"] == "unchanged"
