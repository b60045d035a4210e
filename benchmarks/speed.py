"""Measure the package from its import to its answers, beside what one would take instead, and print the ratios.

    python benchmarks/speed.py            # prints
    python benchmarks/speed.py --write    # and replaces the table and the curve of docs/performance.md
    python benchmarks/speed.py --quick    # shows in seconds that it runs; its numbers mean nothing

Every number says how many times as long ours takes: 1 is as long, 2 twice as long. What cannot be measured is
skipped, and the table says why.
"""

import argparse
import gc
import json
import platform
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import curve
import measuring
import pages
import synthetic

from eaps_data import Dataset, load
from eaps_data._internal import resources
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLES
from eaps_data.rules import integrity

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "growth.svg"
MARKS: Final = ("<!-- measured from import to answer -->", "<!-- end of what is measured from import to answer -->")
PEERS: Final = ("pycountry", "us", "holidays")

_FIRST: Final[Mapping[str, str]] = {
    "pycountry": "import pycountry; pycountry.countries.get(alpha_2='US')",
    "us": "import us; us.states.lookup('MA')",
    "holidays": "import holidays; holidays.country_holidays('US').get('2026-07-04')",
}
_FLOOR: Final = """
import sys
from eaps_data.models.records import DatasetDocument
from eaps_data.models.table_specs import TABLES
with open(sys.argv[1], "rb") as file:
    DatasetDocument.model_validate_json(file.read())
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: how many times as long ours takes."""

    measured: str
    peer: str
    ratio: float | None = None
    most: float | None = None
    """What the ratio is to be at most, where there is a target."""
    skipped: str | None = None

    def cells(self) -> tuple[str, str, str]:
        """The texts of its cells."""
        if self.ratio is None:
            return self.measured, self.peer, f"skipped: {self.skipped}"
        text = f"{self.ratio:.2f}" if self.ratio < 10 else f"{self.ratio:.0f}"  # noqa: PLR2004 - three digits tell enough
        if self.most is not None:
            text += f" (target {self.most:g} at most: {'met' if self.ratio <= self.most else 'not met'})"
        return self.measured, self.peer, text


