"""What is published reaches every worker of a running service, without a failed or mixed answer."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rules.versions import RuleStore
from tests.rules.values import LOCALES
from tests.service.served import Served, serving

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
WITHIN_S = 2.0


def campaigns(hidden: str) -> str:
    return (
        "campaigns:\n  - id: recall\n    owner: o\n    reason: Recalled.\n"
        f"    actions: [{{hide: {{products: [{hidden}]}}}}]\n"
    )


def one_marketplace(folder: Path) -> Path:
    """India alone, so that a version is read in a moment on a busy machine too."""
    folder.mkdir()
    for name in ("concepts.yaml", "festivals.yaml", "marketplace.yaml"):
        shutil.copy(LOCALES / name, folder / name)
    shutil.copytree(LOCALES / "in", folder / "in", ignore=shutil.ignore_patterns("regions"))
    return folder


@dataclass
class Asker:
    """Searches again and again; keeps when each began, its version and its products."""

    served: Served
    seen: list[tuple[float, str, bool, bool]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        body = json.dumps(
            {"product_id": "kurti-1", "category": "women.ethnic.sarees", "limit": 100}
        )
        while not self.over.is_set():
            began = time.monotonic()
            connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
            try:
                connection.request(
                    "POST", "/v1/in/search", body, {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                text = answer.read()
            except OSError as error:
                self.failed.append(repr(error))
                continue
            finally:
                connection.close()
            if answer.status != 200:
                self.failed.append(f"{answer.status}: {text[:200]!r}")
                continue
            told = json.loads(text)
            ids = {item["product_id"] for item in told["results"]}
            self.seen.append((began, told["versions"]["rules"], "saree-1" in ids, "saree-2" in ids))


def await_answers(asker: Asker, more: int) -> None:
    """So many further answers, so that both workers have served; a minute at most."""
    wanted, end = len(asker.seen) + more, time.monotonic() + 60
    while len(asker.seen) < wanted and time.monotonic() < end:
        time.sleep(0.02)


def await_version(asker: Asker, version: str, after: float) -> float:
    """Seconds from `after` until the last answer of another version began; fails after a minute."""
    end = after + 60
    while time.monotonic() < end:
        late = [
            began for began, told, *_ in asker.seen if began > after + WITHIN_S and told == version
        ]
        if len(late) >= 30:
            break
        time.sleep(0.05)
    others = [began - after for began, told, *_ in asker.seen if began > after and told != version]
    return max(others, default=0.0)


def test_a_version_and_its_rollback_are_live_in_both_workers_within_two_seconds(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = one_marketplace(tmp_path / "locales")
    path = folder / "in" / "merchandising.yaml"
    path.write_text(campaigns("saree-1"), encoding="utf-8")
    store = RuleStore(f"sqlite:///{home / 'rules.sqlite'}")
    first = store.publish(folder, by="a", reason="r", at=AT).version
    with serving(home, module="tests.service.live_app", SOUK_LOCALES=str(folder)) as served:
        assert len(served.workers()) == 2
        asker = Asker(served)
        threads = [threading.Thread(target=asker.run) for _ in range(2)]
        for thread in threads:
            thread.start()
        path.write_text(campaigns("saree-2"), encoding="utf-8")
        steps: list[Callable[[], str]] = [
            lambda: store.publish(folder, by="a", reason="r", at=AT).version,
            lambda: store.rollback(by="a", reason="r", at=AT).version,
        ]
        took = []
        versions = []
        for step in steps:
            await_answers(asker, 20)
            versions.append(step())
            took.append(await_version(asker, versions[-1], time.monotonic()))
        asker.over.set()
        for thread in threads:
            thread.join()
    store.close()
    assert versions[1] == first != versions[0]
    assert asker.failed == []
    pages = {(told, first_shown, second_shown) for _, told, first_shown, second_shown in asker.seen}
    assert pages == {(first, False, True), (versions[0], True, False)}
    assert max(took) < WITHIN_S
