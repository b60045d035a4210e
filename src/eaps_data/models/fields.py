"""The base model of all records, and the types of their fields.

The models and the published JSON Schemas accept the same data: each constraint is a pattern, bound or keyword of JSON
Schema, and each validator is next to the keyword that it implements.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Never, Self, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    FailFast,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from eaps_data.models.table_specs import SCHEMA_VERSION

_CALENDAR_DATE: Final = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_FIRST_YEAR: Final = 1000
ID: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
# A word is a run of anything but spaces and control characters. Spelled out, because pydantic's, Python's and
# JavaScript's regular expressions disagree about \s and \w beyond ASCII.
_WORD: Final = r"[^\x00-\x20\x7f\u00a0]+"

_TEXT: Final = rf"^{_WORD}( {_WORD})*$"
_QUOTE: Final = rf"^{_WORD}( {_WORD}){{0,11}}$"

WANTED: Final[Mapping[str, str]] = {
    f"^{ID}$": "an id of lowercase letters and digits, in words joined by hyphens",
    _TEXT: "one line of text, words separated by single spaces, without no-break spaces",
    _QUOTE: "a phrase of at most 12 words, on one line and separated by single spaces",
}
"""Descriptions of patterns that are hard to read, for messages: what a value should be."""

_Item = TypeVar("_Item")
_Base = TypeVar("_Base")


def _distinct(items: tuple[_Item, ...]) -> tuple[_Item, ...]:
    if len(set(items)) != len(items):
        duplicate = next(item for index, item in enumerate(items) if item in items[:index])
        raise ValueError(f'duplicate item "{duplicate}"')
    return items


def _whole(number: float) -> int:
    # pydantic's `multiple_of` accepts small fractions.
    if not number.is_integer():
        raise ValueError("not a whole number")
    return int(number)


class WholeNumber:
    """A whole number within bounds. In JSON, `2015.0` is one too, as JSON Schema defines it."""

    def __init__(self, minimum: int, maximum: int) -> None:
        """Set the bounds, both inclusive."""
        self.minimum: int = minimum
        self.maximum: int = maximum

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        whole = core_schema.int_schema(ge=self.minimum, le=self.maximum, strict=True)
        written = core_schema.float_schema(ge=self.minimum, le=self.maximum, strict=True)
        fraction = core_schema.no_info_after_validator_function(_whole, written)
        # Python input is strict: only an int is a whole number.
        either = core_schema.union_schema(
            [whole, fraction],
            mode="left_to_right",
            custom_error_type="whole_number",
            custom_error_message=f"expected a whole number from {self.minimum} to {self.maximum}",
        )
        return core_schema.json_or_python_schema(json_schema=either, python_schema=whole)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


class _ListAsTuple:
    """Accept a list for a tuple in Python input too, as in a record's own JSON dump or a web request."""

    @staticmethod
    def __get_pydantic_core_schema__(source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        items = handler(source)
        written = core_schema.no_info_before_validator_function(_tuple_of_list, items)
        return core_schema.json_or_python_schema(json_schema=items, python_schema=written)


def _tuple_of_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _calendar_date(value: object) -> object:
    # pydantic also accepts a string of digits, as seconds since 1970; the format "date" of JSON Schema does not.
    if not isinstance(value, str):
        return value
    if re.fullmatch(_CALENDAR_DATE, value) is None:
        raise ValueError("expected a date such as 2026-01-31")
    return date.fromisoformat(value)


def _four_digits(value: date) -> date:
    if value.year < _FIRST_YEAR:
        raise ValueError(f"expected a year from {_FIRST_YEAR} to 9999")
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
# The errors of a large table would fill the memory, so the first one ends its validation; `rules.checker` finds all.
Many = Annotated[tuple[_Item, ...], FailFast(), _ListAsTuple]
Distinct = Annotated[
    tuple[_Item, ...],
    _ListAsTuple,
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
):
    """Base of all models: frozen, strict and closed."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with the fields in `update` replaced, and validate it, which pydantic's own method does not.

        Raises:
            pydantic.ValidationError: if the copy would be invalid.
        """
        if not update:
            return super().model_copy(deep=deep)
        return type(self).model_validate({**self.__dict__, **update}, by_alias=False, by_name=True)

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...], dict[Any, Any]]:
        # The version comes first, so that it is compared before anything that another version may lack is read.
        return _unpickled, (type(self), SCHEMA_VERSION), self.__getstate__()

    def __setstate__(self, state: dict[Any, Any]) -> None:
        if state["__dict__"].keys() != type(self).model_fields.keys():  # pickled before pickles had a version
            _refuse_pickle(type(self), "another schema")
        super().__setstate__(state)

    def __repr_args__(self) -> Iterable[tuple[str, Any]]:
        # Hide the fields that have their default value.
        fields = type(self).model_fields
        return ((name, value) for name, value in self if value != fields[name].default)


def _unpickled(model: type[_Base], version: str) -> _Base:
    """Return a model without values, for pickle to set them."""
    if version != SCHEMA_VERSION:
        _refuse_pickle(model, f"schema {version}")
    return model.__new__(model)


def _refuse_pickle(model: type, schema: str) -> Never:
    from pickle import UnpicklingError

    raise UnpicklingError(
        f"this {model.__name__} was pickled under {schema}, and this version of eaps-data has schema "
        f"{SCHEMA_VERSION}; store data as JSON instead (Dataset.to_json), which later versions read"
    )


def type_in(annotation: object, base: type[_Base]) -> type[_Base] | None:
    """Return the subclass of `base` in a field's annotation: plain, optional, or the item of a list.

    >>> type_in(tuple[str, ...] | None, int) is None
    True
    """
    options = (annotation, *get_args(annotation))
    return next((option for option in options if isinstance(option, type) and issubclass(option, base)), None)


def model_in(annotation: object) -> type[Model] | None:
    """Return the model in a field's annotation: plain, optional, or the item of a list.

    >>> model_in(Model | None).__name__
    'Model'
    """
    return type_in(annotation, Model)
