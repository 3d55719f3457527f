"""The OpenTelemetry collector's configuration.

Every key: https://opentelemetry.io/docs/collector/configuration/, and each part's own README.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import yaml

from floe_cube_infra.model.collector import CollectorExports, OtlpTarget

OTLP_PORT: Final = 4318
HEALTH_PORT: Final = 13133
METRICS_PORT: Final = 8888

# The observers send nothing of the kind; whatever else may one day send here is held to the same.
_BLOCKED_VALUES: Final = (
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",  # e-mail addresses
    r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*",  # JSON Web Tokens
    r"\b(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|3[47][0-9]{13})\b",  # numbers of payment cards
    r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@]+:[^/\s@]+@",  # passwords in addresses
)
_BLOCKED_KEYS: Final = (r"(?i).*(?:password|passwd|secret|api[._-]?key|access[._-]?token).*", r"(?i).*authorization.*")


def render_collector(exports: CollectorExports) -> str:
    """The configuration; ends with a line break.

    Args:
        exports: Where it sends what it gets.
    """
    targets = {_exporter(target): _target(target) for target in (*exports.traces, *exports.metrics)}
    pipelines = {
        kind: {
            "receivers": ["otlp"],
            # First what may refuse, last what gathers.
            "processors": ["memory_limiter", "redaction", "batch"],
            "exporters": [_exporter(target) for target in takers],
        }
        for kind, takers in (("traces", exports.traces), ("metrics", exports.metrics))
        if takers
    }
    document = {
        "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"0.0.0.0:{OTLP_PORT}"}}}},
        "processors": {
            "memory_limiter": {"check_interval": "5s", "limit_percentage": 80, "spike_limit_percentage": 25},
            "redaction": {
                "allow_all_keys": True,
                "blocked_key_patterns": list(_BLOCKED_KEYS),
                "blocked_values": list(_BLOCKED_VALUES),
                "summary": "silent",
            },
            "batch": {"send_batch_size": 2048, "send_batch_max_size": 4096, "timeout": "2s"},
        },
        "exporters": targets,
        "extensions": {"health_check": {"endpoint": f"0.0.0.0:{HEALTH_PORT}"}},
        "service": {
            "extensions": ["health_check"],
            "pipelines": pipelines,
            "telemetry": {"metrics": {"readers": [_own_metrics()]}},
        },
    }
    return yaml.safe_dump(document, sort_keys=True, allow_unicode=True, width=120)


def _exporter(target: OtlpTarget) -> str:
    return f"otlp_{target.protocol}/{target.name}"


def _target(target: OtlpTarget) -> dict[str, object]:
    is_plain = target.endpoint.startswith("http://")
    # gRPC knows no paths, and no scheme says whether there is TLS.
    endpoint = target.endpoint.partition("://")[2] if target.protocol == "grpc" else target.endpoint
    headers = {name: f"${{env:{variable}}}" for name, variable in target.headers.items()}
    return {
        "endpoint": endpoint,
        **({"tls": {"insecure": True}} if is_plain and target.protocol == "grpc" else {}),
        **({"headers": headers} if headers else {}),
        "sending_queue": {"queue_size": 1000},
        "retry_on_failure": {"max_elapsed_time": "300s"},
    }


def _own_metrics() -> dict[str, object]:
    everywhere = "0.0.0.0"  # noqa: S104  # nosec B104 # of its pod; network policies say who reaches it
    return {"pull": {"exporter": {"prometheus": {"host": everywhere, "port": METRICS_PORT}}}}


def export_variables(exports: CollectorExports) -> Sequence[str]:
    """The variables that the configuration reads, sorted."""
    return sorted({name for target in (*exports.traces, *exports.metrics) for name in target.headers.values()})
