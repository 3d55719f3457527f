from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floe_cube_infra.translate.joins import Joins
from floe_cube_infra.translate.metricflow.items import parse_item, split_template
from floe_cube_infra.translate.metricflow.unsupported import CannotSay
from floe_cube_infra.translate.visibility import Classifications

from .conftest import Translate, metric


def filtered(template: str) -> dict[str, object]:
    return metric("m", where=[template], measure={"name": "buyers"})


@pytest.mark.parametrize(
    ("template", "sql"),
    [
        ("{{ Dimension('order__status') }} = 'x'", "{CUBE}.status = 'x'"),
        ("{{Dimension(\"order__status\")}}='x'", "{CUBE}.status='x'"),
        ("{{ Dimension('status') }} = 'x'", "{CUBE}.status = 'x'"),
        ("{{ Dimension('order__undocumented') }} = 1\n", "{CUBE}.undocumented = 1"),
        ("{{ Dimension('order__is_large') }} = true", "({CUBE}.amount > 100) = true"),
        ("{{ Entity('order') }} > 5", "{CUBE}.order_id > 5"),
        ("{{ Entity('customer') }} is not null", "{CUBE}.customer_id is not null"),
        ("{{ Dimension('customer__region') }} in ('a', 'b')", "{customers.region} in ('a', 'b')"),
        ("{{ Dimension('region', entity_path=['customer']) }} = 'a'", "{customers.region} = 'a'"),
        ("{{ Dimension('customer__is_north') }}", "{customers.is_north}"),
        ("{{ Dimension('customer__region__country') }} = 'DE'", "{regions.country} = 'DE'"),
        (
            "{{ TimeDimension('metric_time', 'month') }} >= '2024-01-01'",
            "DATE_TRUNC('month', {CUBE}.ordered_at) >= '2024-01-01'",
        ),
        ("{{ TimeDimension('metric_time') }} < now()", "DATE_TRUNC('day', {CUBE}.ordered_at) < now()"),
        ("{{ TimeDimension('order__ordered_at', grain='YEAR') }} = x()", "DATE_TRUNC('year', {CUBE}.ordered_at) = x()"),
        ("{{ Dimension('order__ordered_at__week') }} = x()", "DATE_TRUNC('week', {CUBE}.ordered_at) = x()"),
        ("{{ Dimension('metric_time').grain('quarter') }} = x()", "DATE_TRUNC('quarter', {CUBE}.ordered_at) = x()"),
        ("{{ Dimension('metric_time').date_part('year') }} = 2024", "EXTRACT(year FROM {CUBE}.ordered_at) = 2024"),
        (
            "{{ Dimension('order__status') }} = 'a' or not {{ Dimension('order__status') }} like '%}%'",
            "{CUBE}.status = 'a' or not {CUBE}.status like '%}%'",
        ),
    ],
)
def test_items_become_columns_and_members(translate: Translate, template: str, sql: str) -> None:
    result = translate(filtered(template))

    assert result.issues == ()
    assert result.formula("m")[2] == [sql]


