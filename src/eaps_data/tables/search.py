"""Ranked text search over municipalities, programs, partners and the grant program; each hit reports why it matched.

A hit is exact (the query is a key of the record as written), normalized (a key in another spelling) or by words. Words
are found in names, terms and their synonyms, goals, activities, summaries, the definitions of terms, and the quotes of
the record's evidence, in any form: with other endings, accents or hyphens, abbreviated, or with one typo.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import filterfalse, islice, pairwise, takewhile
from operator import attrgetter
from typing import Any, Final, NamedTuple

from eaps_data._internal.arguments import expect
from eaps_data._internal.stems import ENDINGS, WHOLE, singular, stem
from eaps_data._internal.text_keys import fold, fold_all, normalize
from eaps_data.models.not_stated import explanation_of
from eaps_data.models.records import Evidence, Record
from eaps_data.models.vocabulary import Term
from eaps_data.tables.collections import Tables, _key_index
from eaps_data.tables.hits import Findable, Hit, Hits, Match

EXACT: Final = 3.0
"""The score of a hit by a key as written."""
NORMALIZED: Final = 2.0
"""The score of a hit by a key in another spelling."""

_TABLES: Final = ("municipalities", "programs", "partners", "grant_program")
_KEY_FIELDS: Final = ("id", "name", "styled_name", "census_name", "acronym", "aliases")
_WEIGHTS: Final[Mapping[str, float]] = {
    **dict.fromkeys(_KEY_FIELDS, 1.0),
    **dict.fromkeys(("county", "division"), 0.7),
    **dict.fromkeys(("goals", "goal", "activities", "means"), 0.6),
    "summary": 0.5,
}
"""How much a word weighs in each text field."""
_TERM_WEIGHT: Final = 0.7
_BROADER_WEIGHT: Final = 0.5
_DEFINITION_WEIGHT: Final = 0.4
_QUOTE_WEIGHT: Final = 0.3
_CODED: Final = frozenset(("government_form", "identifiers", "location", "state"))
"""Fields whose quotes are codes and not words."""

_SAME_STEM: Final = 0.9  # "evaluate" for "evaluation"; a plural is the same word
_PREFIX: Final = 0.8  # "recover" for "recovery"
_TYPO: Final = 0.6  # "recovry" for "recovery"
_MIN_PREFIX: Final = 3
_MIN_TYPO: Final = 5
_MAX_TRIED: Final = 5
_MAX_SUGGESTIONS: Final = 3
_STOP_WORDS: Final = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
"""Words that are ignored, unless the query consists of them."""
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_HYPHENATED: Final = re.compile(r"([^\W_]+)[-\u2010\u2011](?=([^\W_]+))")


class _Text(NamedTuple):
    """A text of one or more records: a definition, for example, belongs to all records that have the term."""

    field: str
    weight: float
    words: tuple[str, ...]
    records: list[int]


class _Reading(NamedTuple):
    """What a word of a text means: a word of the query, or two adjacent words that are written as one."""

    start: int
    end: int
    similarity: float


class _Found(NamedTuple):
    """A text that has words of the query."""

    text: _Text
    words: tuple[str, ...]
    weights: tuple[float, ...]
    """How much each word of the query weighs in the text; 0 if it is missing."""
    total: float
    """The sum of the weights."""
    has_phrase: bool
    """Whether all words of the query follow each other in the text."""


_total: Final = attrgetter("total")


class _Query(NamedTuple):
    """The words of a query, and the words of the index that are read as them."""

    words: Sequence[str]
    readings: Mapping[str, Sequence[_Reading]]
    notes: Mapping[str, str]
    """The note on each word of the index that a word of the query is read as, in spite of a typo."""


class TextIndex:
    """An inverted index of a dataset's words, so that a search reads only the entries that match."""

    __slots__ = (
        "_compounds",
        "_forms",
        "_keys",
        "_letters",
        "_numbers",
        "_postings",
        "_records",
        "_source",
        "_texts",
        "_words",
    )

    def __init__(self, tables: Tables) -> None:
        """Index the municipalities, programs, partners and grant program of a dataset, and their evidence."""
        self._keys = [_key_index(tables, name) for name in _TABLES]
        self._records: Sequence[Findable] = (
            *tables.municipalities,
            *tables.programs,
            *tables.partners,
            tables.grant_program,
        )
        self._source = tables.grant_program.source
        self._numbers = {id(record): number for number, record in enumerate(self._records)}
        self._texts: list[_Text] = []
        self._postings: defaultdict[str, list[int]] = defaultdict(list)
        self._compounds: dict[str, tuple[str, str]] = {}
        held = _held_texts(self._records, tables.evidence)
        folded_texts = fold_all(text for _, _, text in held)
        for ((field, weight, text), numbers), folded in zip(held.items(), folded_texts, strict=True):
            words = tuple(_words_of(folded))
            for word in {*words}:
                self._postings[word].append(len(self._texts))
            self._texts.append(_Text(field, weight, words, numbers))
            if field != "id" and ("-" in text or not text.isascii()):  # the hyphens of an id are spaces
                self._add_compounds(text)
        self._words = sorted(self._postings)
        self._letters = {*"".join(self._words)}
        self._forms: defaultdict[str, list[str]] = defaultdict(list)
        """The words with each stem."""
        for word in self._words:
            self._forms[stem(word)].append(word)

    def _add_compounds(self, text: str) -> None:
        for match in _HYPHENATED.finditer(text):
            first, second = (" ".join(_words(part)) for part in match.groups())
            for spelling in (first + second, stem(first + second)):
                self._compounds.setdefault(spelling, (first, second))

    def search(self, query: str, limit: int | None = None) -> Hits:
        """Find records by a key or by words, best hits first; hits with equal scores in the dataset's order.

        Args:
            query: words in any order, whole or by their beginning.
            limit: the number of hits to return; all if not given.

        Returns:
            The hits; if there are none, `tried` describes what was searched for.

        Raises:
            ValueError: if the query contains no words, or if the limit is less than 1.
        """
        expect("query", query, str)
        expect("limit", limit, int, type(None))
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        keyed = self._by_key(query.strip())
        wanted = self._wanted(query)
        if not wanted and not keyed:
            raise ValueError("the query contains no words")
        parsed = self._read(wanted, _acronyms(query))
        found = self._find(parsed)
        scores = {number: _score(texts) for number, texts in found.items()}
        scores |= {number: hit.score for number, hit in keyed.items()}
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        hits = (
            keyed[number] if number in keyed else self._hit(number, scores[number], found[number], parsed.notes)
            for number in ranked[:limit]
        )
        return Hits(hits, "" if ranked else self._tried(wanted))

    def to_plain(self) -> dict[str, Any]:
        """Return the index as plain data, ready for JSON, for a search outside Python that finds the same.

        A text is its field, its weight, its words and the numbers of its records; a key is the number of its record,
        its field, the key, and the key as all its spellings are folded.
        """
        return {
            "records": [f"{record.table}/{record.id}" for record in self._records],
            "states": [getattr(record, "state", None) for record in self._records],
            "keys": [
                (number, field, key, fold(key))
                for number, record in enumerate(self._records)
                for field, key in _keys(record)
            ],
            "texts": [(text.field, text.weight, " ".join(text.words), text.records) for text in self._texts],
            "compounds": self._compounds,
            "stopWords": sorted(_STOP_WORDS),
            "endings": ENDINGS,
            "whole": sorted(WHOLE),
        }

    def _by_key(self, query: str) -> dict[int, Hit]:
        found: Iterator[Findable] = (record for keys in self._keys for record in keys.by_key(query))
        return {self._numbers[id(record)]: _key_hit(record, query) for record in found}

    def _wanted(self, query: str) -> list[str]:
        """Return the different words of a query; words such as `coresponse` in the parts that some text separates."""
        words: list[str] = []
        for word in _words(query):
            spellings = (word, singular(word), stem(word))
            parts = next((self._compounds[each] for each in spellings if each in self._compounds), (word,))
            words += parts
        return [*dict.fromkeys(word for word in words if word not in _STOP_WORDS)] or words

    def _read(self, wanted: Sequence[str], acronyms: frozenset[str]) -> _Query:
        """Return the words of the index that can be read as words of the query."""
        readings: defaultdict[str, list[_Reading]] = defaultdict(list)
        notes: dict[str, str] = {}
        joined: set[str] = set()
        for start, pair in enumerate(pairwise(wanted)):
            for word, similarity in self._same("".join(pair)).items():
                readings[word].append(_Reading(start, start + 2, similarity))
                joined.update(pair)
        for start, one in enumerate(wanted):
            similar = self._similar(one, is_acronym=one in acronyms)
            if not similar and one not in joined:
                similar = dict.fromkeys(self._typos(one), _TYPO)
                notes |= {word: f"{one!r} read as {singular(word)!r}" for word in similar}
            for word, similarity in similar.items():
                readings[word].append(_Reading(start, start + 1, similarity))
        return _Query(wanted, readings, notes)

    def _same(self, wanted: str) -> dict[str, float]:
        """Return the indexed words that are a form of a word, with their similarity."""
        return {
            word: 1.0 if singular(word) == singular(wanted) else _SAME_STEM
            for word in self._forms.get(stem(wanted), ())
        }

    def _similar(self, wanted: str, *, is_acronym: bool) -> dict[str, float]:
        """Return the indexed words that are a form of a word or begin with it, with their similarity."""
        similar = self._same(wanted)
        if len(wanted) <= _MIN_PREFIX:  # often an acronym: ACT does not find "acting"
            whole = {word: similarity for word, similarity in similar.items() if similarity == 1}
            if whole or is_acronym or len(wanted) < _MIN_PREFIX:
                return whole
        start = singular(wanted) if 1.0 in similar.values() else wanted
        following = islice(self._words, bisect_left(self._words, start), None)
        return dict.fromkeys(takewhile(partial(_begins_with, start), following), _PREFIX) | similar

    def _typos(self, wanted: str) -> list[str]:
        """Return the indexed words that differ from a word by one edit, in the singular or the plural."""
        if len(wanted) < _MIN_TYPO or not wanted.isalpha() or len(wanted) > 1 + max(map(len, self._words), default=0):
            return []
        same = (self._same(edited).items() for edited in {*_edits(wanted, self._letters)})
        found = {word for words in same for word, similarity in words if similarity == 1}
        return sorted(word for word in found if len(word) >= _MIN_TYPO)

    def _find(self, query: _Query) -> dict[int, list[_Found]]:
        """Return, for each record, its entries that have words of the query."""
        found: defaultdict[int, list[_Found]] = defaultdict(list)
        weights_of = cache(partial(_weights, query))  # many entries have the same words of a query
        is_wanted = query.readings.__contains__
        for number in sorted({number for word in query.readings for number in self._postings[word]}):
            text = self._texts[number]
            words = tuple(filter(is_wanted, text.words))
            weights = weights_of(text.weight, words)
            has_phrase = len(weights) > 1 and all(weights) and _has_phrase(text.words, query)
            one = _Found(text, words, weights, sum(weights), has_phrase)
            for record in text.records:
                found[record].append(one)
        return found

    def _hit(self, number: int, score: float, found: Iterable[_Found], notes: Mapping[str, str]) -> Hit:
        return Hit(self._records[number], round(score, 4), tuple(_matches(found, notes)))

    def _tried(self, wanted: Sequence[str]) -> str:
        import difflib

        tried: list[str] = []
        similar: dict[str, None] = {}
        for word in wanted[:_MAX_TRIED]:  # each is compared with many words
            root = stem(word)
            tried.append(repr(word) if word == root else f"{word!r} (as {root!r})")
            candidates = [each for each in self._words if each[0] == word[0] and each not in _STOP_WORDS]
            similar |= dict.fromkeys(difflib.get_close_matches(word, candidates, _MAX_SUGGESTIONS))
        text = f"tried {', '.join(tried)}{', …' if len(wanted) > _MAX_TRIED else ''}"
        text += f"; similar words: {', '.join(similar)}" if similar else ""
        reasons = (explanation_of(word, self._source) for word in wanted[:_MAX_TRIED])
        return (text + "".join(dict.fromkeys(reasons))).removesuffix(".")


