"""Synthetic data of any size: municipalities, programs, partners, and evidence for each claim.

The same seed makes the same bytes, and the first municipalities do not depend on how many follow. All data is valid,
without warnings. Only one municipality and its records are in memory at a time, so millions of rows can be written:

    python benchmarks/synthetic.py 36000 large.json                       # a dataset document
    python benchmarks/synthetic.py 36000 large.jsonl --table programs     # one table, one record per line
"""

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, Final, TypeAlias

from names import COUNTIES, ENDINGS, GOALS, PARTNERS, PREFIXES, PROGRAMS, STATES, STEMS, SUFFIXES

from eaps_data import Approach, Framework, Need, Population, ProgramStatus, Role, Service, StaffRole
from eaps_data.models.table_specs import TABLE_SPECS, TABLES

Row: TypeAlias = dict[str, Any]

SEED: Final = 2026

MAX_MUNICIPALITIES: Final = len(PREFIXES) * len(STEMS) * len(ENDINGS) * len(SUFFIXES)
"""The number of municipalities that can have different names."""

_PROGRAM_COUNTS: Final = (1, 2, 2, 3, 3, 3, 4, 4)  # 2.75 on average; with the first one's parts, 2.8
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_QUOTE_WORDS: Final = 12


@dataclass(frozen=True, slots=True)
class _Town:
    """A municipality and its records."""

    municipality: Row
    programs: list[Row]
    partners: list[Row]
    partnerships: list[Row]

    def rows(self, table: str) -> list[Row]:
        return [self.municipality] if table == "municipalities" else getattr(self, table)


def rows(table: str, municipalities: int, seed: int = SEED) -> Iterator[Row]:
    """Return the records of one table as plain data.

    Args:
        table: one of the six tables.
        municipalities: the number of municipalities in the dataset.
        seed: the seed of the random numbers.

    Raises:
        ValueError: if there are not enough names.
    """
    if municipalities > MAX_MUNICIPALITIES:
        raise ValueError(
            f"at most {MAX_MUNICIPALITIES:,} municipalities can have different names, not {municipalities:,}"
        )
    towns = (_town(number, seed) for number in range(municipalities))
    if table == "sources":
        return _sources(municipalities)
    if table == "evidence":
        grant = _evidence("grant_program", _grant_program(), STATES[0], "Funded Municipalities")
        return chain(grant, chain.from_iterable(map(_evidence_of_town, towns)))
    return chain.from_iterable(town.rows(table) for town in towns)


def write_document(out: BinaryIO, municipalities: int, seed: int = SEED) -> int:
    """Write a dataset document with one record per line, and return the number of records."""
    release = {"data_version": "1.0.0", "as_of": "2026-11-23"}
    out.write(
        b'{"schema_version":"2.0.0",\n"release":%s,\n"grant_program":%s' % (_json(release), _json(_grant_program()))
    )
    count = 0
    for table in TABLES:
        out.write(b',\n"%s":[' % table.encode())
        for index, row in enumerate(rows(table, municipalities, seed)):
            out.write((b",\n" if index else b"\n") + _json(row))
            count += 1
        out.write(b"]")
    out.write(b"}\n")
    return count


def document(municipalities: int, seed: int = SEED) -> bytes:
    """Return a dataset document that fits in memory."""
    out = io.BytesIO()
    write_document(out, municipalities, seed)
    return out.getvalue()


def write_lines(out: BinaryIO, records: Iterable[Row]) -> int:
    """Write records as JSON Lines, and return their number."""
    count = 0
    for row in records:
        out.write(_json(row) + b"\n")
        count += 1
    return count


def write_array(out: BinaryIO, records: Iterable[Row]) -> int:
    """Write records as a JSON array with one record per line, and return their number."""
    count = 0
    for row in records:
        out.write((b",\n" if count else b"[") + _json(row))
        count += 1
    out.write(b"]\n")
    return count


