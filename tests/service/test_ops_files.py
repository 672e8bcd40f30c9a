"""The files that operators load: a valid compose file, and no metric that souk does not have."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml
from prometheus_client import Counter, Gauge, Histogram

from service import metrics
from tests.service.fakes import ROOT

OPS = ROOT / "ops"


def exposed() -> set[str]:
    """Every series name that the metrics of service/metrics.py can have."""
    names = set()
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            for family in metric.describe():
                stems = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
                names |= {family.name + end for end in stems.get(family.type, ("",))}
    return names


def used(path: Path) -> set[str]:
    return set(re.findall(r"\bsouk_[a-z_]+", path.read_text(encoding="utf-8")))


def test_the_dashboard_and_the_alerts_use_metrics_that_exist() -> None:
    for path in (OPS / "alerts.yml", OPS / "grafana" / "dashboards" / "souk.json"):
        found = used(path)
        assert found, path
        assert found <= exposed(), path


def test_every_metric_is_shown_on_the_dashboard() -> None:
    shown = used(OPS / "grafana" / "dashboards" / "souk.json")
    for name in exposed():
        stem = re.sub(r"_(bucket|count|sum)$", "", name)
        assert any(one.startswith(stem) for one in shown), name


def test_every_alert_names_a_runbook_that_is_written() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    groups = yaml.safe_load((OPS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in groups[0]["rules"]:
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/operations.md"
        assert anchor in anchors, rule["alert"]


def test_the_dashboard_is_provisioned_from_where_compose_mounts_it() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    for volume in compose["services"]["grafana"]["volumes"]:
        source = volume.split(":")[0]
        assert not source.startswith(".") or (ROOT / source).exists(), source
    dashboard = json.loads((OPS / "grafana" / "dashboards" / "souk.json").read_text("utf-8"))
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))


def test_the_compose_file_follows_its_schema() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
         "docker-compose.yml"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_container_is_no_root_and_its_packages_are_pinned_by_hash() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    served = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM")) :]
    users = [line.split()[1] for line in served if line.startswith("USER ")]
    assert users
    assert "root" not in users
    assert served.index(f"USER {users[-1]}") < next(
        i for i, line in enumerate(served) if line.startswith("CMD")
    )
    installs = [line for line in lines if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    for lock in ("serve", "serve-extras"):
        assert "--hash=" in (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert compose["services"]["souk"]["read_only"] is True
