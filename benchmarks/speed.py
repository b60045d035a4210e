"""Measure the package from its import to its answers, compared with other ways, and print the ratios as Markdown.

    python benchmarks/speed.py            # prints
    python benchmarks/speed.py --write    # also updates the table and the chart in docs/performance.md
    python benchmarks/speed.py --quick    # takes seconds, to show that it runs; ignore its numbers

Every number says how many times as long `eaps-data` takes: 1 is as long, 2 twice as long. Rows that cannot be measured
are skipped with the reason.
"""

import argparse
import gc
import json
import platform
import random
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import growth
import report
import synthetic
import timing

import eaps_data as eaps
from eaps_data.validation import validate

CHART: Final = report.PAGE.with_name("growth.svg")
PEERS: Final = ("pycountry", "us", "holidays")

_FIRST_RECORD: Final[Mapping[str, str]] = {
    "pycountry": "import pycountry; pycountry.countries.get(alpha_2='US')",
    "us": "import us; us.states.lookup('MA')",
    "holidays": "import holidays; holidays.country_holidays('US').get('2026-07-04')",
}
_MODELS_ONLY: Final = """
import sys
from eaps_data.models.records import DatasetDocument
with open(sys.argv[1], "rb") as file:
    DatasetDocument.model_validate_json(file.read())
"""
_KEYS: Final[Mapping[str, Callable[[Any], str]]] = {
    "name": lambda record: record.name,
    "name in other case": lambda record: record.styled_name.upper(),
    "code": lambda record: record.identifiers.county_subdivision_geoid,
}
_PEER_KEYS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "pycountry": {
        "name": ("Germany", "France", "Japan"),
        "name in other case": ("GERMANY", "FRANCE", "JAPAN"),
        "code": ("276", "250", "392"),
    },
    "us": {
        "name": ("Massachusetts", "Vermont", "Maine"),
        "name in other case": ("MASSACHUSETTS", "VERMONT", "MAINE"),
        "code": ("25", "50", "23"),
    },
}
_PEER_LOOKUPS: Final[Mapping[str, Callable[[], Callable[[str], object]]]] = {
    "pycountry": lambda: import_module("pycountry").countries.lookup,
    "us": lambda: import_module("us").states.lookup,
}

Row = tuple[str, str, str]
"""What is measured, what it is compared with, and the ratio."""