def _held_texts(
    records: Sequence[Findable], evidence: Iterable[Evidence]
) -> Mapping[tuple[str, float, str], list[int]]:
    """Return the numbers of the records that have each text, by its field and weight."""
    held: defaultdict[tuple[str, float, str], list[int]] = defaultdict(list)
    number_of: dict[str, int] = {}
    for number, record in enumerate(records):
        number_of[f"{record.table}/{record.id}"] = number
        for text in _texts(record):
            held[text].append(number)
    for row in evidence:
        if row.field in _CODED:
            continue
        for subject in _subjects(row.subject):
            numbers = held["quote", _QUOTE_WEIGHT, row.quote]
            number = number_of[subject]
            if not numbers or numbers[-1] != number:  # several claims of a record often have the same quote
                numbers.append(number)
    return held


def _subjects(subject: str) -> tuple[str, ...]:
    """Return the records that a quote finds: the subject, or the program and the partner of a partnership."""
    if not subject.startswith("partnerships/"):
        return (subject,)
    program, partner, _ = subject.removeprefix("partnerships/").split("--")
    return f"programs/{program}", f"partners/{partner}"


def _texts(record: Findable) -> Iterator[tuple[str, float, str]]:
    """Yield the entries of a record, each after its field and weight."""
    for field, value in vars(record).items():
        weight = _WEIGHTS.get(field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Term):
                yield from _term_texts(field, item)
            elif weight and isinstance(item, str):
                yield field, weight, item


