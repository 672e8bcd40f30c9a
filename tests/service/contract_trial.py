"""Generated requests over the whole contract, and what every answer must be.

The contract's test tries a few hundred, `benchmarks/fuzz.py` as many as it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from service.problems import TYPES

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
Operation = Any
"""schemathesis's own; it is generic over what it does not export."""


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """Generated lines are sent as they are."""
    del context
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def bounded(cases: int) -> hypothesis.settings:
    """So many requests, generated and never shrunk."""
    return hypothesis.settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


def operations(api: schemathesis.BaseSchema) -> Iterator[Operation]:
    for found in api.get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


def tried(
    operation: Operation,
    mode: schemathesis.GenerationMode,
    headers: dict[str, str],
    *,
    cases: int,
    seed: int,
) -> int:
    """How many requests of an address were tried: each answered as the contract says, or it raises.

    None where an address has no parameters that could be wrong.
    """
    count = 0

    @hypothesis.seed(seed)
    @bounded(cases)
    @given(case=operation.as_strategy(generation_mode=mode))
    def answer(case: schemathesis.Case[Any]) -> None:
        nonlocal count
        count += 1
        _reach(case)
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        kind = response.headers.get("content-type", [""])[0]
        body = response.json() if response.status_code >= 400 else None
        assert_problem(response.status_code, kind, body, response.headers["x-request-id"][0])

    try:
        answer()
    except Unsatisfiable:
        return count
    return count


def _reach(case: schemathesis.Case[Any]) -> None:
    """Half of the generated names become ones that exist, so that what lies behind them is tried."""
    for name, real in (("marketplace", "in"), ("product_id", "saree-1")):
        value = str(case.path_parameters.get(name, "x"))
        if name in case.path_parameters and len(value) % 2 == 0:
            case.path_parameters[name] = real


def assert_problem(status: int, kind: str, body: Any, request_id: str) -> None:
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
    """Of Flask's own client: never 5xx; an error is a problem."""
    assert response.status_code < 500, response.text
    body = response.json if response.status_code >= 400 else None
    assert_problem(
        response.status_code, response.content_type, body, response.headers["X-Request-Id"]
    )


_NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True), st.integers(-2, 2), st.floats(0, 1)
)
BOXES = st.lists(_NUMBERS, max_size=5)
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
    "limit", "language", "explain", "object", "box", "accessories", "region", "facets",
)  # fmt: skip
FILTERS = st.dictionaries(st.sampled_from(_FILTERS), _VALUES, max_size=4)
