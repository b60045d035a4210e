"""What the records are made of: their common base, and the kinds of text, date and list that their fields hold.

Whatever a field refuses here, the JSON Schema refuses too; so each rule is a pattern, a bound or a keyword that
the schema has, and the few that pydantic lacks are written next to their keyword.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_CALENDAR_DATE: Final = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_FIRST_YEAR: Final = 1000
ID: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
# A word is a run of anything but spaces and control characters. Spelled out, because the dialects of regular
# expressions in pydantic, Python and JavaScript disagree about \s and \w beyond ASCII.
_WORD: Final = r"[^\x00-\x20\x7f\u00a0]+"

_TEXT: Final = rf"^{_WORD}( {_WORD})*$"
_QUOTE: Final = rf"^{_WORD}( {_WORD}){{0,11}}$"

WANTED: Final[Mapping[str, str]] = {
    f"^{ID}$": "an id, which is lower-case letters and digits, in words joined by hyphens",
    _TEXT: "text on one line, its words parted by single spaces, without no-break spaces",
    _QUOTE: "a phrase of 12 words at most, on one line, its words parted by single spaces",
}
"""What a pattern asks for, in words, where the pattern itself is hard to read."""

_Item = TypeVar("_Item")


def _distinct(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(set(items)) != len(items):
        twice = next(item for index, item in enumerate(items) if item in items[:index])
        raise ValueError(f'the item "{twice}" stands twice')
    return items


def _whole(number: float) -> int:
    # Pydantic's own `multiple_of` lets a small fraction pass.
    if not number.is_integer():
        raise ValueError("it has a fraction")
    return int(number)


class WholeNumber:
    """A whole number within bounds, which JSON may write with a fraction of zero (`2015.0`), as JSON Schema has it."""

    def __init__(self, minimum: int, maximum: int) -> None:
        """Bound the number, both ends included."""
        self.minimum, self.maximum = minimum, maximum

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = core_schema.int_schema(ge=self.minimum, le=self.maximum, strict=True)
        written = core_schema.float_schema(ge=self.minimum, le=self.maximum, strict=True)
        fraction = core_schema.no_info_after_validator_function(_whole, written)
        # In Python a number is an int or it is not; only JSON makes no difference.
        either = core_schema.union_schema(
            [whole, fraction],
            mode="left_to_right",
            custom_error_type="whole_number",
            custom_error_message=f"expected a whole number from {self.minimum} to {self.maximum}",
        )
        return core_schema.json_or_python_schema(json_schema=either, python_schema=whole)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


def _calendar_date(value: object, info: ValidationInfo) -> object:
    # pydantic would also read a number of seconds, as text, as a date; JSON Schema's "date" does not.
    if info.mode != "json" or not isinstance(value, str):
        return value
    if re.fullmatch(_CALENDAR_DATE, value) is None:
        raise ValueError("a date is written year-month-day, as in 2026-01-31")
    return date.fromisoformat(value)


def _four_digits(value: date) -> date:
    if value.year < _FIRST_YEAR:
        raise ValueError(f"the year is not from {_FIRST_YEAR} to 9999")
    return value


Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=100)]
Text = Annotated[str, Field(pattern=_TEXT)]
Quote = Annotated[str, Field(pattern=_QUOTE)]
Ordinal = Annotated[int, WholeNumber(1, 1_000_000)]
Ordinal0 = Annotated[int, WholeNumber(0, 1_000_000)]
Year = Annotated[int, WholeNumber(1600, 9999)]
Url = Annotated[str, Field(pattern=r"^https?://[!-~]+$")]
Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", examples=["1.0.0"])]
Date = Annotated[
    date,
    BeforeValidator(_calendar_date),
    AfterValidator(_four_digits),
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
    serialize_by_alias=True,
    # A model is built when it is first used alone: those of the dataset are parts of the document's.
    defer_build=True,
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
        return type(self).model_validate({**self.__dict__, **update}, by_alias=False, by_name=True)

    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        # What pydantic and others show of a record: the fields that say more than goes without saying.
        fields = type(self).model_fields
        return ((name, value) for name, value in self if value != fields[name].default)


def model_in(annotation: object) -> type[Model] | None:
    """The model in a field's annotation, be it plain, in a list, or one that may be missing.

    >>> model_in(Model | None).__name__
    'Model'
    >>> model_in(tuple[str, ...]) is None
    True
    """
    options = (annotation, *get_args(annotation))
    return next((each for each in options if isinstance(each, type) and issubclass(each, Model)), None)