@cache
def _term_texts(field: str, term: Term) -> tuple[tuple[str, float, str], ...]:
    """Return the entries of a term: its value and synonyms, those of broader terms, and its definition."""
    texts = [(field, _TERM_WEIGHT, text) for text in _names(term)]
    texts += [(field, _BROADER_WEIGHT, text) for broader in term.ancestors for text in _names(broader)]
    return (*texts, ("definition", _DEFINITION_WEIGHT, term.definition))


def _names(term: Term) -> tuple[str, ...]:
    return term.value, *term.synonyms


def _weights(query: _Query, weight: float, words: Iterable[str]) -> tuple[float, ...]:
    """Return how much each word of a query weighs in a text that has some words of the index."""
    weights = [0.0] * len(query.words)
    for word in words:
        for start, end, similarity in query.readings[word]:
            for number in range(start, end):
                weights[number] = max(weights[number], weight * similarity)
    return tuple(weights)


def _has_phrase(words: Iterable[str], query: _Query) -> bool:
    """Return whether all words of a query follow each other, except for words such as `of`."""
    reached: set[int] = set()  # how many words of the query may end with the previous word
    for word in words:
        readings = query.readings.get(word, ())
        if readings or word not in _STOP_WORDS:
            reached = {reading.end for reading in readings if not reading.start or reading.start in reached}
        if len(query.words) in reached:
            return True
    return False