def test_bigquery_truncates_with_its_own_function_and_iso_weeks(translate: Translate) -> None:
    result = translate(filtered("{{ TimeDimension('metric_time', 'week') }} = x()"), database_type="bigquery")

    assert result.formula("m")[2] == ["TIMESTAMP_TRUNC({CUBE}.ordered_at, isoweek) = x()"]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ Metric('revenue', group_by=['customer']) }} > 5", "filters by the value of a metric"),
        ("{{ Dimension('order__nothing') }} = 1", "the semantic model orders has no nothing"),
        ("{{ Dimension('store__size') }} = 1", "has no entity store"),
        ("{{ Dimension('customer__nothing') }} = 1", "can be joined by customer and has nothing"),
        ("{{ TimeDimension('metric_time', 'fiscal') }} = 1", "the grain 'fiscal' is none of"),
        ("{{ Dimension('metric_time').date_part('dow') }} = 1", "the date part 'dow' is none of"),
        ("{{ TimeDimension('order__status', 'day') }} = 1", "cuts what is no time"),
        ("{{ Dimension('order__status').upper() }} = 1", "has a method that is unknown here"),
        ("{{ Dimension('order__status').grain(day) }} = 1", "has an argument that is no text"),
        ("{{ Dimension('order__status', None, 5) }} = 1", "has too many arguments"),
        ("{{ Dimension(5) }} = 1", "has an argument that is no text"),
        ("{{ Dimension(nom='x') }} = 1", "unknown here: nom"),
        ("{{ Dimension() }} = 1", "has no name"),
        ("{{ Dimension('region', 'customer') }} = 1", "no list of texts"),
        ("{{ var('day') }} = 1", "is no Dimension, TimeDimension, Entity, Metric"),
        ("{{ __import__('os').system('true') }}", "has a method that is unknown"),
        ("{% if x %}1{% endif %}", "has Jinja statements"),
        ("status = 'x'", "names status outside of {{ }}"),
        ("'{{ Dimension('order__status') }}' = 'x'", "no value can stand"),
        ("{{ Dimension('order__status') }} = '{x}'", "would read the braces"),
        ("{{ Dimension('order__status') }} = ", "is no expression"),
        ("{{ Dimension('order__status') }} = 'x' and exists (select 1)", "has a sub-query"),
        ("", ""),
    ],
)
def test_other_filters_leave_the_metric_out_with_the_reason(translate: Translate, template: str, reason: str) -> None:
    result = translate(filtered(template))

    if not template:
        assert result.formula("m")[2] == []
        return
    assert "m" not in result.measures()
    assert reason in result.warnings("metric.p.m")[0]


def test_a_filter_in_the_oldest_layout_is_read(translate: Translate) -> None:
    old = {**filtered("x"), "filter": {"where_sql_template": "{{ Dimension('order__status') }} = 'x'"}}

    assert translate(old).formula("m")[2] == ["{CUBE}.status = 'x'"]
    assert translate({**old, "filter": "{{ Entity('order') }} = 1"}).formula("m")[2] == ["{CUBE}.order_id = 1"]


def test_without_the_join_a_filter_on_another_model_leaves_the_metric_out(translate: Translate) -> None:
    result = translate(filtered("{{ Dimension('customer__region') }} = 'a'"), joins=Joins(by_node={}, roles={}))

    assert "m" not in result.measures()
    assert "it needs a join from orders to customers by the entity customer" in result.warnings("metric.p.m")[0]


def test_a_masked_column_of_another_cube_can_not_be_filtered_by(translate: Translate) -> None:
    masked = Classifications(by_model={"customers": {"region": "pii"}}, visibility={"pii": "mask"})
    result = translate(filtered("{{ Dimension('customer__region') }} = 'a'"), classifications=masked)

    assert "m" not in result.measures()
    assert "customers.region is masked" in result.warnings("metric.p.m")[0]


PIECES = st.sampled_from(
    ["{{", "}}", "{{ Dimension('order__status') }}", "{{ Entity('order') }}", "{%", "(", ")", "'", '"', " = ", "'x'",
     "--", "/*", ";", "select", " and ", "\n", "\\", "{a}", "[", "Dimension(", "'order__status'", "\x00", "é"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join)))
def test_no_filter_raises_and_each_is_either_said_or_reported(translate: Translate, template: str) -> None:
    result = translate(filtered(template))

    assert ("m" in result.measures()) != bool(result.warnings("metric.p.m"))


@settings(deadline=None)
@given(st.text())
def test_no_item_raises_anything_else(text: str) -> None:
    for read in (parse_item, lambda text: list(split_template("{{" + text + "}}"))):
        try:
            read(text)
        except CannotSay as reason:
            assert str(reason)  # noqa: PT017 - both outcomes are fine
