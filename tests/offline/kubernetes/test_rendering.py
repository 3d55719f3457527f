from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.offline.kubernetes.rendering import file_of, from_yaml, to_yaml
from tests.offline.values import PLAIN_VALUES

_WORDS = "yes no on off y n Y null ~ true nan .inf 1e3 1e+3 0x1F 0o14 012 1_000 12:30 2024-01-01 = << - ? : # ! & *"
_TRICKY = [
    *_WORDS.split(),
    *("", " ", " a", "a ", "a: b", "a #b", "# a", "- a", "'", '"', "%a", "@a", "`a", "{a}", "[a]", "a\tb"),
    *("a\n", "a\n\n", "\na", " a\nb", "a \nb", "a\nb ", "a\r\nb", "a\n\tb", "---\na", "...\n"),
    *("a\x85b", "\u2028", "\ufeff", "\x00", "\x7f", "é\nß", "日本", "😀\n😀", "x" * 300, "x y " * 90),
    *("- a\n- b\n", "#!/bin/sh\necho\n"),
]


def _manifest(value):
    return {"apiVersion": "v1", "kind": "ConfigMap", "data": value}


@given(PLAIN_VALUES)
def test_whatever_is_rendered_is_read_back(value):
    text = to_yaml(_manifest(value))
    assert from_yaml(text) == _manifest(value)


@given(st.sampled_from(_TRICKY), st.sampled_from(_TRICKY))
def test_texts_that_look_like_something_else_stay_texts_wherever_they_stand(key, text):
    manifest = _manifest({key: text, "list": [text, [text, {text: [text]}]]})
    rendered = to_yaml(manifest)
    assert from_yaml(rendered) == manifest
    # A second, pure Python reader, and libyaml's on plain strings.
    assert yaml.load(rendered, Loader=yaml.SafeLoader) == manifest


@pytest.mark.parametrize("text", ["yes", "1e3", "0o14", "y", "2024-01-01", "12:30", "null", "1_000", "08"])
def test_a_text_that_some_reader_takes_for_another_type_is_quoted(text):
    assert f"data: '{text}'" in to_yaml(_manifest(text))


def test_a_text_of_several_lines_is_a_readable_block():
    assert to_yaml(_manifest({"run.sh": "#!/bin/sh\nif true; then\n  echo\nfi\n"})) == (
        "apiVersion: v1\ndata:\n  run.sh: |\n    #!/bin/sh\n    if true; then\n      echo\n    fi\nkind: ConfigMap\n"
    )


def test_the_text_doesnt_depend_on_the_order_of_keys():
    assert to_yaml({"b": 1, "a": {"d": 1, "c": 2}}) == to_yaml({"a": {"c": 2, "d": 1}, "b": 1})


@pytest.mark.parametrize(
    ("api_version", "kind", "metadata", "file"),
    [
        ("v1", "ConfigMap", {"name": "a"}, "1-manifest/v1-configmap-default-a.yaml"),
        ("apps/v1", "Deployment", {"name": "a", "namespace": "n"}, "1-manifest/apps_v1-deployment-n-a.yaml"),
        (
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            {"name": "a.b"},
            "0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-a.b.yaml",
        ),
        (
            "b.c/v1",
            "CustomResourceDefinition",
            {"name": "a"},
            "1-manifest/b.c_v1-customresourcedefinition-default-a.yaml",
        ),
    ],
)
def test_files_lie_where_the_official_provider_puts_them(api_version, kind, metadata, file):
    assert str(file_of({"apiVersion": api_version, "kind": kind, "metadata": metadata})) == file


def test_the_schema_of_a_custom_resource_is_spelt_with_dashes_and_read_back_with_underscores():
    manifest = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "spec": {"versions": [{"schema": {"x_kubernetes_preserve_unknown_fields": True}}]},
    }
    text = to_yaml(manifest)
    assert "x-kubernetes-preserve-unknown-fields: true" in text
    assert from_yaml(text) == manifest


@pytest.mark.parametrize(
    ("text", "why"), [("a: [", "line"), ("- a", "no mapping"), ("", "no mapping"), ("a: \x00", "Error")]
)
def test_a_file_that_holds_no_object_is_refused_without_quoting_it(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        from_yaml(text)
    assert "a:" not in str(caught.value)


def test_a_date_that_was_written_by_hand_is_a_text():
    assert from_yaml("a: 2024-01-01\nb: 1") == {"a": "2024-01-01", "b": 1}
