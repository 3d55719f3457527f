from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
import yaml

from floe_cube_infra.offline.errors import ProviderError
from floe_cube_infra.offline.kubernetes.cluster.credentials import Credentials
from floe_cube_infra.offline.kubernetes.cluster.kubeconfig import ExecPlugin, User, find_access


def document(user=None, **cluster):
    return {
        "current-context": "one",
        "clusters": [
            {"name": "c", "cluster": {"server": "https://c:6443/"} | cluster},
            {"name": "d", "cluster": {"server": "https://d:6443"}},
        ],
        "users": [{"name": "u", "user": user or {"token": "t0ken"}}],
        "contexts": [
            {"name": "one", "context": {"cluster": "c", "user": "u"}},
            {"name": "two", "context": {"cluster": "d", "namespace": "shop"}},
        ],
    }


def text(*arguments, **more):
    return yaml.safe_dump(document(*arguments, **more))


def test_the_current_context_says_where_and_who():
    access = find_access(text(), None, None)
    assert (access.context, access.server, access.namespace) == ("one", "https://c:6443", "default")
    assert Credentials(access.user).authorization() == "Bearer t0ken"
    assert "t0ken" not in repr(access)


def test_context_and_cluster_can_be_chosen():
    assert find_access(text(), "two", None).server == "https://d:6443"
    assert find_access(text(), "two", None).namespace == "shop"
    assert find_access(text(), "one", "d").server == "https://d:6443"


def test_the_environment_lists_files_of_which_the_first_wins(tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(yaml.safe_dump({"current-context": "two"}))
    second.write_text(text())
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join([str(tmp_path / "missing"), str(first), str(second)]))
    assert find_access(None, None, None).context == "two"
    assert find_access(os.environ["KUBECONFIG"], None, None).context == "two"


def test_without_a_kubeconfig_there_is_no_cluster(tmp_path, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "missing"))
    assert find_access(None, None, None) is None
    assert find_access(None, "one", None) is None
    monkeypatch.delenv("KUBECONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_access(None, None, None) is None
    (tmp_path / "empty").write_text("")
    assert find_access(str(tmp_path / "empty"), None, None) is None


def test_files_are_found_from_the_kubeconfigs_folder(tmp_path):
    (tmp_path / "ca.pem").write_text("CA")
    (tmp_path / "config").write_text(text({"tokenFile": "token"}, **{"certificate-authority": "ca.pem"}))
    access = find_access(str(tmp_path / "config"), None, None)
    assert access.authority == "CA"
    with pytest.raises(ProviderError, match=r"token's file .* can't be read"):
        Credentials(access.user).authorization()
    (tmp_path / "token").write_text("from-a-file\n")
    assert Credentials(access.user).authorization() == "Bearer from-a-file"


def test_certificates_may_lie_inside():
    pem = base64.b64encode(b"PEM").decode()
    user = {"client-certificate-data": pem, "client-key-data": pem}
    access = find_access(text(user, **{"certificate-authority-data": pem, "tls-server-name": "n"}), None, None)
    assert (access.authority, access.server_name) == ("PEM", "n")
    assert Credentials(access.user).certificate() == ("PEM", "PEM")
    with pytest.raises(ProviderError, match="needs both"):
        Credentials(User(certificate="PEM")).certificate()


def test_a_name_and_a_password_are_basic_authentication():
    user = find_access(text({"username": "a", "password": "b"}), None, None).user
    assert Credentials(user).authorization() == "Basic " + base64.b64encode(b"a:b").decode()
    assert Credentials(User()).authorization() is None


@pytest.mark.parametrize(
    ("kubeconfig", "context", "told"),
    [
        ("/not/there", None, "isn't there; give the path of a file, or its content"),
        ("a: [\nsecret-token", None, "isn't YAML"),
        ("- a\n- b", None, "holds no mapping"),
        (text(), "three", "has no context 'three'; it has: one, two"),
        (text(server="localhost"), None, "needs a `server`"),
        (text({"auth-provider": {"name": "gcp"}}), None, "has `auth-provider`"),
        (text({"as": "root"}), None, "impersonation needs the official plugin"),
        (text({"exec": {"command": "x", "interactiveMode": "Always"}}), None, "wants a terminal"),
        (text(**{"certificate-authority-data": "%"}), None, "certificate-authority-data isn't PEM"),
    ],
)
def test_a_mistake_is_a_sentence_that_quotes_no_credential(kubeconfig, context, told):
    with pytest.raises(ProviderError, match=told) as refused:
        find_access(kubeconfig, context, None)
    assert "secret-token" not in str(refused.value)


def plugin(tmp_path, script, **more):
    path = tmp_path / "plugin"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    kubeconfig = document({"exec": {"command": "./plugin", "env": [{"name": "A", "value": "b"}]} | more})
    (tmp_path / "config").write_text(json.dumps(kubeconfig))
    return Credentials(find_access(str(tmp_path / "config"), None, None).user)


def test_a_plugin_is_asked_once_as_long_as_its_word_holds(tmp_path):
    count = tmp_path / "count"
    credentials = plugin(tmp_path, f"""echo x >> {count}; echo '{{"status": {{"token": "told"}}}}'""")
    assert [credentials.authorization() for _ in range(3)] == ["Bearer told"] * 3
    assert count.read_text().count("x") == 1
    assert credentials.renew()
    credentials.authorization()
    assert count.read_text().count("x") == 2
    assert not Credentials(User(token="t")).renew()


def test_a_plugin_whose_word_is_over_is_asked_again(tmp_path):
    count = tmp_path / "count"
    status = '{"status": {"token": "told", "expirationTimestamp": "2020-01-01T00:00:00Z"}}'
    credentials = plugin(tmp_path, f"echo x >> {count}; echo '{status}'")
    credentials.authorization()
    credentials.authorization()
    assert count.read_text().count("x") == 2


def test_a_plugin_hears_of_the_cluster_and_may_tell_a_certificate(tmp_path):
    heard = tmp_path / "heard"
    status = '{"status": {"clientCertificateData": "C", "clientKeyData": "K"}}'
    script = f"""printf '%s' "$KUBERNETES_EXEC_INFO$A" > {heard}; echo '{status}'"""
    assert plugin(tmp_path, script, provideClusterInfo=True).certificate() == ("C", "K")
    assert '"server": "https://c:6443/"' in heard.read_text()
    assert heard.read_text().endswith("b")


@pytest.mark.parametrize(
    ("script", "told"),
    [("echo no access >&2; exit 3", "ended with 3: no access"), ("echo hunter2", "printed no ExecCredential")],
)
def test_a_plugin_that_fails_is_a_sentence(tmp_path, script, told):
    with pytest.raises(ProviderError, match=told) as refused:
        plugin(tmp_path, script).authorization()
    assert "hunter2" not in str(refused.value)


def test_a_plugin_that_isnt_there_is_a_sentence():
    with pytest.raises(ProviderError, match="isn't installed"):
        Credentials(User(exec_plugin=ExecPlugin(command=(str(Path("/not/there")),)))).authorization()
