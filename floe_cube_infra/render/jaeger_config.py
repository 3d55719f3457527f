"""Jaeger's configuration: spans by OTLP into memory, and what shows them.

Jaeger 2 is a collector of its own parts: https://www.jaegertracing.io/docs/2.13/deployment/configuration/
"""

from __future__ import annotations

from typing import Final

import yaml

OTLP_PORT: Final = 4317
UI_PORT: Final = 16686
UI_GRPC_PORT: Final = 16685
HEALTH_PORT: Final = 13133


def render_jaeger(*, traces: int) -> str:
    """The configuration; ends with a line break.

    Args:
        traces: How many traces are kept; the oldest go.
    """
    document = {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"0.0.0.0:{OTLP_PORT}"}}}},
        "processors": {"batch": None},
        "exporters": {"jaeger_storage_exporter": {"trace_storage": "memory"}},
        "extensions": {
            "healthcheckv2": {"use_v2": True, "http": {"endpoint": f"0.0.0.0:{HEALTH_PORT}"}},
            "jaeger_storage": {"backends": {"memory": {"memory": {"max_traces": traces}}}},
            "jaeger_query": {
                "storage": {"traces": "memory"},
                "http": {"endpoint": f"0.0.0.0:{UI_PORT}"},
                "grpc": {"endpoint": f"0.0.0.0:{UI_GRPC_PORT}"},
            },
        },
        "service": {
            "extensions": ["healthcheckv2", "jaeger_storage", "jaeger_query"],
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["batch"],
                    "exporters": ["jaeger_storage_exporter"],
                }
            },
            "telemetry": {"metrics": {"level": "none"}},
        },
    }
    return yaml.safe_dump(document, sort_keys=True, width=120)
