"""Every file that Cube is given."""

from __future__ import annotations

import json

from floe_cube_infra.model.access import AccessRule, Unfiltered
from floe_cube_infra.model.cubes import CubeSchema, RoleCube, SemanticModel
from floe_cube_infra.model.members import CubeDimension
from floe_cube_infra.model.views import CubeView, ViewCube
from floe_cube_infra.render.files import cube_files, javascript, model_files


def model(description: str = "One.") -> SemanticModel:
    cube = CubeSchema(
        name="orders",
        sql_table="orders",
        dimensions=(CubeDimension(name="id", sql="{CUBE}.id", type="number", primary_key=True),),
        access=Unfiltered(),
        description=description,
        dbt_node="model.shop.orders",
    )
    return SemanticModel(
        cubes=(cube,),
        roles=(RoleCube(name="returned", extends="orders", access=Unfiltered(), dbt_node="model.shop.orders"),),
        views=(
            CubeView(name="sales", cubes=(ViewCube(join_path="orders", includes="*"),), dbt_node="model.shop.orders"),
        ),
        access_rules=(
            AccessRule(name="orders", kind="cube", access=Unfiltered()),
            AccessRule(name="returned", kind="cube", access=Unfiltered()),
            AccessRule(name="sales", kind="view", access=Unfiltered()),
        ),
    )


def test_each_cube_role_and_view_has_a_file_and_its_access_beside_it() -> None:
    assert sorted(model_files(model())) == [
        "model/cubes/orders.access.json",
        "model/cubes/orders.yml",
        "model/cubes/returned.access.json",
        "model/cubes/returned.yml",
        "model/views/sales.access.json",
        "model/views/sales.yml",
    ]


def test_the_javascript_is_shipped_as_it_is_written() -> None:
    files = javascript()
    assert "cube.js" in files
    assert all(name.endswith(".js") for name in files)
    assert list(files) == sorted(files)


def test_settings_lie_beside_cube_js() -> None:
    files = cube_files(model(), '{"version": 1}\n')
    assert files.configuration["settings.json"] == '{"version": 1}\n'
    assert files.configuration.keys() > {"cube.js", "settings.json"}


def test_everything_is_all_files_sorted() -> None:
    files = cube_files(model(), "{}")
    assert list(files.everything()) == sorted({*files.configuration, *files.model})


def test_equal_models_have_equal_versions_and_others_do_not() -> None:
    versions = [cube_files(each, "{}").model_version for each in (model(), model(), model("Two."))]
    assert versions[0] == versions[1] != versions[2]
    assert cube_files(model(), '{"other": 1}').model_version == versions[0]


def test_every_file_ends_with_one_line_break_and_holds_no_blank_at_a_lines_end() -> None:
    for path, text in model_files(model()).items():
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert all(line == line.rstrip() for line in text.splitlines()), path


def test_access_files_are_json() -> None:
    for path, text in model_files(model()).items():
        if path.endswith(".json"):
            assert json.loads(text)["access"] == {"kind": "unfiltered"}
