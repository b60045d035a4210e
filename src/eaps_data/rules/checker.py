"""The one check of data: the models, and then the rules between records.

Every door leads here: loading a dataset, validating files, checking a curator's folder, reading data frames.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any, Final, Protocol, get_origin

from pydantic import FailFast, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from eaps_data._internal.gc_pause import GcPaused
from eaps_data.errors import InvalidDataError, Path, Problem, pointer
from eaps_data.models.fields import Model, model_in
from eaps_data.models.records import MODELS, RECORDS, DatasetDocument
from eaps_data.rules import integrity, migration
from eaps_data.rules.model_errors import from_validation

TYPES: Final[Mapping[str, type[Model]]] = {"dataset": DatasetDocument, **MODELS}
"""What data may be: a dataset document, or records of one table; and the model of each."""
_LISTS: Final = [name for name, field in DatasetDocument.model_fields.items() if get_origin(field.annotation) is tuple]
_AT_ONCE: Final = 1_000
_GIVEN: Final = attrgetter("__pydantic_fields_set__")


class Content(Protocol):
    """What a reader found in a file, a folder, or data frames."""

    @property
    def text(self) -> bytes:
        """The data as JSON, not checked yet: a document, an array of records, or one record."""
        ...

    def matches(self, built: Any, key_count: int, /) -> bool:
        """Return whether the text certainly holds only what was built from it, so no repeated keys, for instance.

        Args:
            built: the models that were built from the text.
            key_count: how many keys they were built from.
        """
        ...

    @property
    def value(self) -> Any:
        """The data in plain Python, read strictly; records and tables that cannot be read are left out.

        Raises:
            InvalidDataError: if nothing can be read; each problem has its location.
        """
        ...

    @property
    def problems(self) -> Iterable[Problem]:
        """What was found wrong while reading the value, with locations."""
        ...

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the location of its path in the value."""
        ...


@dataclass(frozen=True)
class Checked:
    """The result of a check.

    Attributes:
        built: the document, the tuple of records, or the record; None if there are errors in single records.
        found: an iterator that finds the problems, with their locations; it can be used once.
        count: how many records were checked.
    """

    built: Any
    found: Iterator[Problem]
    count: int

    @cached_property
    def problems(self) -> list[Problem]:
        """All problems, with their locations."""
        return [*self.found]

    @property
    def errors(self) -> list[Problem]:
        """The problems that make the data invalid."""
        return [problem for problem in self.problems if problem.severity == "error"]


def check(content: Content, type_: str, *, between_records: bool = True) -> Checked:
    """Check data against the models and the rules between records.

    Args:
        content: the data, as a reader found it.
        type_: one of `TYPES`.
        between_records: whether to check the rules between records.
    """
    problems: Iterable[Problem]
    built = _build(content.text, type_)
    if built is not None and content.matches(built, _count_keys(built if isinstance(built, tuple) else (built,))):
        problems = _between(type_, built) if between_records else []
        return Checked(built, map(content.locate, problems), _count_built(type_, built))
    try:
        value = content.value
    except InvalidDataError as unreadable:
        return Checked(None, iter(unreadable.problems), 0)
    if type_ == "dataset" and migration.old_version(value) is not None:
        return _check_migrated(content, value)
    if type_ != "dataset":
        value = without_editors_schema(value)
    known = [*content.problems]
    errors = [problem for problem in known if problem.severity == "error"]
    built = _build(_to_json(value), type_)
    if built is not None and not errors:
        problems = _between(type_, built) if between_records else []
    else:
        in_records = _in_records(type_, value) if built is None else ()
        problems = _invalid(type_, value, in_records, errors, between_records=between_records)
        built = None
    last = [problem for problem in known if problem.rule == "list-item"]  # a wrong id may be why a record has no items
    first = [problem for problem in known if problem.rule != "list-item"]
    return Checked(built, chain(first, map(content.locate, problems), last), _count(type_, value))


def without_editors_schema(value: Any) -> Any:
    """Return a record without the `$schema` that names its schema for an editor; its model has no such field."""
    if isinstance(value, dict) and isinstance(value.get("$schema"), str):
        return {name: part for name, part in value.items() if name != "$schema"}
    return value


@dataclass(frozen=True, slots=True)
class _MigratedContent:
    """The content of a document of an earlier schema, as a document of the current one."""

    old: Content
    migrated: migration.Migrated

    @property
    def text(self) -> bytes:
        return _to_json(self.value)

    @property
    def value(self) -> Any:
        return self.migrated.value

    @property
    def problems(self) -> Iterable[Problem]:
        return self.old.problems

    def matches(self, _built: Any, _key_count: int, /) -> bool:
        return not self.old.problems

    def locate(self, problem: Problem) -> Problem:
        path = self.migrated.origin(problem.path)
        return self.old.locate(problem._replace(path=path, pointer=pointer(path)))


def _check_migrated(content: Content, value: Mapping[str, Any]) -> Checked:
    """Check a document of an earlier schema: against that schema where only it would refuse, and then as migrated."""
    migrated = migration.migrate(value)
    checked = check(_MigratedContent(content, migrated), "dataset")
    old = [*map(content.locate, migrated.problems)]
    problems = chain([content.locate(migrated.notice)], old, _unreported(checked.found, old))
    return Checked(None if old else checked.built, problems, checked.count)


