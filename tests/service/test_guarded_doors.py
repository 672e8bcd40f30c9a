"""Every address below /v1/admin, found in the application itself: none gets in without the right token.

A new route is tried here without being listed. The requests have no bodies: who may not, is refused
before one is read.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from service.settings import given
from service.tokens import Role
from tests.service.fakes import NOW, ROOT, JsonClient, fake_services

VALUES = {"marketplace": "in", "key": "none", "version": "none", "file": "none", "verb": "start"}
SEEN = {400, 404, 409, 413, 422}
"""What a caller who may gets for the empty bodies of these tests, beside success."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> JsonClient:
    return JsonClient(fake_services(tmp_path_factory.mktemp("doors"), each=2))


def doors(client: JsonClient) -> list[tuple[str, str]]:
    """Method and address of every admin route, its names filled in."""
    found = []
    for rule in client.flask.application.url_map.iter_rules():
        if not rule.rule.startswith("/v1/admin"):
            continue
        address = rule.rule
        for name in rule.arguments:
            for form in (f"<string:{name}>", f"<{name}>"):
                address = address.replace(form, VALUES[name])
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(method, address) for method in sorted(methods)]
    return sorted(found)


def statuses(client: JsonClient, header: str) -> dict[tuple[str, str], int]:
    return {
        (method, address): client.flask.open(
            address, method=method, headers={"Authorization": header}
        ).status_code
        for method, address in doors(client)
    }


def bearer(client: JsonClient, role: Role, *marketplaces: str, born: int = 0) -> str:
    made = client.services.tokens.create(
        name="Asha", role=role, marketplaces=marketplaces, now=NOW - timedelta(days=born), days=8
    )
    return f"Bearer {made}"


def test_none_is_open_without_with_a_wrong_or_with_an_expired_token(client: JsonClient) -> None:
    good = bearer(client, Role.ADMIN, "*")
    headers = ("", "Bearer nonsense", f"{good[:-2]}xx", bearer(client, Role.ADMIN, "*", born=9))
    for header in headers:
        found = statuses(client, header)
        assert len(found) >= 12
        assert {door for door, status in found.items() if status != 401} == set()


def test_a_marketplace_of_another_token_stays_shut(client: JsonClient) -> None:
    found = statuses(client, bearer(client, Role.MERCHANDISER, "us"))
    here = {door: status for door, status in found.items() if door[1].startswith("/v1/admin/in/")}
    assert len(here) >= 6
    assert {door for door, status in here.items() if status != 403} == set()


def test_the_same_doors_open_for_whom_they_are(client: JsonClient) -> None:
    """Else the two tests above would pass on a service that refuses everybody."""
    found = statuses(client, bearer(client, Role.ADMIN, "*"))
    assert {s for s in found.values() if s >= 400} <= SEEN
    assert sum(s == 200 for s in found.values()) >= 4


def test_pictures_lead_to_no_other_file(client: JsonClient) -> None:
    home = client.services.settings.home
    (home / "pictures").mkdir(exist_ok=True)
    (home / "secret").write_text("a secret of the workspace")
    names = (
        "../secret", "..%2fsecret", "%2e%2e/secret", "..%5csecret", "%252e%252e%252fsecret",
        "....//secret", "/secret", f"{home}/secret", "secret", "sub/../../secret", "secret%00.jpg",
    )  # fmt: skip
    for place in ("pictures", "samples"):
        for name in names:
            answer = client.get(f"/{place}/{name}")
            assert answer.status_code in (308, 404), name
            assert "a secret of the workspace" not in answer.text


def test_a_cookie_opens_no_door_and_no_page_may_be_framed(client: JsonClient) -> None:
    """What a page elsewhere can make a browser send: cookies and forms, never the token's header."""
    good = bearer(client, Role.ADMIN, "*").removeprefix("Bearer ")
    for name in ("token", "Authorization", "souk_token", "session"):
        client.flask.set_cookie(name, good)
    found = {
        client.flask.open(address, method=method, data={"token": good}).status_code
        for method, address in doors(client)
    }
    assert found == {401}
    page = client.get("/studio")
    page.close()
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy  # default-src 'self' stands for it: no inline scripts


PAGES = ROOT / "service" / "pages"


def test_no_page_holds_code_of_its_own_or_makes_markup_of_a_text() -> None:
    pages, scripts = sorted(PAGES.rglob("*.html")), sorted(PAGES.rglob("*.js"))
    assert len(pages) >= 4
    assert scripts
    for page in pages:
        found = re.findall(
            r"<script(?![^>]*\bsrc=)|<style|\s(?:on[a-z]+|style)=|javascript:|(?:src|href)=.https?:",
            page.read_text(encoding="utf-8"),
        )
        assert not found, (page.name, found)
    for script in scripts:
        found = re.findall(
            r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b",
            script.read_text(encoding="utf-8"),
        )
        assert not found, (script.name, found)


def test_what_is_open_tells_no_secret(client: JsonClient) -> None:
    token = bearer(client, Role.ADMIN, "*").removeprefix("Bearer ")
    client.get("/v1/admin/in/rules", headers={"Authorization": f"Bearer {token}"})
    for address in ("/readyz", "/healthz", "/metrics", "/problems", "/openapi.json"):
        text = client.get(address).text
        assert text
        for secret in (client.services.secret, token, token[-12:]):
            assert secret not in text, address


def test_the_doctor_shows_no_password() -> None:
    shown = given(
        {
            "SOUK_SECRET": "s3cret",
            "SOUK_DATABASE_URL": "postgresql://souk:s3cret@db/souk",
            "SOUK_ELASTICSEARCH_URL": "https://souk:s3cret@search:9200",
        }
    )
    assert "s3cret" not in str(shown)
    assert shown["SOUK_ELASTICSEARCH_URL"] == "https://…@search:9200"
