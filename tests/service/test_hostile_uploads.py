"""Hundreds of hostile files through the whole service: refused as problems, never a crash, nothing kept."""

from __future__ import annotations

from pathlib import Path

from benchmarks.serving import megabytes, peak_megabytes
from tests.service.fakes import JsonClient, photo_bytes
from tests.service.served import SEARCH, serving
from tests.vision.hostile_files import hostile_files

MOST_GROWTH_MB = 150


def test_no_hostile_upload_is_a_server_error(client: JsonClient) -> None:
    tried, refused = 0, 0
    for name, data in hostile_files():
        response = client.post(
            "/v1/in/search?limit=1&accessories=false", data=data, content_type="image/jpeg"
        )
        tried += 1
        assert response.status_code < 500, (name, response.text)
        if response.status_code == 200:
            continue
        refused += 1
        assert response.content_type == "application/problem+json", name
        assert response.status_code in (400, 413, 415, 422), name
        assert response.json["request_id"] == response.headers["X-Request-Id"], name
    assert tried >= 500
    assert refused >= 300


def test_hostile_uploads_neither_end_a_worker_nor_swell_it(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        for _ in range(20):
            served.ask("POST", SEARCH, photo_bytes("saree", (800, 1000)), "image/jpeg")
        workers = served.workers()
        before = {pid: megabytes(pid, "Rss") for pid in workers}
        for pid in workers:
            peak_megabytes(pid, begin=True)
        statuses = {
            served.ask("POST", SEARCH, data, "image/jpeg") for _, data in hostile_files(rounds=30)
        }
        assert max(statuses) < 500
        assert served.workers() == workers
        for pid in workers:
            assert peak_megabytes(pid) - before[pid] <= MOST_GROWTH_MB
