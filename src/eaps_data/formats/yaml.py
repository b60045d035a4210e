"""YAML, as far as JSON can represent it: no aliases, anchors or tags, and no guessing at plain words.

Scalars follow the JSON schema of YAML 1.2 (section 10.2): `null`, `true`, `false`, and JSON's numbers. All else is a
string, so `02108` keeps its zero, `no` is a word, and `2026-01-31` is left to the models.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, Never

from eaps_data.errors import InvalidDataError, MissingExtraError, Path, Problem
from eaps_data.formats import strict_json
from eaps_data.rules.problem import shown, violation

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}
_DEEPEST: Final = 100
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class YamlContent:
    """The content of a YAML text.

    Attributes:
        file: the file's name, for messages.
        text: empty; the value is always parsed.
        problems: empty; a text that is not YAML is refused when its value is needed.
    """

    problems: tuple[Problem, ...] = ()
    text = b""

    def __init__(self, data: bytes, file: str | None) -> None:
        """Hold a text; it is parsed when its value is needed."""
        self.file = file
        self._data = data

    def matches(self, _built: Any, _key_count: int, /) -> bool:
        """Return False: the value is needed."""
        return False

    @cached_property
    def value(self) -> Any:
        """The value in plain Python.

        Raises:
            InvalidDataError: if the text is not YAML, or JSON cannot represent it.
            MissingExtraError: if PyYAML is not installed; it names the extra.
        """
        return self._parsed.value

    @cached_property
    def _parsed(self) -> "_Parser":
        try:
            return _Parser(strict_json.decode(self._data))
        except InvalidDataError as error:
            raise InvalidDataError([problem.at(self.file) for problem in error.problems]) from None

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the location of its path."""
        return problem.at(self.file, *self._parsed.location(problem.path, key=problem.rule == "unknown-field"))


def read(data: bytes, file: str | None = None) -> YamlContent:
    """Read a YAML text.

    Args:
        data: the text, in UTF-8.
        file: the file's name, for messages.
    """
    return YamlContent(data, file)


class _Parser:
    """Parses a YAML text, and remembers the location of each key and value."""

    def __init__(self, text: str) -> None:
        try:
            import yaml
        except ImportError:
            raise MissingExtraError("reading YAML", "PyYAML", "yaml") from None
        self._values: dict[Path, tuple[int, int]] = {}
        self._keys: dict[Path, tuple[int, int]] = {}
        self._yaml = yaml
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self.value = self._document(iter(yaml.parse(text, Loader=loader)))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            _fail("not-yaml", f"this is not YAML: {error.problem or error.context}", place)
        except yaml.reader.ReaderError as error:
            _fail("not-yaml", f"this is not YAML: {error.reason}", _first_unprintable(text))

    def location(self, path: Path, *, key: bool) -> tuple[int, int]:
        """Locate the value at a path, or its key; for a missing value, locate its container."""
        if key and path in self._keys:
            return self._keys[path]
        while path not in self._values:
            path = path[:-1]
        return self._values[path]

    def _document(self, events: Iterator[Any]) -> Any:
        yaml = self._yaml
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _fail("not-yaml", "a second document begins; put it in a separate file", _mark(event))
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, ())
        if not documents:
            _fail("not-yaml", "the file is empty", (1, 1))
        return value

    def _node(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        yaml = self._yaml
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            _fail("not-yaml", "aliases and anchors are not supported; write the value out", _mark(event))
        if event.tag:
            _fail("not-yaml", f"tags are not supported; remove {event.tag}", _mark(event))
        if len(path) > _DEEPEST:
            _fail("not-yaml", "the values are nested too deeply", _mark(event))
        self._values[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else _scalar(event.value, _mark(event))
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, (*path, len(items))))
            return items
        mapping: dict[str, Any] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            name = self._key(key, mapping)
            self._keys[*path, name] = _mark(key)
            mapping[name] = self._node(next(events), events, (*path, name))
        return mapping

    def _key(self, event: Any, mapping: dict[str, Any]) -> str:
        if not isinstance(event, self._yaml.ScalarEvent) or event.anchor or event.tag:
            _fail("not-yaml", "a key must be a plain string", _mark(event))
        name: str = event.value
        if name in mapping:
            _fail("repeated-key", f"the key {shown(name)} is duplicated; remove one of the two", _mark(event))
        return name


def _scalar(text: str, place: tuple[int, int]) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > strict_json.most_digits():
            _fail("not-yaml", f"a number of {len(text)} digits is too long", place)
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if text.lower() in {".nan", ".inf", "-.inf", "+.inf"}:
        _fail("not-yaml", f"{text} is not a JSON number; use null or a number", place)
    return text


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _first_unprintable(text: str) -> tuple[int, int]:
    """Locate the first character that YAML does not allow (section 5.1), in characters, whatever the parser counts."""
    match = _UNPRINTABLE.search(text)
    before = text[: match.start() if match else 0]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _fail(rule: str, message: str, place: tuple[int, int]) -> Never:
    raise InvalidDataError([violation(rule, message, ()).at(None, *place)])
