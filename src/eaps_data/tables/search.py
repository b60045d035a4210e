"""Ranked text search over municipalities, programs and partners; each hit reports why it matched.

A hit is exact (the query is a key of the record as written), normalized (a key in another spelling) or by words.
Words in names weigh most, then terms, goals, summaries, and the definitions of terms.
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
"""The score of a hit by a key as written."""
NORMALIZED: Final = 2.0
"""The score of a hit by a key in another spelling."""

Findable: TypeAlias = Municipality | Program | Partner
"""A record that a search can find."""

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_KEY_WEIGHT: Final = 1.0
_TERM_WEIGHT: Final = 0.7
_WEIGHTS: Final = {"goals": 0.6, "summary": 0.5, "definition": 0.4}
_PREFIX: Final = 0.8  # "recover" for "recovery" weighs a little less than the word itself
_MIN_PREFIX: Final = 3
_STOP_WORDS: Final = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
"""Words that are ignored, unless the query consists of them."""
_HIT_COLUMNS: Final = ("id", "name", "record", "score", "matched")


@dataclass(frozen=True, slots=True)
class Match:
    """A field of a record in which the query was found."""

    field: str
    """The record's field, or `definition` for the definitions of its terms."""
    words: tuple[str, ...]
    """The words of the record that matched, or the whole key."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A searchable text: its field, the weight of its words, the words, and whether several records share it."""

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
    """3 for a key as written, 2 for a key in another spelling, from 0 to 1 for words (1: all of them in a name)."""
    matches: tuple[Match, ...]
    """Why it matched: the fields with the words found, those with the highest weight first."""

    def __repr__(self) -> str:
        from eaps_data.display.text import short

        key, _, record, score, matched = map(short, self._row())
        return f"<Hit {score} of {record} {key}: {matched}>"

    def _repr_html_(self) -> str:
        return Hits([self])._repr_html_()

    def _row(self) -> tuple[str, ...]:
        """Return the cells of the hit in a table of hits."""
        matched = "; ".join(f"{match.field}: {' '.join(match.words)}" for match in self.matches)
        return self.record.id, self.record.name, type(self.record).__name__, f"{self.score:.2f}", matched


class Hits(tuple[Hit, ...]):
    """A tuple of hits that is displayed as a table."""

    __slots__ = ()

    @overload
    def __getitem__(self, at: SupportsIndex) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Hit | Self:
        found = super().__getitem__(at)
        return found if isinstance(found, Hit) else type(self)(found)

    def __repr__(self) -> str:
        from eaps_data.display.text import count, table_text

        return table_text(count(len(self), "hit"), _HIT_COLUMNS, (hit._row() for hit in self), len(self))

    def _repr_html_(self) -> str:
        from eaps_data.display.html import Row, table_html
        from eaps_data.display.text import count

        rows = (Row(hit._row()) for hit in self)
        return table_html(count(len(self), "hit"), _HIT_COLUMNS, rows, len(self), "No record matches.")


