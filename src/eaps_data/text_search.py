"""Ranked text search over the municipalities, programs and partners, which says why a record matched.

A hit is exact (the query is one of the record's keys as written), normalized (it is one in another spelling),
or by words. Of the words, those in names weigh most, then terms, goals, summaries, and the terms' definitions.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eaps_data.keys import fold
from eaps_data.models import Municipality, Partner, Program, Record
from eaps_data.tables import Tables
from eaps_data.vocabulary import Term

EXACT: Final = 3.0
"""The score of a record of which the query is a key, as written."""
NORMALIZED: Final = 2.0
"""The score of a record of which the query is a key in another spelling."""

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_KEYS: Final = 1.0
_TERM: Final = 0.7
_WEIGHTS: Final = {"goals": 0.6, "summary": 0.5, "definition": 0.4}
_PREFIX: Final = 0.8  # "recover" for "recovery" is worth a little less than the word itself
_SHORTEST_PREFIX: Final = 3
# Words that join others say nothing by themselves; a query of nothing else is searched for as it is.
_JOINING: Final = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)


@dataclass(frozen=True, slots=True)
class Match:
    """Where words of the query stand in a record."""

    field: str
    """The record's field; `definition` stands for the definitions of its terms."""
    words: tuple[str, ...]
    """The words of the record that matched, or the whole key."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matched a query."""

    record: Municipality | Program | Partner
    """The record."""
    score: float
    """3 for a key as written, 2 for a key in another spelling; from 0 to 1 for words, 1 being all in a name."""
    matches: tuple[Match, ...]
    """Why it matched: each field with the words, those that count most first."""


def search(tables: Tables, query: str) -> tuple[Hit, ...]:
    """Find records by what is said in them, best first; records of equal score in the dataset's order.

    Args:
        tables: a dataset.
        query: words, in any order, whole or in part from their beginning.

    Returns:
        The hits; none where no word matches.

    Raises:
        ValueError: when the query has no word.
    """
    wanted = _words(query)
    if not wanted:
        raise ValueError("the query has no words to search for; to see every record, iterate over a table")
    significant = [word for word in wanted if word not in _JOINING] or wanted
    records = [*tables.municipalities, *tables.programs, *tables.partners]
    hits = (_by_key(record, query) or _by_words(record, significant) for record in records)
    return tuple(sorted(filter(None, hits), key=lambda hit: -hit.score))


def _by_key(record: Municipality | Program | Partner, query: str) -> Hit | None:
    query = query.strip()
    for field, key in _keys(record):
        if key == query:
            return Hit(record, EXACT, (Match(field, (key,)),))
    wanted = fold(query)
    for field, key in _keys(record):
        if fold(key) == wanted:
            return Hit(record, NORMALIZED, (Match(field, (key,)),))
    return None


def _by_words(record: Municipality | Program | Partner, wanted: list[str]) -> Hit | None:
    best = dict.fromkeys(wanted, 0.0)
    matched: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for field, weight, text in _texts(record):
        for word in _words(text):
            worth = {sought: weight * _likeness(sought, word) for sought in wanted}
            if any(worth.values()):
                matched[field][word] = max(worth.values())
            best = {sought: max(best[sought], worth[sought]) for sought in wanted}
    if not matched:
        return None
    strongest = sorted(matched.items(), key=lambda entry: -max(entry[1].values()))
    matches = tuple(Match(field, tuple(words)) for field, words in strongest)
    return Hit(record, round(sum(best.values()) / len(best), 4), matches)


def _likeness(sought: str, word: str) -> float:
    if sought == word or sought == _singular(word) or _singular(sought) == word:
        return 1.0
    return _PREFIX if len(sought) >= _SHORTEST_PREFIX and word.startswith(sought) else 0.0


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(fold(text))))


def _keys(record: Record) -> Iterator[tuple[str, str]]:
    """Each key of a record and the field that holds it."""
    fields: Mapping[str, object] = {
        name: getattr(record, name)
        for name in ("id", "name", "styled_name", "census_name", "acronym", "aliases")
        if hasattr(record, name)
    }
    for key in record.lookup_keys:
        holders = (name for name, held in fields.items() if key == held or (isinstance(held, tuple) and key in held))
        yield next(holders, "identifiers"), key


def _texts(record: Record) -> Iterator[tuple[str, float, str]]:
    """Each searchable text of a record: its field, its weight, and the text."""
    for field, key in _keys(record):
        if field != "identifiers":
            yield field, _KEYS, key
    for field in type(record).model_fields:
        value = getattr(record, field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Term):
                yield field, _TERM, item.value
                yield "definition", _WEIGHTS["definition"], item.definition
            elif isinstance(item, str) and field in _WEIGHTS:
                yield field, _WEIGHTS[field], item
