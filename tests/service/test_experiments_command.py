"""`souk experiments`: what a person types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.tables import read_rows
from experiments.event_log import EventLog, log_url
from service.commands.experiments import experiments
from tests.experiments.logs import event, exposed, shown
from tests.experiments.test_loading import text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "order.yaml").write_text(text(), encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(experiments, [str(a) for a in arguments])


def test_check_is_quiet_about_sound_files(folder: Path) -> None:
    done = run("check", folder)
    assert (done.exit_code, done.output) == (0, "1 experiments, 0 findings.\n")


def test_check_prints_place_finding_and_fix(folder: Path) -> None:
    (folder / "second.yaml").write_text(text("key: b\nsalt: b\nunit: user"), encoding="utf-8")
    done = run("check", folder, "--json")
    document = json.loads(done.output)
    assert done.exit_code == 1
    assert [f["code"] for f in document["findings"]] == ["S005"]
    assert run("check", folder / "nowhere").exit_code == 2


def test_start_and_stop_change_the_file(folder: Path) -> None:
    assert run("start", "order", "--folder", folder).output == "order is running.\n"
    assert "state: running" in (folder / "order.yaml").read_text(encoding="utf-8")
    run("stop", "order", "--folder", folder)
    assert "state: stopped" in (folder / "order.yaml").read_text(encoding="utf-8")


def test_a_start_that_would_collide_changes_nothing(folder: Path) -> None:
    (folder / "order.yaml").write_text(
        text("state: stopped\nlayer: {name: page, start: 0, end: 1}"), encoding="utf-8"
    )
    other = text("key: other\nsalt: other\nlayer: {name: page, start: 0, end: 1}")
    (folder / "other.yaml").write_text(other, encoding="utf-8")
    before = (folder / "order.yaml").read_text(encoding="utf-8")
    done = run("start", "order", "--folder", folder)
    assert done.exit_code == 1
    assert (folder / "order.yaml").read_text(encoding="utf-8") == before


def test_assign_tells_each_units_variant(folder: Path) -> None:
    document = json.loads(run("assign", "order", "u1", "u2", "--folder", folder, "--json").output)
    assert set(document["units"]) == {"u1", "u2"}
    counted = json.loads(
        run("assign", "order", "--count", "2000", "--folder", folder, "--json").output
    )
    assert set(counted["counts"]) == {"shipped", "varied"}
    assert run("assign", "order", "u", "--marketplace", "de", "--folder", folder).exit_code == 1
    assert run("assign", "odrer", "u", "--folder", folder).exit_code == 1


def test_a_start_with_rules_that_nobody_published_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(folder / "home"))
    path = folder / "order.yaml"
    path.write_text(
        text().replace("ranking: {diversity: 0.4}", "ranking: {rules: 0123456789ab}"),
        encoding="utf-8",
    )
    before = path.read_text(encoding="utf-8")
    assert "0123456789ab" in before
    done = run("start", "order", "--folder", folder)
    assert done.exit_code == 1
    assert "nothing was started. Variant 'varied' cannot be shown" in done.output
    assert "version '0123456789ab' is not known. Known: none yet." in done.output
    assert path.read_text(encoding="utf-8") == before


def test_report_reads_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder / "home"
    monkeypatch.setenv("SOUK_HOME", str(home))
    log = EventLog(log_url(None, home), patience_s=5.0)
    for n in range(60):
        variant = ("shipped", "varied")[n % 2]
        log.record_search(shown(f"q{n}", f"u{n}"), [exposed(f"q{n}", f"u{n}", variant)])
        if n % 3 == 0:
            log.record_events([event(f"e{n}", f"q{n}")])
    log.close()
    page = folder / "report.html"
    document = json.loads(
        run("report", "order", "--folder", folder, "--html", page, "--json").output
    )
    assert document["counts"] == {"shipped": 30, "varied": 30}
    assert document["verdict"].startswith("No difference is shown")
    assert 'aria-label="Lift of every metric, with its interval"' in page.read_text(
        encoding="utf-8"
    )
    assert "varied in all" in run("report", "order", "--folder", folder).output


def test_power_tells_units_and_days() -> None:
    done = run("power", "--rate", "0.1", "--effect", "0.03", "--units-a-day", "10000", "--json")
    document = json.loads(done.output)
    assert document["units"] == pytest.approx(313_956, rel=1e-3)
    assert document["days"] == 32


def test_simulate_prints_one_object() -> None:
    done = run("simulate", "--check", "mismatch", "--runs", "20", "--conversion", "0.1", "--json")
    assert {row["share"] for row in json.loads(done.output)["rows"]} == {0.49, 0.5}


def test_the_log_is_exported_with_every_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    log = EventLog(log_url(None, tmp_path), patience_s=10.0)
    log.record_search(shown("q1"), [exposed("q1")])
    log.record_events([event("e1", "q1", value_minor=129900), event("e2", "q1")])
    done = run("export", tmp_path / "out")
    assert done.output == "1 searches\n1 exposures\n2 events\n"
    rows = [row.row or {} for row in read_rows(tmp_path / "out" / "events.parquet")]
    assert {r["event_id"]: r["value_minor"] for r in rows} == {"e1": "129900", "e2": ""}


def test_a_broken_off_simulation_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    asked = ("simulate", "--check", "mismatch", "--runs", "50", "--into", file)
    first = run(*asked)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert (first.exit_code, len(lines)) == (0, 2)
    marked = json.loads(lines[0]) | {"found": "kept"}
    file.write_text(json.dumps(marked) + "\n", encoding="utf-8")
    again = run(*asked)
    assert "found=kept" in again.output
    assert file.read_text(encoding="utf-8").splitlines()[1:] == lines[1:]
    file.write_text("no rows", encoding="utf-8")
    assert "is no file of rows" in run(*asked).output
