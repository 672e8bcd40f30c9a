"""`python -m tests.service.full_disk FOLDER`: a service over fakes whose disk fills up, and is freed.

Prints one JSON object: what each request was answered before, while the disk was full, and after.
FOLDER is the whole of a small file system; with `limited`, this process may write no file further
instead, where a file system cannot be mounted.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.tokens import Role
from tests.service.fakes import NOW, JsonClient, fake_services

Answers = dict[str, Any]


def main(home: Path, *, limited: bool) -> None:
    services = fake_services(home, each=2)
    client = JsonClient(services)
    token = services.tokens.create(
        name="Asha", role=Role.ADMIN, marketplaces=("*",), now=NOW, days=1
    )
    told = {"before": asked(client, token, "before")}
    free = _limited(home) if limited else _filled(home)
    told["full"] = asked(client, token, "full")
    free()
    told["after"] = asked(client, token, "after")
    kept = {"searches": told["before"]["query_id"], "full": told["full"]["query_id"]}
    told["logged"] = {name: _logged(services.events(), query) for name, query in kept.items()}
    print(json.dumps(told))


def asked(client: JsonClient, token: str, name: str) -> Answers:
    """Statuses by kind of request; each writes something."""
    headers = {"Authorization": f"Bearer {token}"}
    search = client.search("in", "saree", "limit=2")
    event = {
        "event_id": f"e-{name}", "type": "click", "query_id": "q", "product_id": "saree-1",
        "at": "2026-06-15T11:59:00Z",
    }  # fmt: skip
    events = client.post("/v1/in/events", json=[event] * 100)
    read = client.get("/v1/admin/in/rules", headers=headers).json
    assert "files" in read, read
    files = {"merchandising.yaml": f"# {name} {'x' * 9000}\n" + read["files"]["merchandising.yaml"]}
    body = {"files": files, "base": read["version"], "reason": f"disk {name}"}
    publish = client.post("/v1/admin/in/rules:publish", json=body, headers=headers)
    line = {"product_id": f"N-{name}", "concept": "saree", "titles": {"en": "Silk saree"}}
    bulk = client.post(
        "/v1/admin/in/products:bulk", data=json.dumps(line).encode(), headers=headers
    )
    return {
        "query_id": search.json.get("query_id"),
        "statuses": {
            "search": search.status_code, "events": events.status_code,
            "publish": publish.status_code, "bulk": _taken(bulk),
            "ready": client.get("/readyz").status_code,
        },
        "problems": sorted({a.json["type"] for a in (events, publish, bulk) if "type" in a.json}),
    }  # fmt: skip


def _taken(bulk: Any) -> str:
    """The one line's fate; a request that is refused whole has refused it too."""
    return str(bulk.json["lines"][0]["status"]) if bulk.status_code == 200 else "refused"


def _filled(home: Path) -> Callable[[], None]:
    """Takes every byte that is left; the returned call gives them back."""
    filler = home / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return filler.unlink


def _limited(home: Path) -> Callable[[], None]:
    """No file may be longer than it is; the returned call lifts that."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, most))
    del home
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def _logged(log: Any, query_id: str) -> bool:
    """Whether the search is in the log within ten seconds: what waits is written when it can be."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if query_id in {search.query_id for search in log.searches(["in"])}:
            return True
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]), limited="limited" in sys.argv)
