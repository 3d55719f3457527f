"""The comment of a pull request, from previews and changes of the model."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floe_cube_infra.errors import PreviewError
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph
from floe_cube_infra.pull_request.comment import LONGEST, MARKER, EnvironmentReport, comment
from floe_cube_infra.pull_request.links import Link, is_address
from floe_cube_infra.pull_request.preview import read_preview
from floe_cube_infra.semantic_diff.changes import Change, Effect
from tests.pull_request.previews import SECRET, deployment, preview, step

APPS, CORE = "kubernetes:apps/v1", "kubernetes:core/v1"
CLAIM = [{"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "20Gi"}}}}]


def told(*texts: str, changes: tuple[Change, ...] | None = None) -> str:
    names = [f"env{number}" for number in range(len(texts))]
    previews = [read_preview(text, "preview.json") for text in texts]
    return comment(
        [
            EnvironmentReport(name=name, changes=changes, preview=each)
            for name, each in zip(names, previews, strict=True)
        ]
    )


def widening(name: str = "orders") -> Change:
    return Change(effect=Effect.WIDENS, action="changed", kind="cube", name=name, aspect="public", old=False, new=True)


def test_nothing_changed_is_said_in_one_line_under_the_marker() -> None:
    assert told(preview(step("same", f"{APPS}:Deployment", "api", old={}, new={})), changes=()) == (
        f"{MARKER}\n## Semantic layer\n\n| Environment | Model | Resources |\n| --- | --- | --- |\n"
        "| env0 | unchanged | unchanged |\n"
    )


def test_a_config_map_named_by_its_content_counts_as_one_that_changed() -> None:
    names = ({"metadata": {"name": "cube-model-1a"}}, {"metadata": {"name": "cube-model-2b"}})
    diff = {"metadata.name": {"kind": "update-replace"}, 'data["orders.yml"]': {"kind": "update-replace"}}
    steps = [
        step(op, f"{CORE}:ConfigMap", "cube-model", old=names[0], new=names[1], detailedDiff=diff)
        for op in ("create-replacement", "replace", "delete-replaced")
    ]

    text = told(preview(*steps))

    assert "| env0 | not compared | 1 changed |" in text
    assert '| changed | ConfigMap cube-model-2b | data&#91;"orders.yml"&#93; |' in text


def test_components_providers_and_reads_are_no_news() -> None:
    component = step("create", "floe:cube:CubeApi", "api", new={})
    component["newState"]["custom"] = False
    read = step("read", f"{CORE}:Secret", "warehouse", new={})

    assert (
        read_preview(preview(component, step("create", "pulumi:providers:aws", "aws", new={}), read), "x").changes == ()
    )


@pytest.mark.parametrize(
    ("kind", "inputs", "risk"),
    [
        (f"{APPS}:StatefulSet", {"spec": {"volumeClaimTemplates": CLAIM}}, "its volumes stay"),
        (
            f"{APPS}:StatefulSet",
            {
                "spec": {
                    "volumeClaimTemplates": CLAIM,
                    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"},
                }
            },
            "its volumes, which go with it",
        ),
        (f"{CORE}:Namespace", {}, "everything in it"),
        (f"{CORE}:PersistentVolumeClaim", {}, "its files"),
        ("aws:s3/bucket:Bucket", {}, "its objects"),
        ("random:index/randomBytes:RandomBytes", {}, "becomes another one"),
    ],
)
def test_what_holds_data_comes_before_costs_and_everything_else(kind: str, inputs: object, risk: str) -> None:
    text = told(preview(step("delete", kind, "kept", old=inputs)))

    assert "**1 with data at risk**, 1 deleted" in text
    assert risk in text.partition("#### Data at risk")[2].partition("<details>")[0].partition("#### Costs")[0]


def test_what_stays_when_the_stack_lets_it_go_is_not_at_risk() -> None:
    text = told(preview(step("delete", "aws:s3/bucket:Bucket", "kept", old={}, retained=True)))

    assert "at risk" not in text
    assert "stays where it is" in text


def test_costs_are_told_by_resource_and_in_all() -> None:
    old, new = deployment(replicas=2), deployment(replicas=3, memory="1536Mi")
    text = told(preview(step("update", f"{APPS}:Deployment", "api", old=old, new=new)))

    assert "| Deployment cube-api: replicas | 2 | 3 |" in text
    assert "| Deployment cube-api: memory requested per pod | 1Gi | 1.5Gi |" in text
    assert "| in all: CPU requested |  | +0.5 |" in text
    assert "| in all: memory requested |  | +2.5Gi |" in text


def test_an_autoscaler_says_how_many_pods_there_are_at_least() -> None:
    def scaler(least: int) -> dict[str, object]:
        target = {"kind": "Deployment", "name": "cube-api"}
        spec = {"minReplicas": least, "maxReplicas": 9, "scaleTargetRef": target}
        return {"metadata": {"name": "cube-api", "namespace": "cube"}, "spec": spec}

    scaled = step("update", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "s", old=scaler(2), new=scaler(5))
    api = step("update", f"{APPS}:Deployment", "api", old=deployment(), new=deployment())

    assert "| HorizontalPodAutoscaler cube-api: replicas | 2 to 9 | 5 to 9 |" in told(preview(scaled))
    assert "| in all: CPU requested |  | not to be told from the preview |" in told(preview(scaled))
    assert "| in all: CPU requested |  | +1.5 |" in told(preview(scaled, api))


def test_a_sidecar_counts_and_a_start_only_where_it_needs_more() -> None:
    new = deployment(replicas=1)
    request = {"resources": {"requests": {"cpu": "250m"}}}
    new["spec"]["template"]["spec"]["initContainers"] = [{**request, "restartPolicy": "Always"}, request]

    assert "CPU requested per pod 0.75" in told(preview(step("create", f"{APPS}:Deployment", "api", new=new)))


def test_no_value_is_told_not_even_a_secret_that_stands_in_the_file() -> None:
    old, new = deployment(memory=SECRET), deployment(memory=SECRET)
    new["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "PASSWORD", "value": "hunter2"}]
    secret = {"metadata": {"name": "warehouse"}, "stringData": {"password": "hunter2"}}
    path = "spec.template.spec.containers[0].env[0].value"
    steps = [
        step("update", f"{APPS}:Deployment", "api", old=old, new=new, detailedDiff={path: {"kind": "add"}}),
        step("create", f"{CORE}:Secret", "warehouse", new=secret),
    ]
    text = told(preview(*steps, diagnostics=[{"severity": "error", "message": "hunter2 was refused"}]))

    assert "cube: variable PASSWORD" in text
    assert "**1 error**" in text
    assert "hunter2" not in text


def test_environments_in_which_the_model_changes_alike_share_what_is_told() -> None:
    text = told(preview(), preview(), changes=(widening(),))

    assert text.count("#### May widen who sees what (1)") == 1
    assert "### Model: env0, env1" in text
    assert "**1 may widen who sees what**" in text


def test_a_comment_never_outgrows_what_github_takes() -> None:
    many = tuple(widening(f"cube{number}" + "<" * 500) for number in range(3000))

    text = told(preview(), changes=many)

    assert len(text) <= LONGEST
    assert text.startswith(MARKER)
    assert "**3000 may widen who sees what**" in text
    assert re.search(r"and \d+ more", text)


def test_what_changes_of_the_model_is_drawn_where_the_forge_draws_mermaid() -> None:
    graph = ModelGraph(
        nodes=(
            GraphNode(name="orders", access="unfiltered", mark="changed", told="changed: may widen who sees what"),
            GraphNode(name="customers", access="filter", filter_columns=("organization_id",)),
        ),
        joins=(GraphJoin(cube="orders", to="customers", relationship="many_to_one"),),
        left_out=3,
    )

    text = comment([EnvironmentReport(name="prod", changes=(widening(),), graph=graph)])

    drawing = text.partition("```mermaid\n")[2].partition("\n```\n")[0]
    assert drawing.splitlines()[:2] == [
        "flowchart LR",
        '  n0["changed: may widen who sees what<br/>orders<br/>all rows, unfiltered"]:::changed',
    ]
    assert '  n0 -->|"n:1"| n1' in drawing.splitlines()
    assert "and 3 more cubes and views" in text


def test_a_large_graph_is_drawn_in_part_and_says_so() -> None:
    graph = ModelGraph(nodes=tuple(GraphNode(name=f"cube{number}", mark="added") for number in range(60)))

    text = comment([EnvironmentReport(name="prod", changes=(widening(),), graph=graph)])

    assert "cube39" in text
    assert "cube40" not in text
    assert "and 20 more cubes and views" in text


def test_links_stand_below_the_summary_and_lead_by_https_only() -> None:
    links = [
        Link(title="run [7] @team", address="https://ci.example.com/runs/7?a=b#c"),
        Link(title="x", address="https://x"),
    ]

    line = next(line for line in comment([EnvironmentReport(name="prod")], links).splitlines() if "ci.example" in line)

    assert line == ("[run &#91;7&#93; &#64;&#8203;team](<https://ci.example.com/runs/7?a=b#c>) \u00b7 [x](<https://x>)")


@pytest.mark.parametrize(
    "address",
    ["http://a.example", "https://a.example/(x)", "https://a.example/>", "javascript:alert(1)", "https://a b", ""],
)
def test_what_is_no_address_by_https_is_none(address: str) -> None:
    assert not is_address(address)


@given(
    name=st.text(min_size=1, max_size=40) | st.from_regex(r"@team|#1|https?://x|www\.x|-->|</details>|!\[x\]\(y\)"),
    value=st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.text(max_size=3), max_size=2),
)
def test_wild_names_and_values_stay_text_in_their_cell(name: str, value: object) -> None:
    inputs = {"metadata": {"name": name}, "spec": {"replicas": value, "template": {"spec": {"containers": value}}}}
    diff = {name: {"kind": "add"}}
    steps = [
        step("update", f"{APPS}:Deployment", name.replace("::", ""), old=inputs, new=inputs, detailedDiff=diff),
        step("delete", f"{CORE}:Namespace", "n", old={"metadata": value}),
    ]
    text = told(preview(*steps), changes=(widening(name),))
    rows = [line for line in text.splitlines() if line.startswith("|")]

    assert all(line.count("|") in (3, 4) for line in rows)
    assert text.count("<") == text.replace(MARKER, "").count("<") + 1
    foreign = text.replace(MARKER, "").replace("<details>", "").replace("</details>", "")
    foreign = foreign.replace("<summary>", "").replace("</summary>", "")
    assert not re.search(r"[<>@\[\]`~$!]", foreign)
    assert not re.search(r"&#(?:64|35);(?!&#8203;)|://|www[.]", foreign)


@given(st.text() | st.sampled_from(["[]", "1", '{"steps": 1}', '{"steps": [{}]}', '{"steps": [{"urn": 1, "op": []}]}']))
def test_what_is_no_preview_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(PreviewError, match=r"x\.json is no preview: write it with `pulumi preview --json"):
        read_preview(text, "x.json")