def _score(found: Sequence[_Found]) -> float:
    """Return the score of a record: more words rank first, then whole phrases, then heavier fields.

    With n words in the query, a record with k of them scores more than (k - 1) / n and at most k / n. A record with all
    of several words scores in the upper half of its range if it has them as a phrase, and else in the lower half.
    """
    weights = [max(each) for each in zip(*(one.weights for one in found), strict=True)]
    matched = [weight for weight in weights if weight]
    quality: float = sum(matched) / len(matched)
    if len(matched) == len(weights) > 1:
        phrases = [one.total for one in found if one.has_phrase]
        quality = (1 + max(phrases) / len(weights)) / 2 if phrases else quality / 2
    return (len(matched) - 1 + quality) / len(weights)


def _matches(found: Iterable[_Found], notes: Mapping[str, str]) -> Iterator[Match]:
    """Yield the fields with the words found, those that weigh most first."""
    fields: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in sorted(found, key=_total, reverse=True):
        fields[one.text.field] |= dict.fromkeys(one.words)
    for field, words in fields.items():
        noted = dict.fromkeys(notes[word] for word in words if word in notes) if notes else ()
        yield Match(field, tuple(words), "; ".join(noted) or None)


def _key_hit(record: Findable, query: str) -> Hit:
    fields = {key: field for field, key in reversed([*_keys(record)])}  # the first of several fields with the same key
    if query in fields:
        return Hit(record, EXACT, (Match(fields[query], (query,)),))
    wanted = fold(query)
    # A municipality is also found by `Revere, MA` and by a Census GEO_ID, which are not among its keys.
    field, key = next(((field, key) for field, key in _keys(record) if fold(key) == wanted), ("id", record.id))
    return Hit(record, NORMALIZED, (Match(field, (key,)),))


def _keys(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each key of a record after the field that holds it."""
    fields = {name: getattr(record, name) for name in _KEY_FIELDS if hasattr(record, name)}
    for key in record.lookup_keys:
        holders = (name for name, held in fields.items() if key == held or (isinstance(held, tuple) and key in held))
        yield next(holders, "identifiers"), key


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents."""
    return _words_of(fold(text))


def _words_of(folded: str) -> list[str]:
    if not folded.isascii():
        import unicodedata

        letters = filterfalse(unicodedata.combining, normalize("NFKD", folded))
        folded = normalize("NFC", "".join(letters))
    return _WORD.findall(folded)


def _acronyms(query: str) -> frozenset[str]:
    """Return the words of a query that are written in capitals, in lower case."""
    return frozenset(word for written in _WORD.findall(query) if written.isupper() for word in _words(written))


def _begins_with(start: str, word: str) -> bool:
    return word.startswith(start)


def _edits(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Yield the words that one typo makes: a letter inserted, omitted or replaced, or two adjacent ones swapped."""
    for at in range(len(word) + 1):
        start, rest = word[:at], word[at:]
        yield start + rest[1:]
        yield start + rest[1:2] + rest[:1] + rest[2:]
        for letter in letters:
            yield start + letter + rest
            yield start + letter + rest[1:]
