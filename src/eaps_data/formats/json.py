"""JSON: a dataset document, the records of one table, or one record in a file; or a folder with a file per table."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from eaps_data._internal import canonical_json
from eaps_data._internal.bounded_reads import open_in_folder, read_file
from eaps_data.errors import InvalidDataError, Problem
from eaps_data.formats import strict_json
from eaps_data.formats.json_locations import JsonLocations
from eaps_data.formats.key_count import keys_are_distinct
from eaps_data.models.table_specs import MEMBERS, SCHEMA_VERSION
from eaps_data.rules.problem import missing_tables, violation


class JsonContent:
    """The content of a JSON text.

    Attributes:
        text: the text.
        file: the file's name, for messages.
        problems: empty; a text that is not strict JSON is refused when its value is needed.
    """

    problems: tuple[Problem, ...] = ()

    def __init__(self, text: bytes, file: str | None = None) -> None:
        """Hold a text; it is parsed when its value is needed."""
        self.text = text
        self.file = file

    @cached_property
    def value(self) -> Any:
        """The value in plain Python.

        Raises:
            InvalidDataError: if the text is not strict JSON; see `strict_json.parse`.
        """
        try:
            return strict_json.parse(self.text)[0]
        except InvalidDataError as error:
            raise InvalidDataError([problem.at(self.file) for problem in error.problems]) from None

    def matches(self, _built: Any, key_count: int, /) -> bool:
        """Return whether the text certainly repeats no key."""
        return keys_are_distinct(self.text, key_count)

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the location of its path."""
        return self._locations.locate(problem, self.file)

    @cached_property
    def _locations(self) -> JsonLocations:
        return JsonLocations(self.text.decode("utf-8"))


class TablesContent:
    """The content of a folder with a JSON file per table.

    Attributes:
        problems: files that cannot be read, or tables that are missing.
    """

    def __init__(self, contents: Mapping[str, JsonContent], problems: Iterable[Problem]) -> None:
        """Hold the content of each table's file."""
        self.problems: list[Problem] = [*problems]
        self._contents: dict[str, JsonContent] = {}
        for name, content in contents.items():
            try:
                _ = content.value  # each file must be JSON by itself, not only where all are put together
                self._contents[name] = content
            except InvalidDataError as error:
                self.problems += [problem._replace(path=(name,)) for problem in error.problems]

    @property
    def text(self) -> bytes:
        """All tables as one dataset document."""
        return self._text

    @cached_property
    def _text(self) -> bytes:
        return document_text({name: held.text for name, held in self._contents.items()})

    @cached_property
    def value(self) -> Any:
        """The dataset document in plain Python."""
        from eaps_data.rules.migration import named_version, version_of_records  # needs pydantic

        tables = {name: held.value for name, held in self._contents.items()}
        return named_version(version_of_records(tables)) | tables

    def matches(self, _built: Any, _key_count: int, /) -> bool:
        """Return whether each file was read; its repeated keys were found then."""
        return not self.problems

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with its location in the file of its table."""
        if problem.rule == "old-schema":
            from eaps_data.rules.migration import notice_of_tables

            return notice_of_tables(problem, "eaps-data check FOLDER --fix")
        content = self._contents.get(str(problem.path[0])) if problem.path else None
        if content is None:
            return problem
        return content.locate(problem.below(1))


def document_text(tables: Mapping[str, bytes]) -> bytes:
    """Return the text of tables as one dataset document of the current schema."""
    parts = [b'"schema_version":"%s"' % SCHEMA_VERSION.encode()]
    parts += (b'"%s":%s' % (name.encode(), text) for name, text in tables.items())
    return b"{%s}" % b",".join(parts)


def read(file: Path) -> JsonContent:
    """Read a file.

    Raises:
        OSError: if it cannot be read, or has too many bytes.
    """
    return JsonContent(read_file(file), str(file))


def read_folder(folder: Path) -> TablesContent:
    """Read a folder with a JSON file per table."""
    contents: dict[str, JsonContent] = {}
    unreadable: dict[str, Problem] = {}
    for name in MEMBERS:
        path = folder / f"{name}.json"
        try:
            with open_in_folder(path) as stream:
                contents[name] = JsonContent(stream.read(), str(path))
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            unreadable[name] = violation("unreadable", message, (name,)).at(str(path))
    others = {path.stem for path in folder.glob("*.json")} - {*MEMBERS}
    missing = missing_tables(MEMBERS, {*contents, *unreadable}, others)
    return TablesContent(contents, [*unreadable.values(), *(problem.at(str(folder)) for problem in missing)])


def write(rows: Mapping[str, Any], file: Path) -> None:
    """Write a dataset document as one file, in canonical form.

    Args:
        rows: the dataset document, in plain Python.
        file: where to write.
    """
    file.write_text(canonical_json.to_json(rows), encoding="utf-8", newline="")
