"""Ranked text search over the municipalities, programs and partners, which says why a record matched.

A hit is exact (the query is one of the record's keys as written), normalized (it is one in another spelling),
or by words. Of the words, those in names weigh most, then terms, goals, summaries, and the terms' definitions.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice, takewhile
from typing import Final, Self, SupportsIndex, TypeAlias, overload

from eaps_data._internal.text_keys import fold
from eaps_data.models.records import Municipality, Partner, Program, Record
from eaps_data.models.vocabulary import Term
from eaps_data.tables.collections import Tables

EXACT: Final = 3.0
"""The score of a record of which the query is a key, as written."""
NORMALIZED: Final = 2.0
"""The score of a record of which the query is a key in another spelling."""

Findable: TypeAlias = Municipality | Program | Partner
"""A record that a search may find."""

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_KEYS: Final = 1.0
_TERM: Final = 0.7
_WEIGHTS: Final = {"goals": 0.6, "summary": 0.5, "definition": 0.4}
_PREFIX: Final = 0.8  # "recover" for "recovery" is worth a little less than the word itself
_SHORTEST_PREFIX: Final = 3
# Words that join others say nothing by themselves; a query of nothing else is searched for as it is.
_JOINING: Final = frozenset(
    (
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
    )
)


@dataclass(frozen=True, slots=True)
class Match:
    """Where words of the query stand in a record."""

    field: str
    """The record's field; `definition` stands for the definitions of its terms."""
    words: tuple[str, ...]
    """The words of the record that matched, or the whole key."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A searchable text: the field that holds it, what a word in it is worth, and its words."""

    field: str
    weight: float
    words: tuple[str, ...]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matched a query."""

    record: Findable
    """The record."""
    score: float
    """3 for a key as written, 2 for a key in another spelling; from 0 to 1 for words, 1 being all in a name."""
    matches: tuple[Match, ...]
    """Why it matched: each field with the words, those that count most first."""

    def __repr__(self) -> str:
        from eaps_data.display.text import hit_text

        return hit_text(self)

    def _repr_html_(self) -> str:
        return Hits([self])._repr_html_()


class Hits(tuple[Hit, ...]):
    """A tuple of hits that shows itself as a table."""

    __slots__ = ()

    @overload
    def __getitem__(self, at: SupportsIndex) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Hit | Self:
        found = super().__getitem__(at)
        return found if isinstance(found, Hit) else type(self)(found)

    def __repr__(self) -> str:
        from eaps_data.display.text import hits_text

        return hits_text(self)

    def _repr_html_(self) -> str:
        from eaps_data.display.html import hits_html

        return hits_html(self)


class TextIndex:
    """The words of a dataset's records, read once, so that a search looks at no text again."""

    __slots__ = ("_numbers", "_records", "_singulars", "_tables", "_texts", "_vocabulary")

    def __init__(self, tables: Tables) -> None:
        """Read the words of the municipalities, programs and partners of a dataset."""
        self._tables = tables
        self._records: Sequence[Findable] = (*tables.municipalities, *tables.programs, *tables.partners)
        self._texts = [tuple(_texts(record)) for record in self._records]
        self._numbers = {id(record): number for number, record in enumerate(self._records)}
        self._vocabulary = sorted({word for texts in self._texts for text in texts for word in text.words})
        self._singulars: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            self._singulars[_singular(word)].append(word)

    def search(self, query: str) -> Hits:
        """Find records by what is said in them, best first; records of equal score in the dataset's order.

        Args:
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
        hits = self._by_words(significant) | self._by_key(query.strip())
        return Hits(hit for _, hit in sorted(hits.items(), key=lambda entry: (-entry[1].score, entry[0])))

    def _by_key(self, query: str) -> dict[int, Hit]:
        tables = (self._tables.municipalities, self._tables.programs, self._tables.partners)
        found = [record for table in tables for record in table._with_key(query)]
        return {self._numbers[id(record)]: _key_hit(record, query) for record in found}

    def _by_words(self, wanted: Sequence[str]) -> dict[int, Hit]:
        alike = self._alike(wanted)
        if not alike:
            return {}
        matching: dict[int, tuple[str, ...]] = {}  # of the texts that many records share, as those of terms
        hits: dict[int, Hit] = {}
        for number, texts in enumerate(self._texts):
            matched: list[tuple[_Text, tuple[str, ...]]] = []
            for text in texts:
                words = matching.get(id(text)) if text.shared else None
                if words is None:
                    words = () if alike.keys().isdisjoint(text.words) else tuple(filter(alike.__contains__, text.words))
                    if text.shared:
                        matching[id(text)] = words
                if words:
                    matched.append((text, words))
            if matched:
                hits[number] = _word_hit(self._records[number], matched, alike)
        return hits

    def _alike(self, wanted: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Each word of the dataset that is like a wanted one, and how much it is like each of them."""
        found: set[str] = set()
        for sought in wanted:
            found.update(self._singulars.get(sought, ()), self._singulars.get(_singular(sought), ()))
            following = islice(self._vocabulary, bisect_left(self._vocabulary, sought), None)
            found.update(takewhile(partial(_begins_with, sought), following))
        alike = {word: tuple(_likeness(sought, word) for sought in wanted) for word in found}
        return {word: likeness for word, likeness in alike.items() if any(likeness)}


def _key_hit(record: Findable, query: str) -> Hit:
    keys = {key: field for field, key in reversed([*_keys(record)])}  # of two fields with one key, the first
    if query in keys:
        return Hit(record, EXACT, (Match(keys[query], (query,)),))
    wanted = fold(query)
    field, key = next(each for each in _keys(record) if fold(each[1]) == wanted)
    return Hit(record, NORMALIZED, (Match(field, (key,)),))


def _word_hit(
    record: Findable, matched: Iterable[tuple[_Text, tuple[str, ...]]], alike: Mapping[str, tuple[float, ...]]
) -> Hit:
    fields: defaultdict[str, dict[str, float]] = defaultdict(dict)
    best: tuple[float, ...] | None = None
    for text, words in matched:
        for word in words:
            worth = tuple(text.weight * likeness for likeness in alike[word])
            fields[text.field][word] = max(worth)
            best = worth if best is None else tuple(map(max, best, worth))
    strongest = sorted(fields.items(), key=lambda entry: -max(entry[1].values()))
    matches = tuple(Match(field, tuple(words)) for field, words in strongest)
    return Hit(record, round(sum(best or ()) / len(best or ()), 4), matches)


def _likeness(sought: str, word: str) -> float:
    if sought == word or sought == _singular(word) or _singular(sought) == word:
        return 1.0
    return _PREFIX if len(sought) >= _SHORTEST_PREFIX and word.startswith(sought) else 0.0


def _begins_with(start: str, word: str) -> bool:
    return word.startswith(start)


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


def _texts(record: Record) -> Iterator[_Text]:
    """Each searchable text of a record."""
    for field, key in _keys(record):
        if field != "identifiers":
            yield _Text(field, _KEYS, tuple(_words(key)))
    for field in type(record).model_fields:
        value = getattr(record, field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Term):
                yield from _texts_of_term(field, item)
            elif isinstance(item, str) and field in _WEIGHTS:
                yield _Text(field, _WEIGHTS[field], tuple(_words(item)))


@cache
def _texts_of_term(field: str, term: Term) -> tuple[_Text, _Text]:
    return (
        _Text(field, _TERM, tuple(_words(term.value)), shared=True),
        _Text("definition", _WEIGHTS["definition"], tuple(_words(term.definition)), shared=True),
    )
