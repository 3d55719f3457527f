"""The shop's files belong together: nothing is stale, nothing tells where they were made."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

SHOP = Path(__file__).parents[2] / "examples" / "shop"
IGNORED = re.compile(r"^(logs|dbt_packages|target/(?!manifest\.json|catalog\.json)|\.user\.yml|.*__pycache__)")
FILES = sorted(
    path for path in SHOP.rglob("*") if path.is_file() and not IGNORED.match(path.relative_to(SHOP).as_posix())
)
MARTS = sorted((SHOP / "models" / "marts").glob("*.yml"))


def shop_file(path: Path) -> str:
    return path.relative_to(SHOP).as_posix()


def test_the_generator_reproduces_every_seed_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SHOP / "seeds" / "generate.py", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert made == {path.name: path.read_bytes() for path in (SHOP / "seeds").glob("*.csv")}
    assert len(made) == 8


def test_the_generator_refuses_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, SHOP / "seeds" / "generate.py", tmp_path / "absent"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "is not a folder" in run.stderr
    assert "Traceback" not in run.stderr


def test_dbt_core_1_10_wrote_the_manifest_for_postgres_and_knows_no_user(manifest: dict[str, Any]) -> None:
    metadata = manifest["metadata"]
    assert metadata["dbt_schema_version"].endswith("/manifest/v12.json")
    assert re.fullmatch(r"1\.10\.\d+", metadata["dbt_version"])
    assert metadata["adapter_type"] == "postgres"
    assert metadata["project_name"] == "shop"
    assert metadata["user_id"] is None
    assert metadata["env"] == {}


def test_the_manifest_holds_the_sql_files_as_they_are_now(manifest: dict[str, Any]) -> None:
    compared = 0
    for node in manifest["nodes"].values():
        path = SHOP / node["original_file_path"]
        if node["resource_type"] in ("model", "seed"):
            # dbt strips the text of a model before it takes the checksum.
            digest = hashlib.sha256(path.read_text().strip().encode()).hexdigest()
            assert node["checksum"] == {"name": "sha256", "checksum": digest}, shop_file(path)
            compared += 1
    enabled = {path for path in SHOP.rglob("models/**/*.sql") if path.stem != "abandoned_carts"}
    assert compared == len(enabled) + 8


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_the_manifest_holds_the_properties_as_they_are_now(path: Path, models: dict[str, dict[str, Any]]) -> None:
    for declared in yaml.safe_load(path.read_text())["models"]:
        name = declared["name"] + (f".v{declared['latest_version']}" if "latest_version" in declared else "")
        node = models[name]
        columns = declared.get("columns", [])
        assert [(column["name"], column.get("data_type")) for column in columns] == [
            (column["name"], column["data_type"]) for column in node["columns"].values()
        ]
        meta = declared.get("meta") or declared.get("config", {}).get("meta", {})
        assert node["config"]["meta"] == meta
        assert node["description"] == declared["description"]


def test_every_model_can_be_built_from_its_compiled_code(models: dict[str, dict[str, Any]]) -> None:
    for name, node in models.items():
        assert "select" in node["compiled_code"], name
        assert "{{" not in node["compiled_code"], name
    # That of a later run would read from the table it is to make.
    assert '"daily_revenue"' not in models["daily_revenue"]["compiled_code"]


@pytest.mark.parametrize("path", FILES, ids=shop_file)
def test_no_file_tells_of_a_machine_or_of_a_real_person(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(
        r"(?<![\w.}$])(?:/(?:home|root|tmp|work|opt|mnt|Users|private)/|[A-Z]:\\{1,2}\w)[^\s\"']*", text
    )
    domains = set(re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text))
    assert domains <= {"example.com", "example.org"}
