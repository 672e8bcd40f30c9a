from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.fakes import JsonClient, fake_services


@pytest.fixture
def client(tmp_path: Path) -> JsonClient:
    """The service over fakes, as a client."""
    return JsonClient(fake_services(tmp_path))
