"""ops/kubernetes: valid in every field, and no variable, path, port or second that souk does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from flask import Flask

from service.app import build_app
from service.commands.serve import serve
from service.settings import KNOWN, load_settings
from tests.service.fakes import ROOT, fake_services

FOLDER = ROOT / "ops" / "kubernetes"
VERSIONS = ("1.34", "1.37")
INSIDE = {"/metrics", "/readyz", "/healthz"}
"""What no shopper asks for."""
DESK = ("/v1/admin", "/studio", "/experiments", "/pictures")
STOP_S = 60
"""What docs/operations.md asks a supervisor to wait beyond the drain."""


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


MANIFESTS = [
    document
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for document in documents(path)
]
NAMED = {(d["kind"], d["metadata"]["name"]): d for d in MANIFESTS}
WORKLOADS = [d for d in MANIFESTS if d["kind"] in ("Deployment", "StatefulSet")]
each_workload = pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w["metadata"]["name"])


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = workload["spec"]["template"]["spec"]
    return found


def container(workload: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod(workload)["containers"]
    assert isinstance(found, dict)
    return found


def served(workload: dict[str, Any]) -> dict[str, Any]:
    """The options of `souk serve`, read as the command reads them."""
    program, command, *arguments = container(workload)["args"]
    assert (program, command) == ("souk", "serve")
    return serve.make_context("serve", arguments).params


def probes(workload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        kind: container(workload)[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return build_app(fake_services(tmp_path_factory.mktemp("routes")))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid_to_its_last_field(version: str) -> None:
    for manifest in MANIFESTS:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_misspelt_field_would_be_found() -> None:
    wrong = {**NAMED["Service", "souk"], "spce": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[0], strict=True)


def test_kustomize_applies_every_file_but_the_secrets_template() -> None:
    (told,) = documents(FOLDER / "kustomization.yaml")
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert set(told["resources"]) == files - {"kustomization.yaml", "secret-template.yaml"}
    images = {container(workload)["image"] for workload in WORKLOADS}
    assert images == {image["name"] for image in told["images"]}


def test_pods_are_told_settings_that_souk_knows_and_no_others(tmp_path: Path) -> None:
    config, secret = NAMED["ConfigMap", "souk"]["data"], NAMED["Secret", "souk"]["stringData"]
    assert set(config) | set(secret) <= set(KNOWN)
    assert not set(config) & set(secret)
    load_settings(config | {"SOUK_HOME": str(tmp_path)})
    for workload in WORKLOADS:
        assert container(workload)["envFrom"] == [
            {"configMapRef": {"name": "souk"}}, {"secretRef": {"name": "souk"}}
        ]  # fmt: skip
        assert "env" not in container(workload)
        assert pod(workload)["enableServiceLinks"] is False, "a service souk would tell SOUK_PORT"


def test_the_template_of_the_secret_holds_none() -> None:
    assert set(NAMED["Secret", "souk"]["stringData"].values()) == {""}
    assert {"SOUK_SECRET", "SOUK_DATABASE_URL"} <= set(NAMED["Secret", "souk"]["stringData"])


@each_workload
def test_ports_agree_from_the_command_to_the_service(workload: dict[str, Any]) -> None:
    name = workload["metadata"]["name"]
    assert served(workload)["host"] == "0.0.0.0"
    assert container(workload)["ports"] == [
        {"name": "http", "containerPort": served(workload)["port"]}
    ]
    assert all(probe["httpGet"]["port"] == "http" for probe in probes(workload).values())
    service = NAMED["Service", name]["spec"]
    assert [port["targetPort"] for port in service["ports"]] == ["http"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    assert service["selector"] == workload["spec"]["selector"]["matchLabels"] == labels
    annotations = workload["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(served(workload)["port"])


@each_workload
def test_probes_ask_addresses_that_souk_answers(workload: dict[str, Any], app: Flask) -> None:
    known = {rule.rule for rule in app.url_map.iter_rules()}
    asked = {kind: probe["httpGet"]["path"] for kind, probe in probes(workload).items()}
    assert set(asked.values()) <= known
    assert asked["liveness"] == asked["startup"] == "/healthz", "what lies outside restarts no pod"
    annotations = workload["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/path"] in known


@each_workload
def test_uploads_touch_no_disk(workload: dict[str, Any]) -> None:
    """A form's large photo passes through a file in /tmp; compose has a tmpfs there."""
    (tmp,) = [volume for volume in pod(workload)["volumes"] if volume["name"] == "tmp"]
    assert tmp["emptyDir"]["medium"] == "Memory"
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert compose["services"]["souk"]["tmpfs"] == ["/tmp"]  # noqa: S108  of the container


