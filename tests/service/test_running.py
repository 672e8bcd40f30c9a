"""What operators see: metrics, and refusals before collapse."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from retrieval.exact import ExactIndex
from retrieval.index import IndexUnavailable, IndexVersion
from service.pipeline import Detection
from service.shedding import Door
from tests.service.fakes import FakeModels, JsonClient, fake_services
from vision.photos import Photo


def test_metrics_count_requests_by_route_and_time_each_stage(client: JsonClient) -> None:
    client.search("in", "saree")
    text = client.get("/metrics").text
    assert 'souk_requests_total{route="/v1/<marketplace>/search",status="200"}' in text
    assert 'souk_stage_seconds_count{marketplace="in",stage="retrieve"}' in text
    assert 'souk_version_info{index="exact",model="fake-1"' in text


class _Waiting(FakeModels):
    """Detects only when it is let go."""

    def __init__(self) -> None:
        self.entered, self.go = threading.Event(), threading.Event()

    def detect(self, photo: Photo) -> Any:
        self.entered.set()
        self.go.wait(60)
        return Detection(objects=super().detect(photo).objects)


def test_a_full_worker_refuses_with_a_time_to_come_back(tmp_path: Path) -> None:
    models = _Waiting()
    services = fake_services(tmp_path, models=models)
    services.door = Door(1)
    client = JsonClient(services)
    answers: list[int] = []
    first = threading.Thread(
        target=lambda: answers.append(JsonClient(services).search("in", "saree").status_code)
    )
    first.start()
    assert models.entered.wait(10)
    refused = client.search("in", "saree")
    models.go.set()
    first.join(20)
    assert (refused.status_code, refused.json["type"]) == (503, "/problems/busy")
    assert refused.headers["Retry-After"] == "1"
    assert answers == [200]
    assert client.search("in", "saree").status_code == 200


def test_a_search_that_gets_no_turn_is_refused_and_gives_its_place_back(tmp_path: Path) -> None:
    """Two places and one turn: the second search waits, and only so long."""
    models = _Waiting()
    services = fake_services(tmp_path, models=models)
    services.door = Door(2, 1, patience_s=0.05)
    first = threading.Thread(target=lambda: JsonClient(services).search("in", "saree"))
    first.start()
    assert models.entered.wait(10)
    second = JsonClient(services)
    waited = [second.search("in", "saree") for _ in range(3)]
    models.go.set()
    first.join(20)
    assert {answer.json["detail"] for answer in waited} == {"No turn came within 0.05 s."}
    assert {answer.headers["Retry-After"] for answer in waited} == {"1"}
    assert JsonClient(services).search("in", "saree").status_code == 200


def test_settings_name_the_variable_that_cannot_be_used(tmp_path: Path) -> None:
    import pytest

    from service.settings import SettingsError, load_settings

    good = load_settings({"SOUK_HOME": str(tmp_path)})
    assert replace(good, threads=2) == good
    for environ, wanted in (
        ({"SOUK_THREADS": "many"}, "SOUK_THREADS is 'many'"),
        ({"SOUK_ELASTICSEARCH_URL": "search:9200"}, "must start with http://"),
        ({"SOUK_LOCALES": str(tmp_path / "none")}, "is no folder"),
        ({"SOUK_HOME": __file__}, "test_running.py, which is no folder"),
        ({"SOUK_ELASTICSERACH_URL": "http://x"}, "no setting of souk"),
    ):
        with pytest.raises(SettingsError, match=wanted.replace("(", "\\(")):
            load_settings(environ)


def test_an_index_of_another_model_is_refused_with_what_to_run(tmp_path: Path) -> None:
    class Newer(FakeModels):
        @property
        def version(self) -> str:
            return "fake-2"

    answer = JsonClient(fake_services(tmp_path, models=Newer())).search("in", "saree")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-ready")
    assert "souk index build" in answer.json["detail"]
    assert "fake-1" in answer.json["detail"]


def test_an_engine_that_fails_in_the_middle_is_a_problem_and_unready(tmp_path: Path) -> None:
    class Down(ExactIndex):
        @property
        def version(self) -> IndexVersion:
            raise IndexUnavailable("Elasticsearch does not answer at http://search:9200.")

        @version.setter
        def version(self, value: IndexVersion) -> None:
            """The base class sets it."""

    client = JsonClient(fake_services(tmp_path, index=Down({}, model="fake-1")))
    assert "http://search:9200" in client.get("/readyz").json["parts"]["index"]["detail"]
    answer = client.search("in", "saree")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/not-ready")
