"""The whole contract, tried with generated requests: no answer that the document does not name."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st

from service.tokens import Role
from tests.service.contract_trial import (
    BOXES,
    FILTERS,
    MODES,
    operations,
    refused_or_answered,
    tried,
)
from tests.service.fakes import NOW, JsonClient, fake_services, photo_bytes

SEED = 20261124
"""The same requests in each run; `benchmarks/fuzz.py` tries others."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> JsonClient:
    """One service for all generated requests of this module."""
    return JsonClient(fake_services(tmp_path_factory.mktemp("contract"), each=6))


@pytest.fixture(scope="module")
def api(served: JsonClient) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", served.flask.application)


@pytest.fixture(scope="module")
def admin(served: JsonClient) -> dict[str, str]:
    made = served.services.tokens.create(
        name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
    )
    return {"Authorization": f"Bearer {made}"}


def test_every_answer_is_one_that_the_contract_names(
    api: schemathesis.BaseSchema, admin: dict[str, str]
) -> None:
    counts = [
        tried(operation, mode, admin, cases=12, seed=SEED)
        for operation in operations(api)
        for mode in MODES
    ]
    assert len(counts) > 20
    assert sum(counts) > 200


def test_whatever_the_document_refers_to_is_in_it(served: JsonClient) -> None:
    document = served.get("/openapi.json").json

    def missing(value: object) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(missing, value))
        if not isinstance(value, dict):
            return set()
        found = set().union(*map(missing, value.values()))
        target: object = document
        if isinstance(value.get("$ref"), str):
            for part in value["$ref"].removeprefix("#/").split("/"):
                target = target.get(part) if isinstance(target, dict) else None
            found |= set() if target else {value["$ref"]}
        return found

    assert missing(document) == set()


def test_the_document_names_every_address_of_the_interface(served: JsonClient) -> None:
    paths = served.get("/openapi.json").json["paths"]
    rules = {
        rule.rule.replace("string:", "").replace("<", "{").replace(">", "}")
        for rule in served.flask.application.url_map.iter_rules()
        if rule.rule.startswith("/v1")
    }
    assert rules <= set(paths)
    for path, methods in paths.items():
        for method, operation in methods.items():
            statuses = set(operation["responses"])
            assert "default" not in statuses, (method, path)
            assert {s for s in statuses if s >= "500"} <= {"503"}, (method, path)


@pytest.fixture(scope="module")
def cursor(served: JsonClient) -> str:
    text = served.search("in", "saree", "limit=2").json["next"]
    assert isinstance(text, str)
    return text


@settings(max_examples=60, derandomize=True, deadline=None)
@given(data=st.data())
def test_an_altered_cursor_is_refused(served: JsonClient, cursor: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_.~"))
    altered = data.draw(
        st.sampled_from(
            (cursor[:at] + letter + cursor[at + 1 :], cursor[:at], cursor[at:], cursor + letter)
        )
    )
    response = served.post("/v1/in/search", json={"cursor": altered})
    refused_or_answered(response)
    if altered != cursor:
        assert response.status_code in (400, 422)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_as_a_cursor_is_refused(served: JsonClient, text: str) -> None:
    response = served.post("/v1/in/search", json={"cursor": text})
    refused_or_answered(response)
    assert response.json["type"] == "/problems/invalid-cursor"


@settings(max_examples=80, derandomize=True, deadline=None)
@given(box=BOXES)
def test_any_box_is_drawn_or_refused_by_name(served: JsonClient, box: list[float]) -> None:
    response = served.post(
        "/v1/in/search",
        query_string={"box": ",".join(map(str, box)), "limit": 1, "accessories": "false"},
        data=photo_bytes("kurti"),
        content_type="image/jpeg",
    )
    refused_or_answered(response)
    if response.status_code == 200:
        left, top, right, bottom = box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    else:
        assert response.json["errors"][0]["field"].startswith("box")


@settings(max_examples=200, derandomize=True, deadline=None)
@given(filters=FILTERS)
def test_any_filter_is_taken_or_refused(served: JsonClient, filters: dict[str, Any]) -> None:
    refused_or_answered(
        served.post("/v1/in/search", json={"product_id": "saree-1", "limit": 2, **filters})
    )


def test_a_line_nested_without_end_is_refused_as_a_line(
    served: JsonClient, admin: dict[str, str]
) -> None:
    response = served.post(
        "/v1/admin/in/products:bulk",
        data=b"[" * 100_000,
        headers=admin,
        content_type="application/x-ndjson",
    )
    assert response.status_code == 200
    assert "no JSON" in response.json["lines"][0]["reason"]


def test_a_rollback_to_a_version_that_never_was_is_a_conflict(
    served: JsonClient, admin: dict[str, str]
) -> None:
    read = served.get("/v1/admin/in/rules", headers=admin).json
    body = {
        "files": {"merchandising.yaml": "# a comment\n" + read["files"]["merchandising.yaml"]},
        "base": read["version"],
        "reason": "something to roll back",
    }
    assert served.post("/v1/admin/in/rules:publish", json=body, headers=admin).status_code == 200
    token = served.services.tokens.create(
        name="Ravi", role=Role.MERCHANDISER, marketplaces=("in",), now=NOW, days=1
    )
    response = served.post(
        "/v1/admin/in/rules:rollback",
        json={"to": "never", "reason": "a test"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (response.status_code, response.json["type"]) == (409, "/problems/conflict")
