"""The graph as SVG, for Mermaid and for Graphviz: whole, harmless, the same each time."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floe_cube_infra.graph.dot import dot
from floe_cube_infra.graph.mermaid import mermaid
from floe_cube_infra.graph.model_graph import GraphJoin, GraphNode, ModelGraph
from floe_cube_infra.graph.svg import draw
from tests.graph.models import WILD, graphs, warehouse

SVG = "{http://www.w3.org/2000/svg}"
SHOP = ModelGraph(
    nodes=(
        GraphNode(name="customers", access="unfiltered", folder="models/marts", dimensions=3, measures=1),
        GraphNode(
            name="orders",
            access="filter",
            filter_columns=("organization_id", "country"),
            folder="models/marts",
            dimensions=12,
            measures=1,
            rollups=2,
        ),
        GraphNode(name="overview", kind="view", folder="models", uses=("orders", "customers")),
        GraphNode(name="payments", access="refused", folder="models/marts"),
    ),
    joins=(
        GraphJoin(cube="orders", to="customers", relationship="many_to_one"),
        GraphJoin(cube="orders", to="payments", relationship="one_to_one"),
    ),
)


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_says_what_a_reader_must_know() -> None:
    svg = draw([("shop", SHOP)])

    for said in (
        "3 cubes, 1 view, 2 joins \u2013 of the cubes 1 filtered, 1 unfiltered, 1 refusing",
        "rows by organization_id, country",
        "all rows, unfiltered",
        "refuses every query",
        "12 dimensions, 1 measure, 2 rollups",
        "view of orders, customers",
        "joins several, as facts do",
    ):
        assert said in texts(svg)
    titles = [each.text for each in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert "orders many to one customers" in titles
    assert "orders one to one payments" in titles
    assert "view overview of orders" in titles


def test_the_picture_can_be_heard_and_read_in_the_dark() -> None:
    root = ElementTree.fromstring(draw([("shop", SHOP)]))

    assert root.get("role") == "img"
    assert {root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")} == {"title", "desc"}  # type: ignore[union-attr]
    assert root.find(f"{SVG}desc").text.endswith("Most joined: customers by 1, payments by 1.")  # type: ignore[union-attr]
    assert "@media (prefers-color-scheme:dark)" in (root.find(f"{SVG}style").text or "")  # type: ignore[union-attr]


def test_a_large_picture_leads_from_its_folders_and_joins_to_their_boxes() -> None:
    root = ElementTree.fromstring(draw([("warehouse", warehouse(200))]))
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    links = {each.get("href", "") for each in root.iter(f"{SVG}a")}

    assert len(ids) == len(set(ids))
    assert "#folder-models/domain_3" in links
    assert "#cube-dim_date" in links
    assert "several are joined to it" in texts(ElementTree.tostring(root, encoding="unicode"))
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_two_graphs_stand_in_one_picture() -> None:
    svg = draw([("prod", SHOP), ("staging", SHOP)])
    ids = re.findall(r' id="([^"]*)"', svg)

    assert {"prod", "staging"} <= {*texts(svg)}
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("graph", [ModelGraph(), SHOP], ids=["nothing", "shop"])
def test_the_same_graph_is_drawn_by_the_same_bytes(graph: ModelGraph) -> None:
    assert draw([("shop", graph)]) == draw([("shop", graph)])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(heading=st.text(max_size=100), graph=graphs())
def test_whatever_names_hold_the_picture_is_well_formed_and_runs_nothing(heading: str, graph: ModelGraph) -> None:
    root = ElementTree.fromstring(draw([(heading, graph)]))

    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        *("svg", "title", "desc", "style", "g", "rect", "text", "path", "circle", "a")
    }
    assert all(each.get("href", "#").startswith("#") for each in root.iter())
    assert not any(name.startswith("on") for each in root.iter() for name in each.attrib)


def test_mermaid_has_a_form_or_word_for_everything() -> None:
    text = mermaid(SHOP)

    assert text.startswith("flowchart LR\n")
    assert 'n1["orders<br/>rows by organization_id, country"]:::filter' in text
    assert '(["overview"]):::view' in text
    assert 'n1 -->|"n:1"| n0' in text
    assert 'n1 -->|"1:1"| n3' in text
    assert "n2 -.- n1" in text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_whatever_names_hold_mermaid_takes_them_for_text(graph: ModelGraph) -> None:
    for line in mermaid(graph).splitlines():
        bare = re.sub(r'"[^"]*"', '""', line).strip()
        assert re.fullmatch(
            r'flowchart LR|subgraph f\d+\[""\]|end|n\d+(\[""\]|\(\[""\]\)):::\w+|n\d+ -\.?->\|""\| n\d+|n\d+ -\.- n\d+'
            r"|classDef \w+ [\w#:, -]+",
            bare,
        )
        for quoted in re.findall(r'"([^"]*)"', line):
            assert not re.search(r'[<>`&%;\[\]{}"]', re.sub(r"#\d+;|<br/>", "", quoted))


def test_graphviz_gets_crows_feet_and_escaped_names() -> None:
    text = dot(SHOP)
    wild = dot(ModelGraph(nodes=(GraphNode(name='a"\\'), GraphNode(name=WILD))))

    assert '"orders" -> "customers" [arrowtail=crow, arrowhead=tee];' in text
    assert '"orders" -> "payments" [arrowtail=tee, arrowhead=tee];' in text
    assert '"a\\"\\\\" [label="a\\"\\\\\\n0 dimensions, 0 measures"];' in wild
    assert wild.isprintable() or set(filter(lambda each: not each.isprintable(), wild)) == {"\n"}
