"""YAML, as far as it says what JSON can: no aliases, anchors or tags, and plain words are never guessed at.

Scalars are read by the JSON schema of YAML 1.2 (section 10.2): `null`, `true`, `false`, and JSON's numbers. All
else is text, so that `02108` keeps its zero, `no` is a word, and `2026-01-31` is left to the models.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, Never

from eaps_data.errors import InvalidDataError, MissingExtraError, Path, Problem, pointer

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}
_DEEPEST: Final = 100
_MOST_DIGITS: Final = 4000


class YamlText:
    """A YAML text that has been read: its value in plain Python, and where each key and value stands."""

    def __init__(self, text: str) -> None:
        """Read `text`.

        Raises:
            MissingExtraError: when PyYAML is not installed; it names the extra.
            InvalidDataError: when the text is not YAML, or more than JSON can say.
        """
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
            line, column = _place(text, error.position)
            _fail("not-yaml", f"this is not YAML: {error.reason}", (line, column))

    def locate(self, problem: Problem, file: str | None) -> Problem:
        """The problem, with its place in the text."""
        path = problem.path
        if problem.rule == "unknown-field" and path in self._keys:
            return problem.at(file, *self._keys[path])
        while path not in self._values:
            path = path[:-1]
        return problem.at(file, *self._values[path])

    def _document(self, events: Iterator[Any]) -> Any:
        yaml = self._yaml
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _fail("not-yaml", "a second document begins; put it into a file of its own", _mark(event))
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, ())
        if not documents:
            _fail("not-yaml", "there is nothing in it", (1, 1))
        return value

    def _node(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        yaml = self._yaml
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            _fail("not-yaml", "aliases and anchors are not read; write the value out", _mark(event))
        if event.tag:
            _fail("not-yaml", f"tags are not read; remove {event.tag}", _mark(event))
        if len(path) > _DEEPEST:
            _fail("not-yaml", "the values are nested too deeply to be read", _mark(event))
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
            _fail("not-yaml", "a key is to be plain text", _mark(event))
        name: str = event.value
        if name in mapping:
            _fail("repeated-key", f'the key "{name}" stands twice in one mapping; keep one of them', _mark(event))
        return name


def _scalar(text: str, place: tuple[int, int]) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            _fail("not-yaml", f"a number of {len(text)} digits is too long to be read", place)
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    if text.lower() in {".nan", ".inf", "-.inf", "+.inf"}:
        _fail("not-yaml", f"{text} is no number that JSON has; write null, or a number", place)
    return text


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _fail(rule: str, message: str, place: tuple[int, int]) -> Never:
    problem = Problem(rule=rule, message=message, pointer=pointer(()), line=place[0], column=place[1])
    raise InvalidDataError([problem])
