"""As many generated requests over the whole contract as one likes: is every answer one that it names?

    python -m benchmarks.fuzz --cases 100000 [--seed 1] [--json FILE]

against souk over an exact index and drawn colours instead of networks, in this process: valid and invalid
requests of every address with an admin's token (schemathesis), boxes, filters and texts as cursors
(hypothesis). Every round has a seed of its own; what fails is printed with it, and the rest goes on. Exit
code 1 when anything failed.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import given
from hypothesis import strategies as st

from service.tokens import Role
from tests.service.contract_trial import (
    BOXES,
    FILTERS,
    MODES,
    bounded,
    operations,
    refused_or_answered,
    tried,
)
from tests.service.fakes import NOW, JsonClient, fake_services, photo_bytes

EACH = 25
"""Requests of one address and mode in a round."""
Trial = tuple[str, Callable[[int], int]]
"""What is tried, and how many requests it tried with a seed."""


def trials(client: JsonClient, token: str) -> Iterator[Trial]:
    """Every address in both modes, then what travels inside a search."""
    api = schemathesis.openapi.from_wsgi("/openapi.json", client.flask.application)
    headers = {"Authorization": f"Bearer {token}"}
    for operation in operations(api):
        for mode in MODES:
            name = f"{operation.label} {mode.value}"
            yield name, _address(operation, mode, headers)
    photo = photo_bytes("kurti")
    yield "boxes", _posted(client, BOXES, lambda box: _boxed(box, photo))
    yield (
        "filters",
        _posted(
            client, FILTERS, lambda found: {"json": {"product_id": "saree-1", "limit": 2, **found}}
        ),
    )
    yield "cursors", _posted(client, st.text(max_size=300), lambda text: {"json": {"cursor": text}})


def _address(
    operation: Any, mode: schemathesis.GenerationMode, headers: dict[str, str]
) -> Callable[[int], int]:
    return lambda seed: tried(operation, mode, headers, cases=EACH, seed=seed)


def _boxed(box: list[float], photo: bytes) -> dict[str, Any]:
    query = {"box": ",".join(map(str, box)), "limit": 1, "accessories": "false"}
    return {"query_string": query, "data": photo, "content_type": "image/jpeg"}


def _posted(
    client: JsonClient, values: st.SearchStrategy[Any], options: Callable[[Any], dict[str, Any]]
) -> Callable[[int], int]:
    def run(seed: int) -> int:
        done = 0

        @hypothesis.seed(seed)
        @bounded(EACH)
        @given(value=values)
        def ask(value: Any) -> None:
            nonlocal done
            done += 1
            refused_or_answered(client.post("/v1/in/search", **options(value)))

        ask()
        return done

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="End after so long, finished or not."
    )
    parser.add_argument("--json", type=Path, help="Write the counts here, after each round too.")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    end = time.monotonic() + options.minutes * 60
    done, failed = 0, dict[str, str]()
    with tempfile.TemporaryDirectory() as home:
        services = fake_services(Path(home), each=6)
        client = JsonClient(services)
        token = services.tokens.create(
            name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
        )
        every = list(trials(client, token))
        for seed in count(options.seed):
            for name, trial in every:
                try:
                    done += trial(seed)
                except Exception as error:  # noqa: BLE001  whatever fails is a finding
                    done += 1
                    failed.setdefault(f"{name}, seed {seed}", "".join(map(str, [error]))[:2000])
                    print(f"{name}, seed {seed}: {error}", file=sys.stderr)
                if done >= options.cases or time.monotonic() > end:
                    break
            document = {"cases": done, "rounds": seed - options.seed + 1, "failed": failed}
            if options.json:
                options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")
            if done >= options.cases or time.monotonic() > end:
                break
    print(json.dumps({"cases": done, "failed": len(failed)}))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