class Benchmark:
    """One run of all, in a folder that is thrown away."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        """Measure with files in `folder`, as the command line says."""
        self._folder, self._rounds, self._skip = folder, options.rounds, options.skip
        self._municipalities: int = options.municipalities
        self.versions: dict[str, str] = {}

    @cached_property
    def _large(self) -> Dataset:
        _progress("the large dataset")
        large = Dataset.from_json(synthetic.document(self._municipalities))
        gc.freeze()  # else each look for garbage between the runs goes through all of it
        return large

    def rows(self) -> Iterator[Row]:
        """All lines of the table, each as it is measured."""
        # The large dataset comes last: while it is held, loading anything takes another time than usual.
        for measure in (self._starts, self._loads, self._exports, self._memory, self._lookups, self._filters):
            _progress(measure.__name__.removeprefix("_"))
            yield from measure()
        yield from self._searches()

    def _starts(self) -> Iterator[Row]:
        packaged = self._folder / "packaged.json"
        packaged.write_text(load().to_json(), encoding="utf-8")
        small = self._folder / "programs.json"
        small.write_bytes(resources.data("programs"))
        python = (sys.executable, "-c")
        codes: dict[str, Sequence[str]] = {
            "a bare start of Python": (*python, "pass"),
            "`from pydantic import BaseModel`": (*python, "from pydantic import BaseModel"),
            "pydantic, the same models and data": (*python, _FLOOR, str(packaged)),
            "import": (*python, "import eaps_data"),
            "record": (*python, "import eaps_data; eaps_data.programs['revere-bhu']"),
        }
        commands = {
            "`eaps-data list programs`": ("list", "programs"),
            "`eaps-data schema program`": ("schema", "program"),
            "`eaps-data validate` of a small file": ("validate", str(small)),
            "`eaps-data show revere-bhu`": ("show", "revere-bhu"),
        }
        codes |= {name: (*python, "from eaps_data.cli import run; run()", *words) for name, words in commands.items()}
        codes |= {peer: (*python, _FIRST[peer]) for peer in PEERS if self._has(peer)}
        times = measuring.medians({name: (words, None) for name, words in codes.items()}, 3 * self._rounds)
        bare = "a bare start of Python"
        yield Row("`import eaps_data`, whole process", bare, times["import"] / times[bare], 1.15)
        for peer, most in (
            ("pydantic, the same models and data", 1.1),
            ("`from pydantic import BaseModel`", None),
            *((peer, None) for peer in PEERS),
        ):
            if peer in times:
                yield Row("the first record, whole process", peer, times["record"] / times[peer], most)
            else:
                yield Row("the first record, whole process", peer, skipped=self._why(peer))
        for name in commands:
            yield Row(name, bare, times[name] / times[bare])

    def _lookups(self) -> Iterator[Row]:
        for table in ("municipalities", "programs"):
            collection = getattr(self._large, table)
            plain = {record.id: record for record in collection}
            keys = random.Random(1).sample([*plain], len(plain))
            ratio = self._ratio(partial(_ask, collection, keys), partial(_ask, plain, keys))
            yield Row(f"a lookup by id among {len(plain):,} {table}", "a dict", ratio, 2)
        few, many = load().municipalities, self._large.municipalities
        for name, keys_of in _SPELLINGS.items():
            spelled = {keys_of(record): record for record in many}
            asked = random.Random(1).sample([*spelled], min(300, len(many)))
            ratio = self._ratio(partial(_ask, many, asked), partial(_ask, spelled, asked))
            yield Row(f"a lookup by {name} among {len(many):,} municipalities", "a dict of the like", ratio)
            yield from self._beside_peers(name, [keys_of(record) for record in [*few] * 50], few)

    def _beside_peers(self, name: str, asked: Sequence[str], few: Any) -> Iterator[Row]:
        for peer, words, lookup in _peer_lookups(name):
            if not self._has(peer):
                yield Row(f"a lookup by {name}", peer, skipped=self._why(peer))
                continue
            ask = lookup()
            theirs = [*words] * (len(asked) // len(words))
            ratio = self._ratio(
                partial(_ask, few, asked),
                partial(_ask_each, ask, theirs),
                per=(len(asked), len(theirs)),
            )
            yield Row(f"a lookup by {name}", f"{peer}, by the like", ratio, 1)

    def _filters(self) -> Iterator[Row]:
        programs, towns = self._large.programs, self._large.municipalities
        ids = random.Random(2).sample(towns.ids, min(200, len(towns)))
        records = [*programs]
        ratio = self._ratio(
            lambda: [programs.where(municipality=town) for town in ids],
            lambda: [[row for row in records if row.municipality == town] for town in ids[:2]],
            per=(len(ids), 2),
        )
        yield Row(f"`where(municipality=…)` among {len(programs):,} programs", "a list comprehension", ratio)
        small = load()
        ratio = self._ratio(
            lambda: [programs.where(municipality=town) for town in ids],
            lambda: [small.programs.where(municipality=town) for town in small.municipalities.ids * 20],
            per=(len(ids), len(small.municipalities) * 20),
        )
        yield Row(f"`where(municipality=…)` among {len(programs):,} programs", "among fourteen", ratio)
        rows = self._large.evidence
        subjects = [f"programs/{key}" for key in random.Random(3).sample(programs.ids, min(100, len(programs)))]
        plain = [*rows]
        ratio = self._ratio(
            lambda: [rows.where(subject=subject) for subject in subjects],
            lambda: [row for row in plain if row.subject == subjects[0]],
            per=(len(subjects), 1),
        )
        yield Row(f"`where(subject=…)` among {len(rows):,} evidence rows", "a list comprehension", ratio)

    def _searches(self) -> Iterator[Row]:
        texts = [record.model_dump_json().casefold() for record in self._large.programs]
        words = ("peer", "recovery")
        begun = perf_counter()
        self._large.search("peer recovery")
        first = perf_counter() - begun
        later = self._best(lambda: self._large.search("peer recovery"))
        by_hand = self._best(lambda: [text for text in texts if all(word in text for word in words)])
        count = len(self._large.programs) + len(self._large.municipalities) + len(self._large.partners)
        what = f"a search in {count:,} records"
        yield Row(what, "each word looked for in the programs' JSON", later / by_hand)
        yield Row(f"{what}, the first", "a later one", first / later)

    def _loads(self) -> Iterator[Row]:
        for municipalities in sorted({6, self._municipalities // 36, self._municipalities // 6}):
            data = synthetic.document(max(1, municipalities))
            records = data.count(b"\n")
            ours, raw, parsed = (
                partial(Dataset.from_json, data),
                partial(DatasetDocument.model_validate_json, data),
                partial(json.loads, data),
            )
            times = self._times(ours=ours, raw=raw, parsed=parsed)
            what = f"`Dataset.from_json` of {records:,} records"
            yield Row(what, "pydantic's `model_validate_json`", times["ours"] / times["raw"], 1.3)
            yield Row(what, "`json.loads`", times["ours"] / times["parsed"])

    def _exports(self) -> Iterator[Row]:
        data = synthetic.document(max(1, self._municipalities // 36))
        dataset = Dataset.from_json(data)
        plain = json.loads(data)
        times = self._times(
            ours=dataset.to_json,
            raw=dataset.document.model_dump_json,
            plain=partial(json.dumps, plain, ensure_ascii=False, indent=2),
        )
        yield Row("`to_json`, canonical", "`json.dumps` of plain data, indented", times["ours"] / times["plain"])
        yield Row("`to_json`, canonical", "pydantic's `model_dump_json`", times["ours"] / times["raw"])

    def _memory(self) -> Iterator[Row]:
        data = synthetic.document(max(1, self._municipalities // 36))
        bare = _held(partial(DatasetDocument.model_validate_json, data))
        ours = _held(partial(_loaded_and_asked, data))
        yield Row("memory of a dataset with its index of ids", "the bare models", ours / bare, 1.5)

    def growth(self, sizes: Sequence[int]) -> dict[str, list[tuple[int, float]]]:
        """For each thing that is measured, how long it takes with so many records, for a record or for a question."""
        found: dict[str, list[tuple[int, float]]] = {name: [] for name in curve.LINES}
        for municipalities in sizes:
            data = synthetic.document(municipalities)
            dataset = Dataset.from_json(data)
            records = sum(len(getattr(dataset, table)) for table in TABLES)
            _progress(f"growth: {records:,} records")
            # As many questions of each, lest the time of asking at all count for more where there are few records.
            ids = random.Random(4).choices(dataset.municipalities.ids, k=300)
            names = [dataset.municipalities[key].styled_name.upper() for key in ids]
            searchable = len(dataset.municipalities) + len(dataset.programs) + len(dataset.partners)
            times = {
                "load": self._best(partial(Dataset.from_json, data)) / records,
                "rules between records": self._best(partial(integrity.check, dataset.document)) / records,
                "lookup by id": self._best(partial(_ask, dataset.municipalities, ids)) / len(ids),
                "lookup by name": self._best(partial(_ask, dataset.municipalities, names)) / len(ids),
                "lookup in a dict": self._best(partial(_ask, {key: key for key in dataset.municipalities.ids}, ids))
                / len(ids),
                "filter": self._best(partial(_ask_each, partial(_programs_of, dataset), ids)) / len(ids),
                "search": self._best(partial(dataset.search, "peer recovery")) / searchable,
            }
            for name, seconds in times.items():
                found[name].append((records, seconds))
        return found

    def _has(self, peer: str) -> bool:
        if peer in self._skip or find_spec(peer) is None:
            return False
        self.versions[peer] = f"{peer} {version(peer)}"
        return True

    def _why(self, peer: str) -> str:
        return "left out" if peer in self._skip else f"{peer} is not installed"

    def _ratio(self, ours: Callable[[], object], theirs: Callable[[], object], per: tuple[int, int] = (1, 1)) -> float:
        times = self._times(ours=ours, theirs=theirs)
        return (times["ours"] / per[0]) / (times["theirs"] / per[1])

    def _times(self, **runs: Callable[[], object]) -> dict[str, float]:
        """The best time of each, all taking turns after a run that is not counted: it makes the indexes."""
        timed = {name: partial(_timed, run) for name, run in runs.items()}
        measuring.in_turns(timed, 1)
        return {name: min(times) for name, times in measuring.in_turns(timed, self._rounds).items()}

    def _best(self, run: Callable[[], object]) -> float:
        return self._times(run=run)["run"]


_SPELLINGS: Final[Mapping[str, Callable[[Any], str]]] = {
    "name": lambda record: record.name,
    "name in other case": lambda record: record.styled_name.upper(),
    "code": lambda record: record.identifiers.county_subdivision_geoid,
}


def _peer_lookups(name: str) -> Iterator[tuple[str, Sequence[str], Callable[[], Callable[[str], object]]]]:
    """Who can be asked by the like of a key: the peer, keys of its own, and what gives its lookup."""
    countries = {
        "name": ("Germany", "France", "Japan"),
        "name in other case": ("GERMANY", "FRANCE", "JAPAN"),
        "code": ("276", "250", "392"),
    }
    states = {
        "name": ("Massachusetts", "Vermont", "Maine"),
        "name in other case": ("MASSACHUSETTS", "VERMONT", "MAINE"),
        "code": ("25", "50", "23"),
    }
    yield "pycountry", countries[name], _pycountry
    yield "us", states[name], _us


def _pycountry() -> Callable[[str], object]:
    lookup: Callable[[str], object] = import_module("pycountry").countries.lookup
    return lookup


def _us() -> Callable[[str], object]:
    lookup: Callable[[str], object] = import_module("us").states.lookup
    return lookup


def _ask(where: Any, keys: Sequence[str]) -> None:
    for key in keys:
        where[key]


def _ask_each(ask: Callable[[str], object], keys: Sequence[str]) -> None:
    for key in keys:
        ask(key)


def _programs_of(dataset: Dataset, municipality: str) -> object:
    return dataset.programs.where(municipality=municipality)


def _loaded_and_asked(data: bytes) -> Dataset:
    dataset = Dataset.from_json(data)
    for table in ("municipalities", "programs", "partners", "partnerships"):
        collection = getattr(dataset, table)
        collection.get(collection.ids[0])  # makes the index of ids
    return dataset


def _held(make: Callable[[], object]) -> int:
    """How many bytes stay allocated while what is made is held."""
    make()
    gc.collect()
    tracemalloc.start()
    held = make()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del held
    return size


def _timed(run: Callable[[], object]) -> float:
    gc.collect()
    begun = perf_counter()
    run()
    return perf_counter() - begun


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print or write the table and the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--municipalities", type=int, default=36_000, help="how many the large dataset has")
    parser.add_argument("--rounds", type=int, default=5, help="how often each takes its turn")
    parser.add_argument("--skip", nargs="*", choices=PEERS, default=[], help="peers that are left out")
    parser.add_argument("--quick", action="store_true", help="a tiny dataset, one round")
    parser.add_argument("--write", action="store_true", help=f"replace the table in {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    if options.quick:
        options.municipalities, options.rounds = 36, 1
    with TemporaryDirectory() as folder:
        benchmark = Benchmark(Path(folder), options)
        text = pages.table(("measured", "compared with", "times as long"), (row.cells() for row in benchmark.rows()))
    sizes = (1, 3) if options.quick else (1, 4, 14, 45, 140, 450, 1_400)
    picture = curve.svg(benchmark.growth(sizes))
    python = f"Python {platform.python_version()}"
    told = ", ".join([f"eaps-data {version('eaps-data')}", python, f"pydantic {version('pydantic')}"])
    told = ", ".join([told, *benchmark.versions.values()])
    text += f"\n\nMeasured on {datetime.now(UTC).date()} with {told}."
    print(text)
    if options.write:
        pages.write(PAGE, MARKS, text)
        PICTURE.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