class Benchmark:
    """One run of all measurements, in a temporary folder."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        """Measure with files in `folder`, with the options of the command line."""
        self._folder, self._rounds, self._skip = folder, options.rounds, options.skip
        self._municipalities: int = options.municipalities
        self.versions: list[str] = []

    @cached_property
    def _large(self) -> eaps.Dataset:
        _progress("the large dataset")
        large = eaps.Dataset.from_json(synthetic.document(self._municipalities))
        gc.freeze()  # else each garbage collection walks through the whole dataset
        return large

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the table as they are measured."""
        # The large dataset comes last: while it is in memory, loading takes longer than usual.
        measures = (
            self._starts,
            self._loads,
            self._exports,
            self._memory,
            self._lookups,
            self._filters,
            self._searches,
        )
        for measure in measures:
            _progress(measure.__name__.removeprefix("_"))
            yield from measure()

    def _starts(self) -> Iterator[Row]:
        packaged, programs = self._folder / "packaged.json", self._folder / "programs.json"
        packaged.write_text(eaps.load().to_json(), encoding="utf-8")
        programs.write_text(json.dumps(eaps.load().to_rows()["programs"]), encoding="utf-8")
        bare, models = "a bare start of Python", "pydantic, the same models and data"
        codes: dict[str, Sequence[str]] = {
            bare: ("pass",),
            "`from pydantic import BaseModel`": ("from pydantic import BaseModel",),
            models: (_MODELS_ONLY, str(packaged)),
            "import": ("import eaps_data",),
            "first record": ("import eaps_data; eaps_data.programs['revere-bhu']",),
            **{peer: (_FIRST_RECORD[peer],) for peer in PEERS if self._has(peer)},
        }
        commands: dict[str, Sequence[str]] = {
            "`eaps-data list programs`": ("list", "programs"),
            "`eaps-data schema program`": ("schema", "program"),
            "`eaps-data validate` of a small file": ("validate", str(programs)),
            "`eaps-data show revere-bhu`": ("show", "revere-bhu"),
        }
        codes |= {name: ("from eaps_data.cli import run; run()", *words) for name, words in commands.items()}
        times = timing.median_of_commands(
            {name: (sys.executable, "-c", *words) for name, words in codes.items()}, 3 * self._rounds
        )
        yield "`import eaps_data`, whole process", bare, _at_most(times["import"] / times[bare], 1.15)
        for peer, target in (
            (models, 1.1),
            ("`from pydantic import BaseModel`", None),
            *((peer, None) for peer in PEERS),
        ):
            ratio = _at_most(times["first record"] / times[peer], target) if peer in times else self._skipped(peer)
            yield "the first record, whole process", peer, ratio
        for name in commands:
            yield name, bare, _at_most(times[name] / times[bare])

    def _loads(self) -> Iterator[Row]:
        for municipalities in sorted({6, self._municipalities // 36, self._municipalities // 6}):
            data = synthetic.document(max(1, municipalities))
            times = self._times(
                ours=partial(eaps.Dataset.from_json, data),
                pydantic=partial(eaps.DatasetDocument.model_validate_json, data),
                json=partial(json.loads, data),
            )
            name = f"`Dataset.from_json` of {_records(data):,} records"
            yield name, "pydantic's `model_validate_json`", _at_most(times["ours"] / times["pydantic"], 1.3)
            yield name, "`json.loads`", _at_most(times["ours"] / times["json"])

    def _exports(self) -> Iterator[Row]:
        data = synthetic.document(max(1, self._municipalities // 36))
        dataset, plain = eaps.Dataset.from_json(data), json.loads(data)
        times = self._times(
            ours=dataset.to_json,
            pydantic=dataset.document.model_dump_json,
            json=partial(json.dumps, plain, ensure_ascii=False, indent=2),
        )
        yield "`to_json`, canonical", "`json.dumps` of plain data, indented", _at_most(times["ours"] / times["json"])
        yield "`to_json`, canonical", "pydantic's `model_dump_json`", _at_most(times["ours"] / times["pydantic"])

    def _memory(self) -> Iterator[Row]:
        data = synthetic.document(max(1, self._municipalities // 36))
        ratio = _size_of(partial(_load_with_index, data)) / _size_of(
            partial(eaps.DatasetDocument.model_validate_json, data)
        )
        yield "memory of a dataset with its index of ids", "the models alone", _at_most(ratio, 1.5)

    def _lookups(self) -> Iterator[Row]:
        for table in ("municipalities", "programs"):
            collection = getattr(self._large, table)
            plain = {record.id: record for record in collection}
            keys = random.Random(1).sample([*plain], len(plain))
            times = self._times(ours=partial(_look_up, collection, keys), plain=partial(_look_up, plain, keys))
            yield f"a lookup by id among {len(plain):,} {table}", "a dict", _at_most(times["ours"] / times["plain"], 2)
        for name, key_of in _KEYS.items():
            yield from self._lookups_by(name, key_of)

    def _lookups_by(self, name: str, key_of: Callable[[Any], str]) -> Iterator[Row]:
        few, many = eaps.municipalities, self._large.municipalities
        plain = {key_of(record): record for record in many}
        keys = random.Random(1).sample([*plain], min(300, len(many)))
        times = self._times(ours=partial(_look_up, many, keys), plain=partial(_look_up, plain, keys))
        measured = f"a lookup by {name} among {len(many):,} municipalities"
        yield measured, "a dict of such keys", _at_most(times["ours"] / times["plain"])
        for peer, peer_keys in _PEER_KEYS.items():
            if not self._has(peer):
                yield f"a lookup by {name}", peer, self._skipped(peer)
                continue
            # As many lookups each: 50 times six keys, and 100 times three.
            times = self._times(
                ours=partial(_look_up, few, [key_of(record) for record in few] * 50),
                theirs=partial(_call_each, _PEER_LOOKUPS[peer](), [*peer_keys[name]] * 100),
            )
            yield f"a lookup by {name}", f"{peer}, by a similar key", _at_most(times["ours"] / times["theirs"], 1)

    def _filters(self) -> Iterator[Row]:
        programs, evidence = self._large.programs, self._large.evidence
        ids = random.Random(2).sample(self._large.municipalities.ids, min(200, len(self._large.municipalities)))
        subjects = [f"programs/{key}" for key in random.Random(3).sample(programs.ids, min(100, len(programs)))]
        records, rows = [*programs], [*evidence]
        few = eaps.municipalities.ids * 20
        times = self._times(
            programs=lambda: [programs.where(municipality=town) for town in ids],
            scan=lambda: [[row for row in records if row.municipality == town] for town in ids[:2]],
            few=lambda: [eaps.programs.where(municipality=town) for town in few],
            evidence=lambda: [evidence.where(subject=subject) for subject in subjects],
            evidence_scan=lambda: [row for row in rows if row.subject == subjects[0]],
        )
        each = times["programs"] / len(ids)
        name = f"`where(municipality=…)` among {len(programs):,} programs"
        yield name, "a list comprehension", _at_most(each / (times["scan"] / len(ids[:2])))
        yield name, "among fourteen", _at_most(each / (times["few"] / len(few)))
        name = f"`where(subject=…)` among {len(rows):,} evidence rows"
        yield name, "a list comprehension", _at_most(times["evidence"] / len(subjects) / times["evidence_scan"])

    def _searches(self) -> Iterator[Row]:
        texts = [record.model_dump_json().casefold() for record in self._large.programs]
        search = partial(self._large.search, "peer recovery")
        first = timing.seconds(search)  # builds the index
        times = self._times(ours=search, scan=lambda: [text for text in texts if "peer" in text and "recovery" in text])
        count = len(self._large.programs) + len(self._large.municipalities) + len(self._large.partners)
        name = f"a search in {count:,} records"
        yield name, "a scan of the programs' JSON for each word", _at_most(times["ours"] / times["scan"])
        yield f"{name}, the first", "a later one", _at_most(first / times["ours"])

    def growth(self, sizes: Sequence[int]) -> dict[str, list[tuple[int, float]]]:
        """Return, for each line of the chart, the time per record or per query by number of records."""
        points: dict[str, list[tuple[int, float]]] = {name: [] for name in growth.LINES}
        for municipalities in sizes:
            data = synthetic.document(municipalities)
            dataset = eaps.Dataset.from_json(data)
            records = _records(data)
            _progress(f"growth: {records:,} records")
            # The same number of queries for each size: else a call's overhead would count more in a small dataset.
            ids = random.Random(4).choices(dataset.municipalities.ids, k=300)
            names = [dataset.municipalities[key].styled_name.upper() for key in ids]
            searched = len(dataset.municipalities) + len(dataset.programs) + len(dataset.partners)
            runs: dict[str, tuple[Callable[[], object], int]] = {
                "load": (partial(eaps.Dataset.from_json, data), records),
                "validate": (partial(validate, data), records),
                "lookup by id": (partial(_look_up, dataset.municipalities, ids), len(ids)),
                "lookup by name": (partial(_look_up, dataset.municipalities, names), len(ids)),
                "lookup in a dict": (
                    partial(_look_up, {key: key for key in dataset.municipalities.ids}, ids),
                    len(ids),
                ),
                "filter": (partial(_call_each, partial(_programs_of, dataset), ids), len(ids)),
                "search": (partial(dataset.search, "peer recovery"), searched),
            }
            for name, (run, count) in runs.items():
                points[name].append((records, self._times(run=run)["run"] / count))
        return points

    def _has(self, peer: str) -> bool:
        if peer in self._skip or find_spec(peer) is None:
            return False
        self.versions.append(f"{peer} {version(peer)}")
        return True

    def _skipped(self, peer: str) -> str:
        return f"skipped: {'excluded' if peer in self._skip else f'{peer} is not installed'}"

    def _times(self, **runs: Callable[[], object]) -> dict[str, float]:
        return timing.best(runs, self._rounds)


def _at_most(ratio: float, target: float | None = None) -> str:
    return report.ratio(ratio, target, at_most=True)


def _records(data: bytes) -> int:
    return data.count(b"\n")


def _look_up(collection: Any, keys: Sequence[str]) -> None:
    for key in keys:
        collection[key]


def _call_each(function: Callable[[str], object], keys: Sequence[str]) -> None:
    for key in keys:
        function(key)


def _programs_of(dataset: eaps.Dataset, municipality: str) -> object:
    return dataset.programs.where(municipality=municipality)


def _load_with_index(data: bytes) -> eaps.Dataset:
    dataset = eaps.Dataset.from_json(data)
    for collection in (dataset.municipalities, dataset.programs, dataset.partners, dataset.partnerships):
        collection.get(collection.ids[0])  # builds the index of ids
    return dataset


def _size_of(make: Callable[[], object]) -> int:
    """Return the bytes that stay allocated while the result is in memory."""
    make()
    gc.collect()
    tracemalloc.start()
    result = make()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return size


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the table, and update the page and the chart if requested."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--municipalities", type=int, default=36_000, help="size of the large dataset")
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds")
    parser.add_argument("--skip", nargs="*", choices=PEERS, default=[], help="packages to exclude")
    parser.add_argument("--quick", action="store_true", help="a tiny dataset, one round")
    parser.add_argument("--write", action="store_true", help="update docs/performance.md and docs/growth.svg")
    options = parser.parse_args()
    if options.quick:
        options.municipalities, options.rounds = 36, 1
    with TemporaryDirectory() as folder:
        benchmark = Benchmark(Path(folder), options)
        table = report.table(("measured", "compared with", "times as long"), benchmark.rows())
    chart = growth.svg(benchmark.growth((1, 3) if options.quick else (1, 4, 14, 45, 140, 450, 1_400)))
    versions = [f"{name} {version(name)}" for name in ("eaps-data", "pydantic")]
    text = f"{table}\n\n{report.measured(*versions, f'Python {platform.python_version()}', *benchmark.versions)}"
    print(text)
    if options.write:
        report.update("measured from import to answer", text)
        CHART.write_text(chart, encoding="utf-8")


if __name__ == "__main__":
    main()
