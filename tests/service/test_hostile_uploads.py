"""Hundreds of hostile files through the whole service: refused as problems, never a crash."""

from __future__ import annotations

from tests.service.fakes import JsonClient
from tests.vision.hostile_files import hostile_files


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
