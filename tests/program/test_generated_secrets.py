"""Generated keys on the real engine: kept over updates, rotated with two valid at once, and nowhere in the clear."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.program.engine import Project

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("engine")]


def keys_of(project: Project) -> list[str]:
    """The valid keys, read out of the decrypted state."""
    state = json.loads(project.pulumi("stack", "export", "--show-secrets", "--stack", project.stack))
    (data,) = [
        resource["inputs"]["stringData"]
        for resource in state["deployment"]["resources"]
        if resource["type"] == "kubernetes:core/v1:Secret"
    ]
    text = data["plaintext"] if "plaintext" in data else data["secrets"]["plaintext"]
    value = json.loads(text)
    return str(value["secrets"] if isinstance(value, dict) else value).split(",")


def referenced(project: Project) -> dict[str, str]:
    (container,) = [
        each
        for each in project.manifests()["Deployment/cube-api"]["spec"]["template"]["spec"]["containers"]
        if each["name"] == "cube"
    ]
    variables = {each["name"]: each for each in container["env"]}
    assert "CUBEJS_API_SECRET" not in variables
    reference: dict[str, str] = variables["CUBEJS_API_SECRETS"]["valueFrom"]["secretKeyRef"]
    return reference


def seen(project: Project, output: str) -> str:
    """Everything that someone without the passphrase can see."""
    files = "".join(path.read_text() for path in project.folder.rglob("*.yaml"))
    state = project.pulumi("stack", "export", "--stack", project.stack)
    outputs = json.dumps(project.outputs())
    return output + files + state + outputs + json.dumps(project.preview())


def test_keys_are_kept_rotated_and_shown_to_nobody(new_project: Callable[..., Project]) -> None:
    project = new_project("local")
    project.edit_settings(lambda settings: settings.update(secrets={"apiSecret": "generate", "generations": ["may"]}))
    output = project.up().output
    (first,) = keys_of(project)
    assert len(first) == 64
    assert first not in seen(project, output)
    assert referenced(project) == {"name": project.outputs()["apiSecretName"], "key": "secrets"}

    assert project.up().changes == {}
    assert keys_of(project) == [first]

    project.edit_settings(lambda settings: settings["secrets"].update(generations=["november", "may"]))
    output = project.up().output
    second, still = keys_of(project)
    assert still == first
    assert second != first
    text = seen(project, output)
    assert first not in text
    assert second not in text
    assert referenced(project)["name"] == project.outputs()["apiSecretName"]

    project.edit_settings(lambda settings: settings["secrets"].update(generations=["november"]))
    project.up()
    assert keys_of(project) == [second]
    assert len([name for name in project.manifests() if name.startswith("Secret/")]) == 1


def test_the_password_of_marquezs_database_is_kept_and_shown_to_nobody(new_project: Callable[..., Project]) -> None:
    project = new_project("local")
    project.edit_settings(lambda settings: settings.update(marquez={"enabled": True}))
    output = project.up().output
    password = database_password(project)
    assert len(password) == 32
    assert password not in seen(project, output)

    project.edit_settings(lambda settings: settings["marquez"].update(memory=2048))
    assert password not in seen(project, project.up().output)
    assert database_password(project) == password


def database_password(project: Project) -> str:
    """The password, read out of the decrypted state."""
    state = json.loads(project.pulumi("stack", "export", "--show-secrets", "--stack", project.stack))
    (result,) = [
        resource["outputs"]["result"]
        for resource in state["deployment"]["resources"]
        if resource["type"] == "random:index/randomPassword:RandomPassword"
    ]
    return str(json.loads(result["plaintext"]))
