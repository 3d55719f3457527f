"""`settings.json`: what varies between stacks."""

from __future__ import annotations

import json
from typing import Any

from floe_cube_infra.model.cube_config import CubeConfig, RowLevelSecurity
from floe_cube_infra.model.gateway import Gateway
from floe_cube_infra.render.settings_json import render_settings


def rendered(time_zones: tuple[str, ...] = ("UTC",), **values: Any) -> dict[str, Any]:
    config = CubeConfig(**{"database_type": "postgres", **values})
    document: dict[str, Any] = json.loads(render_settings(config, Gateway(), sql_api="off", time_zones=time_zones))
    return document


def test_the_configuration_arrives_where_cube_js_reads_it() -> None:
    found = rendered(
        time_zones=("UTC", "Europe/Berlin"),
        dev_mode=True,
        jwt_audience="bi",
        jwt_issuer="floe",
        pre_aggregations_schema="rollups",
        row_level_security=RowLevelSecurity(enabled=True, filter_column="organization_id", filter_claim="org"),
    )
    assert found["rowLevelSecurity"] == {"enabled": True, "claims": ["org"], "claimTypes": {}, "exemptRoles": {}}
    assert (found["jwt"]["audience"], found["jwt"]["issuer"]) == ("bi", "floe")
    assert found["preAggregationsSchema"] == "rollups"
    assert found["refreshTimeZones"] == ["UTC", "Europe/Berlin"]
    assert found["devMode"] is True


def test_only_one_algorithm_is_taken_without_a_set_of_public_keys() -> None:
    assert rendered()["jwt"]["algorithms"] == ["HS256"]


def test_the_sql_api_is_off_unless_it_is_asked_for() -> None:
    config = CubeConfig(database_type="postgres")
    assert [json.loads(render_settings(config, Gateway(), sql_api=each))["sqlApi"] for each in ("off", "shared")] == [
        "off",
        "shared",
    ]


def test_equal_configurations_give_equal_bytes() -> None:
    one, other = (render_settings(CubeConfig(database_type="postgres"), Gateway(), sql_api="off") for _ in range(2))
    assert one == other
    assert one.endswith("}\n")
    assert list(json.loads(one)) == sorted(json.loads(one))


def test_the_name_of_the_secret_is_not_in_it() -> None:
    assert "my-secret" not in json.dumps(rendered(api_secret_ref="my-secret"))
