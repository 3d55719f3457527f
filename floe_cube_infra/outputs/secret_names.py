"""Which Secrets have to be there, and what for."""

from __future__ import annotations

from collections.abc import Iterable

from floe_cube_infra.components.object_storage import ObjectStorage
from floe_cube_infra.generation import Generated
from floe_cube_infra.inputs.settings import Settings
from floe_cube_infra.model.stack_outputs import SecretNames
from floe_cube_infra.render.environment import SecretKeyRef

_TOKENS = ("CUBEJS_API_SECRET",)
_EXPORT_BUCKET = ("CUBEJS_DB_EXPORT_",)


def secret_names(settings: Settings, generated: Generated, storage: ObjectStorage | None) -> SecretNames:
    """The names, by what the Secrets are for.

    Args:
        settings: The stack's settings.
        generated: What was generated.
        storage: Cube Store's bucket, if it has one.
    """
    references = {name: value for name, value in generated.environment.items() if isinstance(value, SecretKeyRef)}
    tokens = {name for name in references if name.startswith(_TOKENS)}
    export = {name for name in references if name.startswith(_EXPORT_BUCKET)}
    keys = () if storage is None else (storage.access_key, storage.secret_key)
    marquez = settings.marquez.database_secret if settings.marquez.enabled else None
    headers = settings.collector.export_headers.values() if generated.collector is not None else ()
    sql_tls = settings.sql.tls_secret if settings.sql_api != "off" else None
    return SecretNames(
        tokens=_named(references[name] for name in tokens),
        warehouse=_named(references[name] for name in references.keys() - tokens - export),
        bucket=_named(keys),
        export_bucket=_named(references[name] for name in export),
        sql_tls=() if sql_tls is None else (sql_tls,),
        public_tls=() if settings.ingress.kind != "ingress" else (str(settings.ingress.tls_secret),),
        marquez_database=() if marquez is None else (marquez,),
        collector=tuple(sorted({path.partition("/")[0] for path in headers})),
        image_pull=settings.images.pull_secrets,
    )


def _named(references: Iterable[SecretKeyRef | None]) -> tuple[str, ...]:
    return tuple(sorted({reference.secret for reference in references if reference is not None}))
