"""Make records of data that has been parsed, or say what is wrong with it."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json_locations import Places
from eaps_data.formats.key_count import keys_are_distinct
from eaps_data.models.fields import Model, model_in
from eaps_data.models.records import DatasetDocument
from eaps_data.rules.messages import from_validation

Made = TypeVar("Made")


def read_document(data: bytes, file: str | None, make: Callable[[DatasetDocument], Made]) -> Made:
    """What is made of a dataset document in JSON.

    Args:
        data: the document.
        file: the file's name, for messages.
        make: makes it; it may refuse a document with an `InvalidDataError`.

    Raises:
        InvalidDataError: when it is not a valid dataset; it lists all problems, each with its line.
    """
    try:
        with GcPaused():
            document = DatasetDocument.model_validate_json(data)
            if keys_are_distinct(data, _count_keys(document)):
                return make(document)
    except (ValidationError, InvalidDataError):
        pass  # it is read once more, strictly and slowly, to say all that is wrong, and where
    try:
        value, text = strict_json.parse(data)
    except InvalidDataError as error:
        raise InvalidDataError([problem.at(file) for problem in error.problems]) from None
    document, problems = validated(DatasetDocument, value, data, table=None)
    if not problems:
        try:
            return make(document)
        except InvalidDataError as error:
            problems = list(error.problems)
    places = Places(text)
    raise InvalidDataError([places.locate(problem, file) for problem in problems])


def _count_keys(record: Model) -> int:
    """How many keys a model was made of, those of its parts included."""
    given = record.__pydantic_fields_set__
    count = len(given)
    for name in _parts(record.__class__):
        part = record.__dict__[name]
        if isinstance(part, tuple):
            # Most records have no parts, and are counted in one go.
            kinds = {each.__class__ for each in part}
            if any(map(_parts, kinds)):
                count += sum(map(_count_keys, part))
            else:
                count += sum(len(each.__pydantic_fields_set__) for each in part)
        elif name in given and part is not None:
            count += _count_keys(part)
    return count


@cache
def _parts(model: type[Model]) -> tuple[str, ...]:
    """The fields of a model that hold models."""
    return tuple(name for name, field in model.model_fields.items() if model_in(field.annotation))


def validated(
    kind: Any, value: Any, text: bytes, *, table: str | None, check: Callable[[Any], Iterable[Problem]] | None = None
) -> tuple[Any, list[Problem]]:
    """The records, and what is wrong with them: if the models refuse them, all that; else what the rules say.

    Args:
        kind: the type of the records or of the document.
        value: the data, in plain Python.
        text: the same data, as JSON.
        table: the table that the records are of, or None for a dataset document.
        check: the rules between records, if they are to be checked here.
    """
    try:
        records = _adapter(kind).validate_json(text)
    except ValidationError as error:
        return None, list(from_validation(error, value, kind, table))
    return records, list(check(records)) if check else []


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
