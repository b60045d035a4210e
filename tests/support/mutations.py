"""Mutated records as JSON texts, on which the models and the schemas must agree.

Cases are numbered. The first ones replace each field with each unusual value, in turn; all others change a record at
random, once or twice, and depend only on the seed and the number.
"""

import copy
import functools
import json
import math
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any, Final, TypeAlias

from eaps_data.errors import Path
from eaps_data.models import vocabulary
from eaps_data.models.records import RECORDS
from eaps_data.schemas.generator import MODELS
from eaps_data.schemas.published import record_schema_name, schema_named
from eaps_data.tables.dataset import load

Case: TypeAlias = tuple[str, str]
"""The name of a schema, and a JSON text or nearly one."""


@dataclass(frozen=True)
class Raw:
    """A value that is written as it is, JSON or not."""

    text: str


def everything(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the value and each value in it, with its path."""
    yield path, value
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from everything(value[step], (*path, step))


def replaced(record: Any, path: Path, value: Any) -> Any:
    """Return a copy of the record with another value at the path."""
    if not path:
        return value
    changed = copy.copy(record)
    changed[path[0]] = replaced(record[path[0]], path[1:], value)
    return changed


def written(value: Any) -> str:
    """Return the value as JSON without escapes of non-ASCII characters, and its raw parts as they are."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


# All space, control and format characters of Unicode; and some of the categories in which regex dialects differ.
_BY_CATEGORY: Final[dict[str, list[str]]] = defaultdict(list)
for _character in map(chr, range(sys.maxunicode + 1)):
    _BY_CATEGORY[unicodedata.category(_character)].append(_character)
SPACES: Final = [character for category in ("Zs", "Zl", "Zp", "Cc", "Cf") for character in _BY_CATEGORY[category]]
ODD_CHARACTERS: Final = [
    *(" ", "\n", "\t", "\r", "\x00", "\x1f", "\x7f", "\x85", "\u00a0", "\u2003", "\u2028", "\u3000", "\ufeff"),
    *(
        "\u200b",
        "\u0301",
        "é",
        "\u017f",
        "\u212a",
        "٣",
        "\ufffe",
        "\U0001f3e1",
        "\U0010ffff",
        "-",
        "_",
        "/",
        ".",
        "0",
        "A",
        "a",
    ),
]
CHARACTERS: Final = [
    *SPACES,
    *ODD_CHARACTERS,
    *map(chr, range(32, 127)),
    *(
        character
        for category in ("Nd", "Nl", "No", "Mn", "Mc", "Lm", "Lo", "So", "Pc", "Pd")
        for character in _BY_CATEGORY[category][::10]
    ),
    *("\ud7ff", "\ue000", "\ufdd0", "\uffff", "\U00010000", "\U000e0001", "\U000f0000"),
]

TERMS: Final = sorted(
    {
        term.value
        for terms in vars(vocabulary).values()
        if isinstance(terms, type) and issubclass(terms, StrEnum)
        for term in terms
    }
)
DATES: Final = [
    *(
        f"{year}-{month:02}-{day:02}"
        for year in ("2023", "2024", "1900", "2000", "1000", "0999", "9999")
        for month in range(14)
        for day in (0, 1, 28, 29, 30, 31, 32)
    ),
    *("2026-1-31", "2026-01-1", "20260131", "2026-W05-1", "2026-031", "2026-01", "2026", "26-01-31", "10000-01-01"),
    *("2026-01-31T00:00:00", "2026-01-31T00:00:00Z", "2026-01-31Z", "2026-01-31\n", " 2026-01-31", "2026/01/31"),
    *("٢٠٢٦-01-31", "0000-01-01", "0001-01-01", "-001-01-01", "+2026-01-31", "2026\u201001\u201031", "1577836800"),
]
ODD_TEXTS: Final = [
    *ODD_CHARACTERS,
    *("", "--", "\r\n", "null", "true", "1", "a\\", 'a"b', "a  b", " a", "a ", "a\u00a0b"),
    *DATES[-21::4],
    *("x" * 99, "x" * 100, "x" * 101, "é" * 100, "x" * 10_000, "a " * 5_000 + "a", "-".join(["ab"] * 34)),
    *(" ".join(["word"] * count) for count in (11, 12, 13)),
    *("urn:eaps-data:schema:dataset:1.0.0", "2.0.0", "https://example.org/", "http://example.org/ö", "ftp://example.org"),
    *("https://", "HTTPS://example.org", "https://a b", "grant_program/a", "sources/a"),
    *("partnerships/a--b--c", "partnerships/a--b"),
    *("programs/a--b--c", "programs/a---b", "programs/a--", "programs/", "/a", "programs/A"),
    *("1.0.0", "01.0.0", "1.0.0-rc.1", "1.0", "Q1", "Q0", "q1", "0", "01", "999", "1000", "02108", "2108"),
    *("02108-0001", "MA", "ma", "MAS", "M", "ocd-division/country:us", "ocd-division/country:us/place:a.~-_1"),
    *("f" * 64, "F" * 64, "f" * 63),
]  # fmt: skip
KEYS: Final = [
    "",
    "__proto__",
    "constructor",
    "toString",
    "$schema",
    "$ref",
    "ID",
    "id ",
    "id\n",
    "a/b~c",
    "\U0001f3e1",
]
BOUNDS: Final = sorted(
    {
        rule[bound]
        for name in MODELS
        for _, rule in everything(schema_named(name))
        if isinstance(rule, dict)
        for bound in ("minimum", "maximum")
        if isinstance(rule.get(bound), int | float)
    }
)
ODD_NUMBERS: Final[list[Any]] = [
    *(int(bound) + step for bound in BOUNDS for step in (-1, 0, 1)),
    *(bound + step for bound in BOUNDS for step in (-0.5, 0.0, 0.5)),
    *(math.nextafter(bound, toward) for bound in BOUNDS for toward in (-math.inf, math.inf)),
    *(2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64, 10**40, -(10**40), 10**400, 1.5, -0.5, 2014.9999999999998),
    *map(Raw, ("-0", "-0.0", "0e5", "1.0", "2015.0", "2.015e3", "20150E-1", "5e3", "5E+3", "1e30", "1e308")),
    *map(Raw, ("-1e308", "1e-11", "1e-400", "42.00000000000000000000001", "2015.00000000000000001")),
    *map(Raw, ("1." + "0" * 5000, "9" * 4000)),
]  # fmt: skip
RAW: Final = [
    *map(Raw, (r'"\ud83c\udfe1"', r'"\u0061"', r'"a\/b"', r'"\u0000"', r'"a\u000a"', r'"\u00A0"', r'"\\ud800"')),
    *map(Raw, (r'"\"', "[ ]", "{ }", *("[" * depth + "]" * depth for depth in (150, 250)))),
    # What only our reader refuses, or what is not JSON at all.
    *map(Raw, (r'"\ud800"', r'"\udc00x"', r'"\udfe1\ud83c"', "NaN", "Infinity", "-Infinity", "1e400", "-1e400")),
    *map(Raw, ('{"a": 1, "a": 1}', '{"a": 1, "\\u0061": 1}', "9" * 4001, "-" + "9" * 4001)),
    *map(Raw, ("01", "1.", ".5", "+1", "0x1", "1e", "- 1", "1_000", "٣", "nul", "True", "undefined", "'a'", "")),
    *map(Raw, ('"a\nb"', '"a\tb"', '"\x00"', r'"\x"', r'"\u12"', '"a', "[1,]", "[1 2]", '{"a": 1,}', "{a: 1}", "}")),
]  # fmt: skip
ODD_VALUES: Final[list[Any]] = [
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    [""],
    {"": None},
    {"id": "x"},
    *ODD_NUMBERS,
    *RAW,
]


def _merged(one: Any, other: Any) -> Any:
    """One value, and where it has none the other's."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {key: _merged(one.get(key), other.get(key)) for key in {**one, **other}}
    return other if one in (None, [], {}) else one


def _records() -> dict[str, list[Any]]:
    """Of each schema, a record that has all its fields (for the few that no record has, one is made up), and others."""
    document = json.loads(load().to_json())
    found = {record_schema_name(table): document[table] for table in RECORDS} | {
        "grant-program": [document["grant_program"]]
    }
    found = {name: [functools.reduce(_merged, records), *records] for name, records in found.items()}
    # What no record says yet.
    found["grant-program"][0] = replaced(found["grant-program"][0], ("contact", "phone"), "617-555-0100")
    found["source"][0] |= {"retrieved": "2026-01-31"}
    past = {
        "redirects": [{"old": "programs/old-unit", "new": "programs/revere-bhu", "since": "2.0.0"}],
        "tombstones": [{"id": "partnerships/a-team--an-office--lead", "since": "2.0.0", "why": "The page says so."}],
    }
    for which in (0, 1):
        part: dict[str, Any] = {table: found[record_schema_name(table)][which : which + 1] for table in RECORDS}
        part["grant_program"] = found["grant-program"][which]
        part |= {"redirects": [], "tombstones": []} if which else past
        editor = {} if which else {"$schema": "https://example.org/dataset.schema.json"}
        found.setdefault("dataset", []).append(editor | document | part)
    found["release"] = [document["release"]]
    for table, rows in past.items():
        found[record_schema_name(table)] = [*rows, *document[table]]
    return found


RECORDS_OF: Final = _records()
# The names that a record might take for its own: those of all records, in JSON and in Python.
NAMES: Final = sorted(
    {key for records in RECORDS_OF.values() for key in records[0]}
    | {key for kind in MODELS.values() for key in kind.model_fields}
)
_VALUES_OF: Final[dict[Any, list[Any]]] = defaultdict(list)
for _records_of in RECORDS_OF.values():
    for _record in _records_of:
        for _path, _value in [*everything(_record)][1:]:
            _VALUES_OF[_path[-1]].append(_value)


def _oddities(path: Path, value: Any) -> Iterator[Any]:
    """Yield replacements for a value: every unusual value, and the value itself with one change."""
    yield from (*ODD_VALUES, *ODD_TEXTS)
    if path and path[-1] in {"retrieved", "as_of"}:
        yield from DATES
    if isinstance(value, str):
        for character in ODD_CHARACTERS:
            yield from (value + character, character + value, value[:-1] + character)
        yield from (value[:1] + space + value[1:] for space in SPACES)
    elif isinstance(value, list):
        yield from (value * 2, [value], *([*value, odd] for odd in (None, 1, "", "x", Raw("1.0"))))
    elif isinstance(value, dict):
        yield from (value | {name: None} for name in (*KEYS, *NAMES) if name not in value)
        yield from (_without(value, name) for name in value)
        yield from (_twice(value, key) for key in value)


def _twice(value: dict[str, Any], key: str) -> Raw:
    """Return the object with one of its keys twice."""
    return Raw(f"{written(value)[:-1]}, {written(key)}: {written(value[key])}}}")


_NO_TABLES: Final = ("release", "redirects", "tombstones")


@functools.cache
def sweep() -> tuple[tuple[str, Any, Path, Any], ...]:
    """Return the systematic cases: schema, record, path of the field, and its new value.

    A field has its turn once for each type that its values have, null included.
    """
    cases: list[tuple[str, Any, Path, Any]] = []
    for name, records in RECORDS_OF.items():
        seen = set()
        for record in records:
            for path, value in everything(record):
                field = (*(step for step in path if isinstance(step, str)), len(path), type(value))
                # The records of a document are mutated as records.
                if field not in seen and not (name == "dataset" and len(path) > 1 and path[0] not in _NO_TABLES):
                    seen.add(field)
                    cases += [(name, record, path, odd) for odd in _oddities(path, value)]
    return tuple(cases)


def case(seed: int, number: int) -> Case:
    """Return the case with a number; it depends only on the seed and the number."""
    if number < len(sweep()):
        name, record, path, odd = sweep()[number]
        return name, written(replaced(record, path, odd))
    random = Random(f"{seed}/{number}")  # noqa: S311 - reproducible, not secret
    name = random.choice(sorted(RECORDS_OF))
    record = random.choice(RECORDS_OF[name])
    for _ in range(random.choice((1, 1, 1, 2))):
        locations = list(everything(record))
        if random.random() < 0.2:
            locations = [each for each in locations if isinstance(each[1], dict)] or locations
        path, value = random.choice(locations)
        record = replaced(record, path, _changed(random, path, value))
    text = written(record)
    return name, random.choice(_OF_TEXTS)(random, text) if random.random() < 0.1 else text


_LARGE: Final = 1e300


def _changed(random: Random, path: Path, value: Any) -> Any:
    """Return another value, most often one that resembles it or is in the same field of another record."""
    mutations = [_OF_ANY]
    if isinstance(value, str):
        mutations += [_OF_STRINGS] * 3
    elif isinstance(value, list):
        mutations += [_OF_LISTS] * 2
    elif isinstance(value, dict):
        mutations += [_OF_OBJECTS] * 4
    elif isinstance(value, int | float) and abs(value) < _LARGE:
        mutations += [_OF_NUMBERS]
    same_field = _VALUES_OF.get(path[-1]) if path else None
    if same_field and random.random() < 0.2:
        return random.choice(same_field)
    return random.choice(random.choice(mutations))(random, value)


def _edited(random: Random, text: str) -> str:
    """Return the text with a few characters replaced, inserted or deleted at one position."""
    start = random.randint(0, len(text))
    end = start + random.choice((0, 0, 1, 2))
    return text[:start] + random.choice(("", *[random.choice(CHARACTERS)] * 4)) + text[end:]


def _without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != name}


_Mutation: TypeAlias = Callable[[Random, Any], Any]
_OF_ANY: Final[tuple[_Mutation, ...]] = (
    lambda random, _: random.choice(ODD_VALUES),
    lambda random, _: random.choice(ODD_TEXTS),
    lambda random, _: random.choice(TERMS),
    lambda _, value: [value],
    lambda _, value: {"id": value},
    lambda _, __: None,
)
_OF_STRINGS: Final[tuple[_Mutation, ...]] = (
    _edited,
    _edited,
    lambda random, value: value + random.choice(CHARACTERS),
    lambda random, value: random.choice(CHARACTERS) + value,
    lambda _, value: value + "\n",
    lambda random, value: value + random.choice((" ", "-", "--", "_", "/")) + value,
    lambda random, value: (value + "-x" * 100)[: random.randint(98, 102)],
    lambda random, _: " ".join(random.choice(TERMS) for _ in range(random.randint(1, 14))),
    lambda random, _: "".join(random.choices("aA0-_/:.~ Q\n", k=random.randint(0, 8))),
    lambda random, _: random.choice(DATES),
    lambda random, value: Raw(json.dumps(_edited(random, value))),
    lambda random, value: random.choice((value.upper(), value.title(), value.swapcase(), value[::-1])),
)
_OF_NUMBERS: Final[tuple[_Mutation, ...]] = (
    lambda random, _: random.choice(ODD_NUMBERS),
    lambda random, value: value + random.choice((-1, 1, 0.5, 1e-9, 1e-12)),
    lambda random, value: math.nextafter(value, random.choice((-math.inf, math.inf))),
    lambda random, value: Raw(f"{value:.{random.randint(1, 30)}{random.choice('eEf')}}"),
    lambda random, _: random.randint(-200, 11_000),
    lambda random, _: random.uniform(-200, 200),
)
_OF_LISTS: Final[tuple[_Mutation, ...]] = (
    lambda _, value: value + value[:1],
    lambda _, value: value[::-1],
    lambda _, __: [],
    lambda random, value: [*value, random.choice(ODD_VALUES)],
    lambda random, value: [*value, random.choice((random.choice(ODD_TEXTS), random.choice(TERMS)))],
    lambda random, value: [*value, *(_edited(random, item) for item in value[:1] if isinstance(item, str))],
)
_OF_OBJECTS: Final[tuple[_Mutation, ...]] = (
    lambda random, value: value | {random.choice((*KEYS, *NAMES)): random.choice((None, *ODD_VALUES))},
    lambda random, value: _without(value, random.choice((*value, ""))),
    lambda random, value: _without(value, random.choice((*value, ""))),
    lambda random, value: {_edited(random, key) if random.random() < 0.1 else key: item for key, item in value.items()},
    lambda random, value: _twice(value, random.choice([*value])) if value else value,
    lambda random, value: dict(random.sample([*value.items()], len(value))),
)
_OF_TEXTS: Final[tuple[Callable[[Random, str], str], ...]] = (
    lambda random, text: text + random.choice("\n\r\t \x0b\x0c\x00\x85\u00a0\u2028\ufeff,]}"),
    lambda random, text: random.choice("\n\r\t \x0b\x0c\x00\x85\u00a0\u2028\ufeff,[") + text,
    lambda random, text: text[: random.randrange(len(text) + 1)],
    lambda _, text: text.replace(": ", "\r\n:\t").replace(", ", "\n,"),
    _edited,
)
