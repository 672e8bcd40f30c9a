"""The whole contract, tried with generated requests: no answer that the document does not name."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from service.problems import TYPES
from service.tokens import Role
from tests.service.fakes import NOW, JsonClient, fake_services, photo_bytes


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Generated lines are sent as they are."""
    del context
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


BOUNDED = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
"""A few hundred requests over all addresses, the same in each run."""
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


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
    tried = 0
    for found in api.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            try:
                _try(operation.as_strategy(generation_mode=mode), admin)
            except Unsatisfiable:
                continue  # an address without parameters has no wrong ones
            tried += 1
    assert tried > 20


def _try(cases: st.SearchStrategy[schemathesis.Case[Any]], headers: dict[str, str]) -> None:
    @BOUNDED
    @given(case=cases)
    def answer(case: schemathesis.Case[Any]) -> None:
        _reach(case)
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        kind = response.headers.get("content-type", [""])[0]
        body = response.json() if response.status_code >= 400 else None
        _assert_problem(response.status_code, kind, body, response.headers["x-request-id"][0])

    answer()


def _reach(case: schemathesis.Case[Any]) -> None:
    """Half of the generated names become ones that exist, so that what lies behind them is tried."""
    for name, real in (("marketplace", "in"), ("product_id", "saree-1")):
        value = str(case.path_parameters.get(name, "x"))
        if name in case.path_parameters and len(value) % 2 == 0:
            case.path_parameters[name] = real


def _assert_problem(status: int, kind: str, body: Any, request_id: str) -> None:
    """An error is a problem of a listed type with that type's status and the request's id."""
    if status < 400:
        return
    assert kind == "application/problem+json"
    listed = TYPES[body["type"].removeprefix("/problems/")]
    assert (body["status"], status) == (listed.status, listed.status)
    assert body["request_id"] == request_id
    assert body["fix"]
    assert body["detail"]


def refused_or_answered(response: Any) -> None:
    """Never 5xx; an error is a problem."""
    assert response.status_code < 500, response.text
    body = response.json if response.status_code >= 400 else None
    _assert_problem(
        response.status_code, response.content_type, body, response.headers["X-Request-Id"]
    )


def test_the_document_names_every_address_of_the_interface(served: JsonClient) -> None:
    paths = served.get("/openapi.json").json["paths"]
    rules = {
        rule.rule.replace("string:", "").replace("<", "{").replace(">", "}")
        for rule in served.flask.application.url_map.iter_rules()
        if rule.rule.startswith("/v1")
    }
    assert rules <= set(paths)
    for path, operations in paths.items():
        for method, operation in operations.items():
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


_NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-2, 2), st.floats(0, 1)
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(box=st.lists(_NUMBERS, max_size=5))
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


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(("women", "red", "XL", "price_asc", "1e400", "NaN", "-0", "0.005")),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
_FILTERS = (
    "category", "min_price", "max_price", "size", "prime", "available", "colour", "gender", "sort",
    "limit", "language", "explain", "object", "box", "accessories", "region",
)  # fmt: skip


@settings(max_examples=200, derandomize=True, deadline=None)
@given(filters=st.dictionaries(st.sampled_from(_FILTERS), _VALUES, max_size=4))
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
