"""What the records are made of: their common base, and the kinds of text, date and list that their fields hold.

Whatever a field refuses here, the JSON Schema refuses too; so each rule is a pattern, a bound or a keyword that
the schema has, and the few that pydantic lacks are written next to their keyword.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationInfo

_CALENDAR_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
ID: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
# A word is a run of anything but spaces and control characters. Spelled out, because the dialects of regular
# expressions in pydantic, Python and JavaScript disagree about \s and \w beyond ASCII.
_WORD: Final = r"[^\x00-\x20\x7f\u00a0]+"

_Item = TypeVar("_Item")


def _distinct(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(set(items)) != len(items):
        raise ValueError("the items are not distinct")
    return items


def _calendar_date(value: object, info: ValidationInfo) -> object:
    # pydantic would also read a number of seconds, as text, as a date; JSON Schema's "date" does not.
    if info.mode != "json" or not isinstance(value, str):
        return value
    if re.fullmatch(_CALENDAR_DATE, value) is None:
        raise ValueError("a date is written year-month-day, as in 2026-01-31")
    return date.fromisoformat(value)


Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=100)]
Text = Annotated[str, Field(pattern=rf"^{_WORD}( {_WORD})*$")]
Quote = Annotated[str, Field(pattern=rf"^{_WORD}( {_WORD}){{0,11}}$")]
Url = Annotated[str, Field(pattern=r"^https?://[!-~]+$")]
Date = Annotated[
    date,
    BeforeValidator(_calendar_date),
    Field(json_schema_extra={"pattern": _CALENDAR_DATE}),
]
Distinct = Annotated[
    tuple[_Item, ...],
    AfterValidator(_distinct),
    Field(json_schema_extra={"uniqueItems": True}),
]


class Model(
    BaseModel,
    frozen=True,
    extra="forbid",
    strict=True,
    allow_inf_nan=False,
    validate_by_alias=True,
    validate_by_name=True,
    serialize_by_alias=True,
):
    """What all records share: frozen, strict, closed, with the fields' descriptions in the schema."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy the record, with the fields in `update` replaced, and validate the result.

        Pydantic's own method does not validate, which would let an invalid record into the world.

        Raises:
            pydantic.ValidationError: when the copy would not be a valid record.
        """
        if not update:
            return super().model_copy(deep=deep)
        return type(self).model_validate({**self.__dict__, **update})