def write_csv(out: BinaryIO, records: Iterable[Row]) -> int:
    """Write records without nested fields as CSV, and return their number."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    count = 0
    for row in records:
        if not count:
            writer.writerow(row)
        writer.writerow(map(_cell, row.values()))
        count += 1
    text.detach()  # flushes, and leaves `out` open
    return count


WRITERS: Final[Mapping[str, Callable[[BinaryIO, Iterable[Row]], int]]] = {
    ".json": write_array,
    ".jsonl": write_lines,
    ".csv": write_csv,
}
"""The writers of one table, by file suffix."""


def copied(records: Sequence[Row], copies: int) -> Iterator[Row]:
    """Repeat records, each copy with its own ids: a quick way to a large file."""
    for copy in range(copies):
        for row in records:
            yield {**row, "id": f"{row['id']}-{copy}"} if "id" in row else row


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def _town(number: int, seed: int) -> _Town:
    # Each municipality has its own generator, so that none depends on how many there are.
    draw = Random(f"{seed}/{number}")
    name, state = _name(number, seed), STATES[number % len(STATES)]
    municipality = _municipality(number, name, state, draw)
    letters = "".join(_LETTERS[number // 26**place % 26] for place in (3, 2, 1, 0))
    programs = _programs(municipality, letters, draw)
    partners = _partners(municipality, letters, draw)
    partnerships = [
        {"program": program["id"], "partner": partner["id"], "role": _one(Role, draw), "example": _chance(0.1, draw)}
        for program in programs
        for partner in draw.sample(partners, draw.randint(1, len(partners)))
    ]
    return _Town(municipality, programs, partners, partnerships)


def _name(number: int, seed: int) -> str:
    # The step and the number of names have no common divisor, so that each name is reached once.
    index = (Random(seed).randrange(MAX_MUNICIPALITIES) + number * 7_919) % MAX_MUNICIPALITIES
    parts: list[str] = []
    for choices in (PREFIXES, STEMS, ENDINGS, SUFFIXES):
        parts.append(choices[index % len(choices)])
        index //= len(choices)
    return "".join(parts)


def _municipality(number: int, name: str, state: str, draw: Random) -> Row:
    code, county = f"{number % len(STATES) + 1:02d}", draw.randrange(len(COUNTIES))
    county_code, within, slug = f"{code}{2 * county + 1:03d}", f"{number // len(STATES):05d}", _id(name)
    style = draw.choice(("town", "city"))
    ocd = f"ocd-division/country:us/state:{state.lower()}"
    return {
        "id": slug,
        "name": name,
        "styled_name": f"{style.capitalize()} of {name}",
        "style": style,
        "county": COUNTIES[county],
        "state": state,
        "position": number + 1,
        "identifiers": {
            "county_subdivision_geoid": county_code + within,
            "place_geoid": code + within if _chance(0.7, draw) else None,
            "county_geoid": county_code,
            "ansi_code": f"{600_000 + number:08d}",
            "massgis_town_id": None,
            "ocd_id": f"{ocd}/place:{slug.replace('-', '_')}",
            "ocd_aliases": [f"{ocd}/place:{slug.replace('-', '_')}_{style}"] if _chance(0.2, draw) else [],
            "geonames_id": str(10_000_000 + number),  # longer than any other code, so that no two are the same
            "wikidata_id": f"Q{100_000 + number}" if _chance(0.8, draw) else None,
        },
        "census_name": f"{name} {style}",
        "government_form": "city" if style == "city" else draw.choice(("town-with-city-form", None)),
        "location": {"latitude": round(draw.uniform(25, 48), 6), "longitude": round(draw.uniform(-124, -67), 6)},
        "summary": f"Set up {draw.choice(('a team', 'a unit', 'a program'))} that answers calls with the police.",
    }


def _programs(town: Row, letters: str, draw: Random) -> list[Row]:
    made: list[Row] = []
    for title, initials, kind in draw.sample(PROGRAMS, draw.choice(_PROGRAM_COUNTS) + _chance(0.05, draw)):
        name = f"{town['name']} {title}"
        made.append(
            {
                "id": _id(name),
                "name": name,
                "named_by_source": _chance(0.9, draw),
                "acronym": letters + initials if _chance(0.4, draw) else None,
                "aliases": [f"the {name} of {town['county']} County"] if _chance(0.1, draw) else [],
                "municipality": town["id"],
                "kind": kind,
                "part_of": made[0]["id"] if made and _chance(0.1, draw) else None,
                "status": _one(ProgramStatus, draw) if _chance(0.9, draw) else None,
                "started_year": draw.randint(1995, 2025) if _chance(0.5, draw) else None,
                "summary": f"{title} of {town['styled_name']}: staff who answer calls and follow up.",
                "goals": draw.sample(GOALS, draw.randint(0, 2)),
                "approaches": _some(Approach, 3, draw),
                "services": _some(Service, 3, draw),
                "staff_roles": _some(StaffRole, 2, draw),
                "populations": _some(Population, 2, draw),
                "needs": _some(Need, 3, draw),
                "frameworks": _some(Framework, 1, draw),
                "open_ended": ["services"] if _chance(0.1, draw) else [],
            }
        )
    return made


def _partners(town: Row, letters: str, draw: Random) -> list[Row]:
    made: list[Row] = []
    for title, initials, kind in draw.sample(PARTNERS, draw.choice((1, 1, 2, 2, 3))):
        name = f"{town['name']} {title}"
        made.append(
            {
                "id": _id(name),
                "name": name,
                "acronym": letters + initials if _chance(0.3, draw) else None,
                "aliases": [f"{name} of {town['state']}"] if _chance(0.1, draw) else [],
                "kind": kind if _chance(0.8, draw) else None,
                "municipality": town["id"] if _chance(0.8, draw) else None,
                "part_of": made[0]["id"] if made and _chance(0.1, draw) else None,
            }
        )
    return made


def _sources(municipalities: int) -> Iterator[Row]:
    for state in STATES[: max(1, min(municipalities, len(STATES)))]:
        yield {
            "id": _page_of(state),
            "title": f"Funded Municipalities of {state}",
            "publisher": "A fictional state",
            "url": f"https://{state.lower()}.example/funded-municipalities",
            "retrieved": "2026-11-23",
            "sha256": Random(state).randbytes(32).hex(),
            "licence": None,
            "fields": [*TABLES],
        }


def _grant_program() -> Row:
    address = {"street": "1 Main St.", "city": "Anytown", "state": "AL", "postal_code": "02108"}
    return {
        "id": "synthetic",
        "name": "Synthetic Approaches to Public Safety",
        "acronym": "SAPS",
        "goal": "Provide data for benchmarks.",
        "contact": {"phone": "(555) 555-0100", "address": address},
        "source": _page_of(STATES[0]),
    }


def _evidence_of_town(town: _Town) -> Iterator[Row]:
    municipality = town.municipality
    for table in ("municipalities", "programs", "partners", "partnerships"):
        for row in town.rows(table):
            yield from _evidence(table, row, municipality["state"], municipality["styled_name"])


def _evidence(table: str, row: Row, state: str, section: str) -> Iterator[Row]:
    """Yield one row for each claim of a record."""
    key = row.get("id") or "--".join(row[field] for field in TABLE_SPECS[table].key)
    for number, (field, item) in enumerate(_claims(table, row)):
        value = row[field][item] if isinstance(row[field], Mapping) else item or row[field]
        inferred = number % 40 == 39  # noqa: PLR2004 - a small share
        yield {
            "subject": f"{table}/{key}",
            "field": field,
            "item": item,
            "quote": _quote(value),
            "source": _page_of(state),
            "section": section,
            "paragraph": number % 4,
            "sentence": number % 5 + 1,
            "basis": "inferred" if inferred else "named" if field == "kind" else "stated",
            "note": "The previous sentence names the owner." if inferred else None,
        }


def _claims(table: str, row: Row) -> Iterator[tuple[str, str | None]]:
    for field in TABLE_SPECS[table].claims:
        value = row.get(field)
        if isinstance(value, list):
            yield from ((field, item) for item in value)
        elif isinstance(value, Mapping):
            yield from ((field, part) for part, known in value.items() if known not in (None, []))
        elif value not in (None, False) and not (field == "name" and row.get("named_by_source") is False):
            yield field, None


def _quote(value: object) -> str:
    text = " ".join(map(str, value.values())) if isinstance(value, Mapping) else str(value)
    text = text.strip("[]'") if isinstance(value, list) else text
    return " ".join(text.replace("-", " ").split()[:_MAX_QUOTE_WORDS])


def _page_of(state: str) -> str:
    return f"funded-municipalities-{state.lower()}"


def _id(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def _chance(share: float, draw: Random) -> bool:
    return draw.random() < share


def _one(terms: type[StrEnum], draw: Random) -> str:
    return str(draw.choice([*terms]))


def _some(terms: type[StrEnum], most: int, draw: Random) -> list[str]:
    return [str(term) for term in draw.sample([*terms], draw.randint(0, most))]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a file: a dataset document, or one table in the format of the file's suffix."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("municipalities", type=int, help="number of municipalities")
    parser.add_argument("file", type=Path, help="file to write: .json, .jsonl or .csv")
    parser.add_argument("--table", choices=TABLES, help="one table instead of a dataset document")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the random numbers")
    options = parser.parse_args(arguments)
    with options.file.open("wb") as out:
        if options.table is None:
            count = write_document(out, options.municipalities, options.seed)
        else:
            count = WRITERS[options.file.suffix](out, rows(options.table, options.municipalities, options.seed))
    print(f"{count:,} records")


if __name__ == "__main__":
    main()
