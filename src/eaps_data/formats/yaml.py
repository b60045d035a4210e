"""YAML, as far as JSON can represent it: no aliases, anchors or tags, and no guessing at plain words.

Scalars follow the JSON schema of YAML 1.2 (section 10.2): `null`, `true`, `false`, and JSON's numbers. All else is a
string, so `02108` keeps its zero, `no` is a word, and `2026-01-31` is left to the models.

PyYAML reads YAML 1.1, and accepts some of what no version allows. What YAML 1.2 refuses is refused here: indentation,
comments and indicators are checked by the places of PyYAML's events. U+0085, U+2028 and U+2029 are characters like
others, not line breaks as in YAML 1.1.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final, Never

from eaps_data.errors import InvalidDataError, MissingExtraError, Path, Problem
from eaps_data.formats import strict_json
from eaps_data.rules.problem import shown, violation

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}
_FLOW: Final = -2
_DEEPEST: Final = 100
_BREAK: Final = re.compile("\r\n|\r|\n")
_COMMENT_OR_KEY: Final = re.compile(r"#[^\r\n]*|\?")
_BAD_DIRECTIVE: Final = re.compile(r"^%YAML[ \t]+[0-9.]+(?=[^0-9.\s])", re.MULTILINE)
_NEXT_LINE: Final = re.compile(r"(?:\r\n|\r|\n)( *)([^\r\n]*)")
_HEADER: Final = re.compile(r"[|>][-+]?([0-9]?)[-+]?#?")
_OLD_BREAKS: Final = "\x85\u2028\u2029"  # line breaks in YAML 1.1 only
_PRIVATE: Final = range(0xE000, 0xF900)
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

    def __init__(self, data: bytes, file: str | None = None) -> None:
        """Hold a text in UTF-8; it is parsed when its value is needed."""
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
            return _Parser(strict_json.decode(self._data.removeprefix(codecs.BOM_UTF8)))
        except InvalidDataError as error:
            raise InvalidDataError([problem.at(self.file) for problem in error.problems]) from None

    def locate(self, problem: Problem) -> Problem:
        """Return a problem with the location of its path."""
        return problem.at(self.file, *self._parsed.location(problem.path, key=problem.rule == "unknown-field"))


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
        self._text = text if text.endswith(("\n", "\r")) else f"{text}\n"  # a scalar ends with its line
        self._restored = _stand_ins(text)
        replaced = self._text.translate({ord(held): stand_in for stand_in, held in self._restored.items()})
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self.value = self._document(self._checked(yaml.parse(replaced, Loader=loader)))
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

    def _checked(self, events: Iterable[Any]) -> Iterator[Any]:
        """Yield events, and refuse what PyYAML accepts between them, though it is not YAML."""
        yaml = self._yaml
        around: list[int] = []  # the column of each block collection around, or -2 for a flow collection
        end = opened = 0
        for event in events:
            start, stop, column = event.start_mark.index, event.end_mark.index, event.start_mark.column
            self._check_between(end, stop if isinstance(event, yaml.CollectionStartEvent) else start)
            parent = around[-1] if around else -1
            if isinstance(event, yaml.DocumentStartEvent):
                self._check_directives(start, stop)
            elif isinstance(event, yaml.CollectionStartEvent):
                opened = opened if parent == _FLOW else start
                around.append(_FLOW if event.flow_style else column)
            elif isinstance(event, yaml.CollectionEndEvent) and around.pop() == _FLOW and _FLOW not in around[-1:]:
                self._check_indentation(opened, stop, around[-1] if around else -1, exempt="#]}")
            elif isinstance(event, yaml.ScalarEvent):
                event.value = event.value.translate(self._restored)
                if event.style in {"|", ">"}:
                    self._check_block(start, parent)
                elif event.style and parent != _FLOW:
                    self._check_indentation(start, stop, parent)
                elif event.value in {"-", "?", ":"} and not event.style:
                    self._refuse(f"{event.value} is not a value; put it in quotes", start)
            end = max(end, stop)
            yield event

    def _check_between(self, start: int, stop: int) -> None:
        """Check what is between two events: comments, and the indicators of keys."""
        for match in _COMMENT_OR_KEY.finditer(self._text, start, stop):
            if match[0] == "?" and self._text[match.end()].strip():
                self._refuse("a text that begins with ? must be in quotes here", match.start())
            if match[0] != "?" and self._text[match.start() - 1 : match.start()].strip():
                self._refuse("a comment must have a space before it", match.start())

    def _check_directives(self, start: int, stop: int) -> None:
        if match := _BAD_DIRECTIVE.search(self._text, start, stop):
            self._refuse("the version must have a space or the end of its line after it", match.end())

    def _check_indentation(self, start: int, stop: int, parent: int, exempt: str = "") -> None:
        """Check that each line of a value has more spaces than the collection around it, but for some first letters."""
        for match in _NEXT_LINE.finditer(self._text, start, stop):
            rest = match[2].lstrip()
            if len(match[1]) <= parent and rest and rest[0] not in exempt:
                self._refuse(f"the line must begin with more spaces; indent it by {parent + 1} or more", match.start(1))

    def _check_block(self, start: int, parent: int) -> None:
        """Check the first line of a literal or folded text, and the empty lines before its content."""
        header = _HEADER.match(self._text, start)
        if header is None or header[0].endswith("#"):
            self._refuse("a comment must have a space before it", header.end() - 1 if header else start)
        if header[1]:  # its indentation is stated
            return
        most = 0
        for match in _NEXT_LINE.finditer(self._text, header.end()):
            if match[2]:
                if parent < len(match[1]) < most:
                    self._refuse("the text has fewer spaces than an empty line above it", match.start(1))
                return
            most = max(most, len(match[1]))

    def _refuse(self, message: str, offset: int) -> Never:
        _fail("not-yaml", f"this is not YAML: {message}", _place(self._text, offset))

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
    return _place(text, match.start() if match else 0)


def _place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of an offset."""
    starts = [0, *(match.end() for match in _BREAK.finditer(text, 0, offset))]
    return len(starts), offset - starts[-1] + 1


def _stand_ins(text: str) -> dict[int, str]:
    """Return characters that the text does not have, for those that the parser would take for line breaks."""
    held = [each for each in _OLD_BREAKS if each in text]
    free = (code for code in _PRIVATE if chr(code) not in text) if held else ()
    return dict(zip(free, held, strict=False))


def _fail(rule: str, message: str, place: tuple[int, int]) -> Never:
    raise InvalidDataError([violation(rule, message, ()).at(None, *place)])
