"""What every type of the model shares."""

from __future__ import annotations

from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import CoreSchema, core_schema


class Frozen(BaseModel):
    """Frozen, refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_IDENTIFIER = r"^[a-zA-Z_][a-zA-Z0-9_]*$"

Identifier = Annotated[str, Field(pattern=_IDENTIFIER), msgspec.Meta(pattern=_IDENTIFIER)]
"""A name that Cube takes for a cube or a member."""


def struct_schema(kind: type[msgspec.Struct]) -> CoreSchema:
    """How a Pydantic model holds a msgspec structure: taken as it is, or made from a document and validated."""

    def convert(value: object) -> object:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from None

    return core_schema.union_schema(
        [core_schema.is_instance_schema(kind), core_schema.no_info_plain_validator_function(convert)],
        mode="left_to_right",
        serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
    )
