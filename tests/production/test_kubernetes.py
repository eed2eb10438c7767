"""The manifests are valid, keep to the strictest rules, and say what docker-compose.yml says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import pytest
import yaml

from config import celery
from tests.processes import ROOT
from tests.production.test_compose import SERVICES

FOLDER = ROOT / "deploy" / "kubernetes"
VERSION = "1.32"
OURS = ("web", "worker", "mail-worker", "beat", "migrate")


def manifests() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name != "kustomization.yaml":
            found += [each for each in yaml.safe_load_all(path.read_text()) if each]
    return found


MANIFESTS = manifests()
PODS = {
    each["metadata"]["name"]: each["spec"]["template"]["spec"]
    for each in MANIFESTS
    if each["kind"] in ("Deployment", "Job")
}


def containers() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for name, pod in PODS.items():
        for each in pod["containers"]:
            yield name, pod, each


def test_every_file_is_listed_and_every_object_valid() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(
        path.name for path in FOLDER.glob("*.yaml") if path.name != "kustomization.yaml"
    )
    assert len(MANIFESTS) >= 14
    for each in MANIFESTS:
        kubernetes_validate.validate(each, VERSION, strict=True)


def test_the_validator_refuses_a_field_that_does_not_exist() -> None:
    wrong = {**MANIFESTS[0], "specs": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_no_container_is_root_writes_its_own_files_or_has_a_secret_in_a_file() -> None:
    for name, pod, each in containers():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        own = each["securityContext"]
        assert own["readOnlyRootFilesystem"], name
        assert own["allowPrivilegeEscalation"] is False, name
        assert own["capabilities"] == {"drop": ["ALL"]}, name
        assert each["resources"]["limits"]["memory"], name
    assert not [each for each in MANIFESTS if each["kind"] == "Secret"]
    (settings,) = [each["data"] for each in MANIFESTS if each["kind"] == "ConfigMap"]
    assert not {"SECRET_KEY", "SERVER_KEYS", "DATABASE_URL", "METRICS_TOKEN"} & settings.keys()


def test_web_has_probes_that_reach_it_and_every_part_runs_what_compose_runs() -> None:
    (web,) = PODS["web"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = web[probe]["httpGet"]
        assert asked["path"] == "/health/live"
        heads = {each["name"]: each["value"] for each in asked["httpHeaders"]}
        assert heads == {"Host": "concerns.example.org", "X-Forwarded-Proto": "https"}
    for name in OURS:
        (own,) = PODS[name]["containers"]
        assert own["command"] == SERVICES[name]["command"], name
        assert own["image"] == "fair-hearing", name


def test_each_queue_has_a_worker() -> None:
    served = [each["command"] for name, _, each in containers() if "worker" in name]
    queues = {command[command.index("-Q") + 1] for command in served}
    assert queues == {queue.name for queue in celery.app.conf.task_queues}
