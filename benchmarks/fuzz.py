"""As many generated requests over the whole contract as one likes: is every answer one that it names?

    python -m benchmarks.fuzz --cases 100000 --minutes 10 --json FILE

against souk over an exact index and drawn colours instead of networks, in this process: valid and invalid
requests of every address with an admin's token (schemathesis), boxes, filters and texts as cursors
(hypothesis). An address gets as many requests a round as fit a second, so that checking
whole rule files does not take the time of all others. Every round has a seed of its own; what fails is
printed with it, and the rest goes on. Where FILE holds the counts of an earlier run, this one goes on with
the next seed. Exit code 1 when anything failed, 2 when the time was over before all cases were tried.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
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

FIRST, LEAST, MOST = 10, 3, 250
"""Requests of one address and mode in a round: in the first, and the bounds of the later ones."""
EACH_S = 1.0
"""Of a round's time, what an address and mode may take."""
Ask = Callable[[int, int], int]
"""With a seed and the number wanted: how many requests were made."""


@dataclass
class Trial:
    """What is tried, and what it has cost."""

    name: str
    ask: Ask
    cases: int = 0
    seconds: float = 0.0

    def wanted(self) -> int:
        """Requests of the next round."""
        if self.cases == 0:
            return FIRST
        return min(MOST, max(LEAST, round(EACH_S * self.cases / self.seconds)))

    def tried(self, seed: int) -> int:
        begun = time.monotonic()
        try:
            made = self.ask(seed, self.wanted())
        finally:
            self.seconds += time.monotonic() - begun
        self.cases += made
        return made


@dataclass
class Found:
    """The counts of this run and of those that it goes on from."""

    cases: int = 0
    rounds: int = 0
    seconds: float = 0.0
    by_name: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path | None) -> Found:
        if file is None or not file.exists():
            return cls()
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    def keep(self, file: Path | None) -> None:
        if file is not None:
            file.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def trials(client: JsonClient, token: str) -> Iterator[Trial]:
    """Every address in both modes, then what travels inside a search."""
    api = schemathesis.openapi.from_wsgi("/openapi.json", client.flask.application)
    headers = {"Authorization": f"Bearer {token}"}
    for operation in operations(api):
        for mode in MODES:
            yield Trial(f"{operation.label} {mode.value}", _address(operation, mode, headers))
    photo = photo_bytes("kurti")
    yield Trial("boxes", _posted(client, BOXES, lambda box: _boxed(box, photo)))
    yield Trial("filters", _posted(client, FILTERS, _filtered))
    yield Trial(
        "cursors", _posted(client, st.text(max_size=300), lambda text: {"json": {"cursor": text}})
    )


def _address(operation: Any, mode: schemathesis.GenerationMode, headers: dict[str, str]) -> Ask:
    return lambda seed, cases: tried(operation, mode, headers, cases=cases, seed=seed)


def _boxed(box: list[float], photo: bytes) -> dict[str, Any]:
    query = {"box": ",".join(map(str, box)), "limit": 1, "accessories": "false"}
    return {"query_string": query, "data": photo, "content_type": "image/jpeg"}


def _filtered(filters: dict[str, Any]) -> dict[str, Any]:
    return {"json": {"product_id": "saree-1", "limit": 2, **filters}}


def _posted(
    client: JsonClient, values: st.SearchStrategy[Any], options: Callable[[Any], dict[str, Any]]
) -> Ask:
    def run(seed: int, cases: int) -> int:
        done = 0

        @hypothesis.seed(seed)
        @bounded(cases)
        @given(value=values)
        def ask(value: Any) -> None:
            nonlocal done
            done += 1
            refused_or_answered(client.post("/v1/in/search", **options(value)))

        ask()
        return done

    return run


def fuzzed(every: Sequence[Trial], found: Found, options: argparse.Namespace) -> None:
    """Rounds until all cases are tried or the time is over; `found` grows."""
    begun, before = time.monotonic(), found.seconds
    while True:
        seed = options.seed + found.rounds
        for trial in every:
            try:
                made = trial.tried(seed)
            except Exception as error:  # noqa: BLE001  whatever fails is a finding
                made = 1
                found.failed.setdefault(f"{trial.name}, seed {seed}", str(error)[:2000])
                print(f"{trial.name}, seed {seed}: {error}", file=sys.stderr)
            found.cases += made
            found.by_name[trial.name] = found.by_name.get(trial.name, 0) + made
            found.seconds = round(before + time.monotonic() - begun, 1)
            if found.cases >= options.cases or found.seconds - before > options.minutes * 60:
                found.keep(options.json)
                return
        found.rounds += 1
        found.keep(options.json)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e9, help="End after so long at most.")
    parser.add_argument("--json", type=Path, help="The counts, kept after each round.")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    found = Found.of(options.json)
    with tempfile.TemporaryDirectory() as home:
        services = fake_services(Path(home), each=6)
        client = JsonClient(services)
        token = services.tokens.create(
            name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
        )
        fuzzed(list(trials(client, token)), found, options)
    told = {"cases": found.cases, "seconds": found.seconds, "failed": len(found.failed)}
    print(json.dumps(told))
    sys.exit(1 if found.failed else 2 * (found.cases < options.cases))


if __name__ == "__main__":
    main()
