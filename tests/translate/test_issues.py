"""Issues: collected with their place, sorted, each once."""

from __future__ import annotations

from floe_cube_infra.inputs.dbt_manifest import Node
from floe_cube_infra.translate.issues import IssueLog, errors, stopping, warnings

ORDERS = Node(
    unique_id="model.shop.orders", resource_type="model", name="orders", original_file_path="models/orders.sql"
)
CUSTOMERS = Node(
    unique_id="model.shop.customers",
    resource_type="model",
    name="customers",
    original_file_path="models/customers.sql",
    patch_path="shop://models/marts/_schema.yml",
)


def test_an_issue_says_where_it_is_and_in_which_file() -> None:
    log = IssueLog()
    log.warning(ORDERS, "is odd", "id")
    log.warning(ORDERS, "is odd, too")
    assert list(map(str, log.sorted())) == [
        "model.shop.orders (models/orders.sql): is odd, too",
        "model.shop.orders.id (models/orders.sql): is odd",
    ]


def test_the_file_is_the_one_that_describes_the_model_if_there_is_one() -> None:
    log = IssueLog()
    log.error(CUSTOMERS, "is wrong")
    assert log.sorted()[0].file == "models/marts/_schema.yml"


def test_a_node_without_a_file_is_named_all_the_same() -> None:
    log = IssueLog()
    log.error(Node(unique_id="model.a.b", resource_type="model", name="b"), "is wrong")
    assert str(log.sorted()[0]) == "model.a.b: is wrong"


def test_errors_come_first_then_warnings_then_notes_and_each_by_its_place() -> None:
    log = IssueLog()
    log.note(CUSTOMERS, "n")
    log.warning(ORDERS, "w")
    log.warning(CUSTOMERS, "w")
    log.error(ORDERS, "e", "b")
    log.error(ORDERS, "e", "a")
    assert [(issue.severity, issue.model.rpartition(".")[2], issue.column) for issue in log.sorted()] == [
        ("error", "orders", "a"),
        ("error", "orders", "b"),
        ("warning", "customers", None),
        ("warning", "orders", None),
        ("note", "customers", None),
    ]


def test_the_same_issue_twice_is_one() -> None:
    log = IssueLog()
    log.warning(ORDERS, "w")
    log.warning(ORDERS, "w")
    assert len(log.sorted()) == 1


def test_errors_and_warnings_can_be_told_apart() -> None:
    log = IssueLog()
    log.note(ORDERS, "n")
    log.warning(ORDERS, "w")
    log.error(ORDERS, "e")
    log.refused(ORDERS, "r")
    assert [issue.message for issue in errors(log.sorted())] == ["e", "r"]
    assert [issue.message for issue in stopping(log.sorted())] == ["e"]
    assert [issue.message for issue in warnings(log.sorted())] == ["w"]
