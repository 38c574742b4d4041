"""The Kubernetes manifests keep the promises that operators rely on, and speak the settings' language."""

import base64
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.k8s import check
from services.feedback.config import Settings as Feedback
from shared.settings import Settings

ROOT = Path(check.HERE).parents[1]
BASE = check.HERE / "base"
SERVICES = ("archive", "feedback", "intake", "routing", "sla")
CRD = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "routing"}, "spec": {"min": 1}}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.fixture(scope="module")
def pod() -> Any:
    return read(BASE / "service" / "deployment.yaml")["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod: Any) -> Any:
    (only,) = pod["containers"]
    return only


def settings_from_environment() -> dict[str, str]:
    lines = (BASE / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def secrets() -> dict[str, str]:
    found = read(check.HERE / "secrets.example.yaml")["stringData"]
    assert isinstance(found, dict)
    return found


def settings_classes() -> list[type[Settings]]:
    names = [f"services.{service}.config" for service in SERVICES]
    return [Settings, *(importlib.import_module(name).Settings for name in names if importlib.util.find_spec(name))]


def variable(field: str) -> str:
    return f"REDRESS_{field.upper()}"


def known_variables() -> set[str]:
    return {variable(field) for settings in settings_classes() for field in settings.model_fields}


def required_variables() -> set[str]:
    fields = [item for settings in settings_classes() for item in settings.model_fields.items()]
    return {variable(name) for name, field in fields if field.is_required()}


def test_base_and_overlay_are_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_differs_from_the_others_in_its_name_and_one_argument(service: str) -> None:
    kustomization = read(BASE / service / "kustomization.yaml")

    (patch,) = kustomization["patches"]
    changes = {change["path"]: change["value"] for change in yaml.safe_load(patch["patch"])}
    assert (kustomization["nameSuffix"], changes) == (
        f"-{service}",
        {"/spec/template/spec/containers/0/args": [service]},
    )


def test_the_ingress_sends_each_prefix_to_its_service() -> None:
    (rule,) = read(BASE / "ingress.yaml")["spec"]["rules"]

    routes = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert routes == {f"/{service}": f"redress-{service}" for service in SERVICES}


@pytest.mark.parametrize(
    ("probe", "path"), [("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")]
)
def test_every_probe_asks_the_right_question(container: Any, probe: str, path: str) -> None:
    assert container[probe]["httpGet"] == {"path": path, "port": "http"}


def test_no_container_runs_as_root(pod: Any) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0


def test_the_manifests_and_the_image_agree_on_the_user(pod: Any) -> None:
    user, group = pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]

    assert f"USER {user}:{group}\n" in (ROOT / "Dockerfile").read_text()


def test_system_calls_are_limited_to_the_runtimes_default(pod: Any) -> None:
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


def test_a_container_may_change_nothing_and_gain_nothing(container: Any) -> None:
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_a_container_says_what_it_needs_and_how_much_it_may_take(container: Any) -> None:
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]


def test_a_pod_has_longer_to_end_than_a_service_takes_to_drain(pod: Any) -> None:
    assert pod["terminationGracePeriodSeconds"] > Settings.model_fields["drain_seconds"].default


def test_no_secret_stands_in_what_is_applied() -> None:
    kinds = {manifest["kind"] for manifest in check.as_written(BASE) + check.as_written(check.HERE / "overlays")}

    assert "Secret" not in kinds


def test_every_variable_of_the_manifests_is_a_setting() -> None:
    assert settings_from_environment().keys() | secrets().keys() <= known_variables()


def test_every_setting_without_a_default_is_given_by_the_manifests() -> None:
    assert required_variables() <= settings_from_environment().keys() | secrets().keys()


def test_the_manifests_write_to_complainants_by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    key = base64.b64encode(bytes(32)).decode()
    for name, value in (settings_from_environment() | secrets() | {"REDRESS_MASTER_KEY": key}).items():
        monkeypatch.setenv(name, value)

    assert Feedback().messenger == "smtp"


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_of_compose_is_a_setting(service: str) -> None:
    assert read(ROOT / "compose.yaml")["services"][service]["environment"].keys() <= known_variables()


def test_compose_says_how_letters_go_out() -> None:
    assert "REDRESS_MESSENGER" in read(ROOT / "compose.yaml")["services"]["feedback"]["environment"]


def test_the_one_proxy_in_front_is_trusted_to_say_where_a_request_comes_from() -> None:
    compose = read(ROOT / "compose.yaml")["services"]["intake"]["environment"]

    assert (settings_from_environment()["REDRESS_TRUSTED_PROXIES"], compose["REDRESS_TRUSTED_PROXIES"]) == ("1", 1)


def test_compose_runs_the_same_five_services() -> None:
    commands = [service.get("command") for service in read(ROOT / "compose.yaml")["services"].values()]

    assert {command[0] for command in commands if command and len(command) == 1} == set(SERVICES)


def test_an_unknown_field_is_wrong() -> None:
    service = read(BASE / "service" / "service.yaml")
    service["spec"]["slector"] = {}

    report = check.check(BASE, [service])

    assert "slector" in report.wrong[0]


def test_an_object_of_unknown_kind_is_reported_as_not_checked() -> None:
    report = check.check(BASE, [CRD])

    assert (report.not_checked, report.wrong) == (["ScaledObject routing"], [])


def test_an_object_of_unknown_kind_is_checked_where_its_schema_is_given(tmp_path: Path) -> None:
    schema = {"properties": {"spec": {"required": ["scaleTargetRef"]}}}
    (tmp_path / "scaledobject_v1alpha1.json").write_text(json.dumps(schema))

    report = check.check(BASE, [CRD], schemas=tmp_path)

    assert "scaleTargetRef" in report.wrong[0]


def test_without_kubectl_the_check_says_so_and_checks_the_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert check.main([str(BASE)]) == 0
    assert "kubectl is not here" in capsys.readouterr().out