def test_a_pod_without_an_index_gets_no_searches() -> None:
    assert probes(NAMED["Deployment", "souk"])["readiness"]["httpGet"]["path"] == "/readyz"


@each_workload
def test_a_pod_has_the_time_that_a_stop_takes(workload: dict[str, Any]) -> None:
    drain_s = served(workload)["drain_s"]
    before_s = container(workload)["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod(workload)["terminationGracePeriodSeconds"] >= before_s + drain_s + STOP_S
    readiness = probes(workload)["readiness"]
    assert drain_s > readiness["periodSeconds"] * readiness.get("failureThreshold", 1)


@each_workload
def test_pods_are_no_root_and_write_where_souk_writes_alone(workload: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    user = pod(workload)["securityContext"]["runAsUser"]
    assert re.findall(r"^USER (\S+)$", image, re.MULTILINE) == [str(user)]
    assert f"--uid {user} " in image
    assert pod(workload)["securityContext"]["runAsNonRoot"] is True
    assert pod(workload)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(workload)["automountServiceAccountToken"] is False
    assert container(workload)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    home = NAMED["ConfigMap", "souk"]["data"]["SOUK_HOME"]
    assert {m["mountPath"] for m in container(workload)["volumeMounts"]} == {home, "/tmp"}  # noqa: S108  of a pod


@each_workload
def test_networks_have_the_cores_that_they_use(workload: dict[str, Any]) -> None:
    resources = container(workload)["resources"]
    assert {"cpu", "memory"} <= set(resources["requests"])
    assert "memory" in resources["limits"]
    if workload["kind"] == "Deployment":
        threads = int(NAMED["ConfigMap", "souk"]["data"]["SOUK_THREADS"])
        assert int(resources["requests"]["cpu"]) >= served(workload)["workers"] * threads


def test_only_the_desk_keeps_something_and_is_one() -> None:
    desk, search = NAMED["StatefulSet", "souk-desk"], NAMED["Deployment", "souk"]
    assert desk["spec"]["replicas"] == 1
    (claim,) = desk["spec"]["volumeClaimTemplates"]
    assert claim["metadata"]["name"] in {m["name"] for m in container(desk)["volumeMounts"]}
    assert "replicas" not in search["spec"], "the autoscaler's"
    assert all("emptyDir" in volume for volume in pod(search)["volumes"])


def test_the_autoscaler_the_budget_and_the_policy_mean_these_pods() -> None:
    search = NAMED["Deployment", "souk"]
    target = NAMED["HorizontalPodAutoscaler", "souk"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", search["metadata"]["name"])
    assert NAMED["HorizontalPodAutoscaler", "souk"]["spec"]["minReplicas"] >= 2
    labels = search["spec"]["selector"]["matchLabels"]
    assert NAMED["PodDisruptionBudget", "souk"]["spec"]["selector"]["matchLabels"] == labels
    for spread in pod(search)["topologySpreadConstraints"]:
        assert spread["labelSelector"]["matchLabels"] == labels
    policy = NAMED["NetworkPolicy", "souk"]["spec"]
    for workload in WORKLOADS:
        own = workload["spec"]["template"]["metadata"]["labels"].items()
        assert policy["podSelector"]["matchLabels"].items() <= own
    assert [port["port"] for rule in policy["ingress"] for port in rule["ports"]] == ["http"]


def routes() -> Iterator[tuple[str, str, str]]:
    """Path, its type and the service that the ingress leads to, most exact first."""
    (rule,) = NAMED["Ingress", "souk"]["spec"]["rules"]
    for path in sorted(rule["http"]["paths"], key=lambda p: -len(p["path"])):
        yield path["path"], path["pathType"], path["backend"]["service"]["name"]


def led_to(address: str) -> str | None:
    for path, kind, service in routes():
        within = kind == "Prefix" and address.startswith(f"{path}/")
        if address == path or within:
            return service
    return None


def test_every_address_leads_to_who_answers_it_and_the_inner_ones_stay_inside(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        wanted = "souk-desk" if rule.rule.startswith(DESK) else "souk"
        assert led_to(rule.rule) == (None if rule.rule in INSIDE else wanted), rule.rule
    known = [rule.rule for rule in app.url_map.iter_rules()]
    for path, _, _ in routes():
        assert any(rule.startswith(path) for rule in known), path
