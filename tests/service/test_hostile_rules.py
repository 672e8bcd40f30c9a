"""Hostile rule files sent to the studio's endpoints: refused with a sentence, quickly, in little memory."""

from __future__ import annotations

import time
import tracemalloc

from service.tokens import Role
from tests.documents.hostile import HOSTILE
from tests.service.fakes import JsonClient
from tests.service.test_admin import token

TEXTS = {name: data.decode() for name, data in HOSTILE.items() if name != "invalid UTF-8"}
TOO_LARGE = 2 * 2**20
DOORS = ("check", "publish", "preview")
MOST_MB = 160
"""Held at once for a body of up to 24 MB; a billion laughs expanded would take gigabytes."""


def sent(
    client: JsonClient, door: str, files: dict[str, str], base: str = "none"
) -> tuple[int, str]:
    """The status and the first sentence of the answer."""
    headers = token(client, Role.MERCHANDISER, "in")
    more: dict[str, dict[str, object]] = {
        "check": {},
        "publish": {"base": base, "reason": "hostile"},
        "preview": {"popular": 1},
    }
    body = {"files": files, **more[door]}
    answer = client.post(f"/v1/admin/in/rules:{door}", json=body, headers=headers)
    findings = answer.json.get("findings") or answer.json.get("errors") or [{}]
    return answer.status_code, findings[0].get("found") or answer.json.get("detail", "")


def test_a_hostile_draft_is_refused_with_a_sentence(client: JsonClient) -> None:
    sent(client, "check", {})
    usual = time.process_time()
    sent(client, "check", {})
    usual = time.process_time() - usual
    for name, text in TEXTS.items():
        before = time.process_time()
        status, sentence = sent(client, "check", {"merchandising.yaml": text})
        assert time.process_time() - before < usual + 1.0, name
        assert status in ((400, 413) if len(text) > TOO_LARGE else (200,)), name
        assert len(sentence) > 10, name


def test_no_door_lets_one_in(client: JsonClient) -> None:
    version = client.get("/v1/admin/in/rules", headers=token(client, Role.MERCHANDISER, "in")).json[
        "version"
    ]
    for name in ("billion laughs", "recursive anchors", "deep lists"):
        for door in ("publish", "preview"):
            files = {"merchandising.yaml": TEXTS[name]}
            status, sentence = sent(client, door, files, base=version)
            assert status == 422, (name, door, sentence)
            assert len(sentence) > 10
    assert client.services.rules.current() is None


def test_a_hostile_draft_takes_little_memory(client: JsonClient) -> None:
    sent(client, "check", {})
    for name in ("billion laughs", "a line of 10 MB", "many anchors"):
        tracemalloc.start()
        try:
            sent(client, "check", {"merchandising.yaml": TEXTS[name]})
            held = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert held < MOST_MB * 2**20, name


def test_no_bytes_and_no_path_of_another_kind_come_in(client: JsonClient) -> None:
    headers = token(client, Role.MERCHANDISER, "in")
    broken = b'{"files": {"merchandising.yaml": "a: ' + HOSTILE["invalid UTF-8"] + b'"}}'
    for door in DOORS:
        answer = client.post(
            f"/v1/admin/in/rules:{door}",
            data=broken,
            content_type="application/json",
            headers=headers,
        )
        assert answer.status_code in (400, 422)
        assert len(answer.json["detail"]) > 10
        for name in ("../us/merchandising.yaml", "/etc/passwd", "regions/../../x.yaml"):
            status, sentence = sent(client, door, {name: "campaigns: []"})
            assert status in (400, 409), (door, name)
            assert len(sentence) > 10
