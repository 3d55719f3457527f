"""Documents of each contract, and real files where they are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def real_data() -> Path:
    """The folder of real artifacts and manifests that lies beside some checkouts."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real files is not here")
    return folder


@pytest.fixture
def minimal() -> dict[str, Any]:
    """The least that contract 1.0.0 asks for."""
    return {
        "version": "1.0.0",
        "metadata": {"compiled_at": "2026-01-02T03:04:05Z", "floe_core_version": "0.1.0", "source_hash": "ab12"},
        "compute": {"target": "postgres"},
        "transforms": [{"type": "dbt", "path": "."}],
    }


@pytest.fixture
def full(minimal: dict[str, Any]) -> dict[str, Any]:
    """Every section of contract 1.x."""
    return {
        "$schema": "../schemas/compiled_artifacts.json",
        "$comment": "all fields",
        **minimal,
        "compute": {
            "target": "snowflake",
            "connection_secret_ref": "warehouse",
            "properties": {"account": "ab1", "nested": {"any": ["thing", 1, None]}},
        },
        "consumption": {
            "enabled": True,
            "port": 4100,
            "api_secret_ref": "cube-api",
            "database_type": "snowflake",
            "dev_mode": True,
            "pre_aggregations": {
                "refresh_schedule": "0 * * * *",
                "timezone": "Europe/Berlin",
                "external": False,
                "cube_store": {
                    "enabled": True,
                    "s3_bucket": "bucket",
                    "s3_region": "eu-central-1",
                    "s3_endpoint": "http://minio:9000",
                    "s3_access_key_ref": "store-id",
                    "s3_secret_key_ref": "store-key",
                },
                "export_bucket": {
                    "enabled": True,
                    "bucket_type": "s3",
                    "name": "exports",
                    "region": "eu-central-1",
                    "access_key_ref": "export-id",
                    "secret_key_ref": "export-key",
                    "integration": "S3_EXPORT",
                },
            },
            "security": {"row_level": False, "filter_column": "customer_id"},
        },
        "governance": {"classification_source": "dbt_meta", "policies": {}, "emit_lineage": True},
        "observability": {
            "traces": False,
            "metrics": False,
            "lineage": False,
            "otlp_endpoint": "http://collector:4317",
            "lineage_endpoint": "http://marquez:5000",
            "attributes": {"service.name": "shop"},
        },
        "catalog": {"type": "polaris", "uri": "https://polaris.example/api"},
        "dbt_manifest_path": "target/manifest.json",
        "dbt_project_path": "./dbt",
        "dbt_profiles_path": ".floe/profiles",
        "lineage_namespace": "shop",
        "environment_context": {
            "tenant_id": "12345678-1234-1234-1234-123456789abc",
            "tenant_slug": "acme",
            "project_id": "abcdef12-3456-7890-abcd-ef1234567890",
            "project_slug": "shop",
            "environment_id": "fedcba98-7654-3210-fedc-ba9876543210",
            "environment_type": "production",
            "governance_category": "production",
        },
        "column_classifications": {"customers": {"email": {"classification": "pii", "pii_type": "email"}}},
    }