class TextIndex:
    """An index of the words of a dataset's records, so that searches do not read the texts again."""

    __slots__ = ("_numbers", "_records", "_shared", "_singulars", "_tables", "_texts", "_vocabulary")

    def __init__(self, tables: Tables) -> None:
        """Index the municipalities, programs and partners of a dataset."""
        self._tables = tables
        self._records: Sequence[Findable] = (*tables.municipalities, *tables.programs, *tables.partners)
        self._texts = [tuple(_texts(record)) for record in self._records]
        self._shared = {id(text): text for texts in self._texts for text in texts if text.shared}
        self._numbers = {id(record): number for number, record in enumerate(self._records)}
        self._vocabulary = sorted({word for texts in self._texts for text in texts for word in text.words})
        self._singulars: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._vocabulary:
            self._singulars[_singular(word)].append(word)

    def search(self, query: str) -> Hits:
        """Find records by words, best hits first; hits with equal scores in the dataset's order.

        Args:
            query: words in any order, whole or by their beginning.

        Returns:
            The hits; empty if no word matches.

        Raises:
            ValueError: if the query contains no words.
        """
        wanted = _words(query)
        if not wanted:
            raise ValueError("the query contains no words; to list all records, iterate over a table")
        significant = [word for word in wanted if word not in _STOP_WORDS] or wanted
        hits = self._by_words(significant) | self._by_key(query.strip())
        return Hits(hit for _, hit in sorted(hits.items(), key=lambda entry: (-entry[1].score, entry[0])))

    def _by_key(self, query: str) -> dict[int, Hit]:
        tables = (self._tables.municipalities, self._tables.programs, self._tables.partners)
        found = [record for table in tables for record in table._keys.by_key(query)]
        return {self._numbers[id(record)]: _key_hit(record, query) for record in found}

    def _by_words(self, wanted: Sequence[str]) -> dict[int, Hit]:
        similar = self._similar_words(wanted)
        if not similar:
            return {}
        is_similar, none_is_similar = similar.__contains__, similar.keys().isdisjoint
        shared = {key: tuple(filter(is_similar, text.words)) for key, text in self._shared.items()}
        hits: dict[int, Hit] = {}
        for number, texts in enumerate(self._texts):
            matched: list[tuple[_Text, tuple[str, ...]]] = []
            for text in texts:
                if text.shared:
                    words = shared[id(text)]
                else:  # most texts do not match
                    words = () if none_is_similar(text.words) else tuple(filter(is_similar, text.words))
                if words:
                    matched.append((text, words))
            if matched:
                hits[number] = _word_hit(self._records[number], matched, similar)
        return hits

    def _similar_words(self, wanted: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Return the indexed words that are similar to a wanted word, with their similarity to each of them."""
        found: set[str] = set()
        for word in wanted:
            found.update(self._singulars.get(word, ()), self._singulars.get(_singular(word), ()))
            following = islice(self._vocabulary, bisect_left(self._vocabulary, word), None)
            found.update(takewhile(partial(_begins_with, word), following))
        similar = {word: tuple(_similarity(one, word) for one in wanted) for word in found}
        return {word: similarities for word, similarities in similar.items() if any(similarities)}


def _key_hit(record: Findable, query: str) -> Hit:
    fields = {key: field for field, key in reversed([*_keys(record)])}  # the first of several fields with the same key
    if query in fields:
        return Hit(record, EXACT, (Match(fields[query], (query,)),))
    wanted = fold(query)
    field, key = next((field, key) for field, key in _keys(record) if fold(key) == wanted)
    return Hit(record, NORMALIZED, (Match(field, (key,)),))


def _word_hit(
    record: Findable, matched: Iterable[tuple[_Text, tuple[str, ...]]], similar: Mapping[str, tuple[float, ...]]
) -> Hit:
    fields: defaultdict[str, dict[str, float]] = defaultdict(dict)
    best: tuple[float, ...] | None = None
    for text, words in matched:
        for word in words:
            weights = tuple(text.weight * similarity for similarity in similar[word])
            fields[text.field][word] = max(weights)
            best = weights if best is None else tuple(map(max, best, weights))
    strongest = sorted(fields.items(), key=lambda entry: -max(entry[1].values()))
    matches = tuple(Match(field, tuple(words)) for field, words in strongest)
    return Hit(record, round(sum(best or ()) / len(best or ()), 4), matches)


def _similarity(wanted: str, word: str) -> float:
    """Return 1 for the same word in the singular or plural, less for its beginning, and 0 for other words."""
    if wanted == word or wanted == _singular(word) or _singular(wanted) == word:
        return 1.0
    return _PREFIX if len(wanted) >= _MIN_PREFIX and word.startswith(wanted) else 0.0


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
    """Yield each key of a record after the field that holds it."""
    fields: Mapping[str, object] = {
        name: getattr(record, name)
        for name in ("id", "name", "styled_name", "census_name", "acronym", "aliases")
        if hasattr(record, name)
    }
    for key in record.lookup_keys:
        holders = (name for name, held in fields.items() if key == held or (isinstance(held, tuple) and key in held))
        yield next(holders, "identifiers"), key


def _texts(record: Record) -> Iterator[_Text]:
    """Yield the searchable texts of a record."""
    for field, key in _keys(record):
        if field != "identifiers":
            yield _Text(field, _KEY_WEIGHT, tuple(_words(key)))
    for field in type(record).model_fields:
        value = getattr(record, field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Term):
                yield from _term_texts(field, item)
            elif isinstance(item, str) and field in _WEIGHTS:
                yield _Text(field, _WEIGHTS[field], tuple(_words(item)))


@cache
def _term_texts(field: str, term: Term) -> tuple[_Text, _Text]:
    """Return the texts of a term: one pair of objects for all records, so that each is searched once."""
    return (
        _Text(field, _TERM_WEIGHT, tuple(_words(term.value)), shared=True),
        _Text("definition", _WEIGHTS["definition"], tuple(_words(term.definition)), shared=True),
    )
