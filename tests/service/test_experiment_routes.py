"""The analyst's endpoints: who may do what, what a report tells, and starts that meet a change."""

from __future__ import annotations

import base64
import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.commands.experiments import experiments
from service.tokens import Role
from tests.experiments.logs import event, exposed, shown
from tests.experiments.test_loading import text
from tests.service.fakes import NOW, ROOT, JsonClient, fake_services, photo_bytes

URL = "/v1/admin/experiments"


@pytest.fixture
def client(tmp_path: Path) -> JsonClient:
    """Over locale files of its own with one experiment, whose log holds a hundred units."""
    locales = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", locales, ignore=shutil.ignore_patterns("experiments"))
    (locales / "experiments").mkdir()
    (locales / "experiments" / "order.yaml").write_text(text("state: running"), encoding="utf-8")
    services = fake_services(tmp_path / "home", locales=locales)
    _fill(services.events())
    return JsonClient(services)


def _fill(log: Any) -> None:
    for n in range(100):
        variant = ("shipped", "varied")[n % 2]
        log.record_search(shown(f"q{n}", f"u{n}"), [exposed(f"q{n}", f"u{n}", variant)])
    log.record_events(event(f"e{n}", f"q{n}", unit=f"u{n}") for n in range(60))


def headers(client: JsonClient, role: Role = Role.ANALYST, where: str = "*") -> dict[str, str]:
    token = client.services.tokens.create(
        name="ada", role=role, marketplaces=(where,), now=NOW, days=1
    )
    return {"Authorization": f"Bearer {token}"}


def listed(client: JsonClient, by: dict[str, str]) -> Any:
    (one,) = client.get(URL, headers=by).json["experiments"]
    return one


def test_the_list_tells_state_version_and_health(client: JsonClient) -> None:
    one = listed(client, headers(client))
    assert (one["key"], one["state"], one["health"]) == ("order", "running", "good")
    assert one["checks"]["units"] == 100
    assert [v["units"] for v in one["variants"]] == [50, 50]
    assert client.get(f"{URL}/order", headers=headers(client)).json == one


def test_nothing_is_told_without_a_token(client: JsonClient) -> None:
    for url in (URL, f"{URL}/order", f"{URL}/order/report", f"{URL}/power?rate=0.1"):
        assert client.get(url).status_code == 401


def test_the_report_is_that_of_the_command(
    client: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(client.services.settings.home))
    monkeypatch.setenv("SOUK_LOCALES", str(client.services.settings.locales))
    over_http = client.get(f"{URL}/order/report", headers=headers(client)).json
    done = CliRunner().invoke(experiments, ["report", "order", "--json"])
    assert over_http == json.loads(done.output)
    (day,) = over_http["over_time"]
    (estimate,) = day["estimates"]
    assert estimate["lift"] == over_http["estimates"][0]["lift"]


def test_the_csv_holds_the_numbers_of_the_plots(client: JsonClient) -> None:
    answer = client.get(f"{URL}/order/report.csv", headers=headers(client))
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["part"] for row in rows] == ["lift", "over_time", "novelty"]
    report = client.get(f"{URL}/order/report", headers=headers(client)).json
    assert float(rows[0]["low"]) == report["estimates"][0]["low"]
    assert rows[1]["day"] == "2026-06-15"


def test_power_tells_units_and_days(client: JsonClient) -> None:
    query = "rate=0.1&effect=0.03&units_a_day=10000"
    found = client.get(f"{URL}/power?{query}", headers=headers(client)).json
    assert found["units"] == pytest.approx(313_956, rel=0.001)
    assert (found["days"], found["sequential_days_at_most"]) == (32, 57)
    assert client.get(f"{URL}/power?rate=2", headers=headers(client)).status_code == 422


def test_a_stop_changes_the_file_and_stands_in_the_audit_log(client: JsonClient) -> None:
    by = headers(client)
    body = {"base": listed(client, by)["version"], "reason": "A guardrail fell."}
    answer = client.post(f"{URL}/order/stop", json=body, headers=by)
    assert answer.json["experiments"][0]["state"] == "stopped"
    file = client.services.settings.locales / "experiments" / "order.yaml"
    assert "state: stopped" in file.read_text(encoding="utf-8")
    assert client.services.tokens.audited()[0][2:] == (
        "ada", "experiments:stop", "in", "order: A guardrail fell.",
    )  # fmt: skip


def test_a_start_on_another_version_than_the_one_read_is_a_conflict(client: JsonClient) -> None:
    by = headers(client)
    version = listed(client, by)["version"]
    first = client.post(f"{URL}/order/stop", json={"base": version, "reason": "mine"}, headers=by)
    late = client.post(f"{URL}/order/start", json={"base": version, "reason": "other"}, headers=by)
    again = client.post(f"{URL}/order/stop", json={"reason": "again"}, headers=by)
    assert [a.status_code for a in (first, late, again)] == [200, 409, 409]


def test_a_start_that_collides_is_refused_with_the_lines_of_both(client: JsonClient) -> None:
    folder = client.services.settings.locales / "experiments"
    layered = "layer: {name: page, start: 0, end: 1}\n"
    (folder / "order.yaml").write_text(text(f"state: stopped\n{layered}"), encoding="utf-8")
    other = text(f"key: other\nsalt: other\nstate: running\n{layered}")
    (folder / "other.yaml").write_text(other, encoding="utf-8")
    answer = client.post(
        f"{URL}/order/start", json={"reason": "It is time."}, headers=headers(client)
    )
    assert answer.status_code == 422
    (problem,) = answer.json["errors"]
    assert problem["file"] == "experiments/other.yaml"
    assert "order.yaml:" in problem["found"]
    assert "state: stopped" in (folder / "order.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("role", "where"), [(Role.MERCHANDISER, "*"), (Role.ANALYST, "us")])
def test_only_analysts_of_its_marketplaces_change_its_state(
    client: JsonClient, role: Role, where: str
) -> None:
    by = headers(client, role, where)
    answer = client.post(f"{URL}/order/stop", json={"reason": "no"}, headers=by)
    assert answer.status_code == 422
    answer = client.post(f"{URL}/order/stop", json={"reason": "because"}, headers=by)
    assert answer.status_code == 403


def test_an_unknown_experiment_is_named_with_the_known(client: JsonClient) -> None:
    answer = client.get(f"{URL}/ordre/report", headers=headers(client))
    assert (answer.status_code, answer.json["type"]) == (404, "/problems/unknown-experiment")
    assert "Known: order" in answer.json["detail"]


def test_what_each_variant_shows_stands_side_by_side_and_is_not_logged(client: JsonClient) -> None:
    before = client.services.events().counts()
    photo = base64.b64encode(photo_bytes("saree")).decode()
    for asked in ({"photo": photo}, {"product_id": "saree-1"}):
        answer = client.post(
            f"{URL}/order/compare", json={"marketplace": "in", **asked}, headers=headers(client)
        )
        control, varied = answer.json["variants"]
        assert (control["variant"], varied["variant"]) == ("shipped", "varied")
        assert control["changed"] == 0
        ids = [[item["product_id"] for item in side["results"]] for side in (control, varied)]
        assert varied["changed"] == sum(a != b for a, b in zip(*ids, strict=True))
    assert client.services.events().counts() == before