def _build(text: bytes, type_: str) -> Any:
    """Build models from JSON; None if it is invalid. The first error ends it, as many would fill the memory."""
    target = _target(type_, is_array=text.lstrip(b" \t\n\r").startswith(b"["))
    try:
        with GcPaused():
            return _adapter(target, fail_fast=target is not TYPES[type_]).validate_json(text)
    except ValidationError:
        return None


def _to_json(value: Any) -> bytes:
    try:
        return to_json(value, inf_nan_mode="constants")
    except PydanticSerializationError:  # half a surrogate pair, or nested too deeply: the models refuse both
        return json.dumps(value).encode()


def _target(type_: str, *, is_array: bool) -> Any:
    """Return the model to validate data as, or a tuple of it if the data is an array."""
    if is_array and type_ != "dataset":
        return tuple[TYPES[type_], ...]  # type: ignore[valid-type]  # created on demand
    return TYPES[type_]


@cache
def _adapter(target: Any, *, fail_fast: bool = False) -> TypeAdapter[Any]:
    wanted: Any = Annotated[target, FailFast()] if fail_fast else target  # pyright: ignore[reportInvalidTypeForm]  # known at run time
    return TypeAdapter(wanted)


def _unreported(found: Iterable[Problem], known: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out the values and tables that the reader has reported."""
    reported = {problem.path for problem in known}
    return (problem for problem in found if problem.path not in reported)


def _invalid(
    type_: str, value: Any, in_records: Iterable[Problem], known: Sequence[Problem], *, between_records: bool
) -> Iterator[Problem]:
    """Yield the problems of data that cannot be built, except for those that are known."""
    unsound = {problem.path[:1] for problem in known}
    for problem in _unreported(in_records, known):
        if type_ == "dataset":
            unsound.add(problem.path[:1])
        yield problem
    if between_records:
        yield from _within_tables(type_, value, unsound)


def _in_records(type_: str, value: Any) -> Iterator[Problem]:
    """Yield the problems in single records."""
    target = _target(type_, is_array=isinstance(value, list))
    for error, within in _errors(type_, value, target):
        for problem in from_validation(error, value, target, type_, within):
            yield problem
            if problem.rule in {"not-json", "schema-version"}:  # the rest of the data is not judged
                return


def _errors(type_: str, value: Any, target: Any) -> Iterator[tuple[ValidationError, Path]]:
    """Yield the errors of some records at a time, so that many need no more memory, with the path of the first one."""
    lists: dict[str, list[Any]] = {}
    rest = value
    if target is not TYPES[type_]:
        lists, rest = {type_: value}, []
    elif type_ == "dataset" and isinstance(value, dict):
        lists = {name: value[name] for name in _LISTS if isinstance(value.get(name), list)}
        rest = value | {name: [] for name in lists}
    if error := _error(target, rest):
        yield error, ()
    for name, records in lists.items():
        for start in range(0, len(records), _AT_ONCE):
            if error := _error(_target(name, is_array=True), records[start : start + _AT_ONCE]):
                yield error, (name, start) if type_ == "dataset" else (start,)


def _error(target: Any, value: Any) -> ValidationError | None:
    """Return all errors of plain data as one; None if it is valid."""
    try:
        _adapter(target).validate_json(_to_json(value))
    except ValidationError as error:
        return error
    return None


def _between(type_: str, built: Any) -> list[Problem]:
    """Check the rules between the records of a dataset, or of one table."""
    if type_ == "dataset":
        return integrity.check(built)
    if isinstance(built, tuple):  # in a file of one table, paths do not begin with the table's name
        return [problem.below(1) for problem in integrity.check_table(integrity.columns_of(type_, [*map(vars, built)]))]
    return []


def _within_tables(type_: str, value: Any, unsound: Collection[Path]) -> Iterator[Problem]:
    """Check the rules within each table of a dataset that has no problem, though another table has."""
    if type_ == "dataset" and isinstance(value, dict) and () not in unsound and ("$schema",) not in unsound:
        for table in RECORDS:
            if table in value and (table,) not in unsound:
                yield from integrity.check_table(integrity.columns_of(table, value[table]))


def _count(type_: str, value: Any) -> int:
    """Count the records in plain data."""
    if type_ == "dataset" and isinstance(value, dict):
        return sum(len(value[table]) for table in RECORDS if isinstance(value.get(table), list))
    return len(value) if isinstance(value, list) else 1


def _count_built(type_: str, built: Any) -> int:
    if type_ == "dataset":
        return sum(len(getattr(built, table)) for table in RECORDS)
    return len(built) if isinstance(built, tuple) else 1


def _count_keys(models: Sequence[Model]) -> int:
    """Count the keys that models of one class were built from, those of nested models included."""
    count = sum(map(len, map(_GIVEN, models)))
    for name in _nested(models[0].__class__) if models else ():
        parts = [model.__dict__[name] for model in models if name in _GIVEN(model)]
        count += sum(_count_keys(part if isinstance(part, tuple) else (part,)) for part in parts if part is not None)
    return count


@cache
def _nested(model: type[Model]) -> tuple[str, ...]:
    """The fields of a model that hold models."""
    return tuple(name for name, field in model.model_fields.items() if model_in(field.annotation))
