"""On Dask, a partitioned data set has the same problems as on one machine, by the code of docs/scaling.md."""

import gzip
import pickle
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eaps_data.errors import Problem
from eaps_data.validation import check_lines, validate_file

ROOT = Path(__file__).parents[2]
PARTS = {
    "part-0.jsonl": [
        '{"id": "alpha-office", "name": "Alpha Office", "kind": "office"}',
        '{"id": "beta-police", "name": "Beta Police", "kind": "polise-department"}',
        '{"id": "gamma", "name": ',
        '{"id": "delta", "name": "Delta"}',
        '{"id": "delta", "name": "Delta, in the same file"}',
    ],
    "part-1.jsonl": [
        '{"id": "epsilon"}',
        '{"name": "\u201cAlpha\u201d, with the id \\"id\\"", "id": "alpha-office"}',
        '{"id": "zeta", "name": "Zeta", "nmae": "Zeta", "kind": 7}',
        "",
        '{"id": "beta-police", "name": "The id of an invalid record"}',
        '{"id": "delta", "name": "Delta", "id": "delta"}',
    ],
    "part-2.jsonl": ['{"id": "eta", "name": "Eta"}'],
    "part-3.jsonl": [
        '{"id": "alpha-office", "name": "Alpha, once more"}',
        '{"id": "epsilon", "name": "Epsilon"}',
        '{"id": "eta", "name": "Eta"}',
    ],
}

NEEDED = "the recipe for Dask needs Dask: pip install 'dask[distributed]'"

Recipe = Callable[[list[str]], list[Problem]]


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """The functions and the part for Dask, copied into one script."""
    pytest.importorskip("distributed", reason=NEEDED)
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    functions, on_dask = re.findall(r"^```py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[:2]
    script = tmp_path_factory.mktemp("recipe") / "validate_parts.py"
    script.write_text(functions + on_dask, encoding="utf-8")
    problems_in: Any = runpy.run_path(str(script), run_name="validate_parts")["problems_in"]
    return lambda files: sorted(problems_in(files).compute(), key=lambda problem: (problem.file, problem.line))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[None]:
    distributed: Any = pytest.importorskip("distributed", reason=NEEDED)
    options = {"host": "127.0.0.1", "dashboard_address": None, "local_directory": tmp_path / "workers"}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as started,
        distributed.Client(started),
    ):
        yield


def write(parts: dict[str, list[str]], folder: Path) -> list[str]:
    for name, lines in parts.items():
        data = "".join(f"{line}\n" for line in lines).encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return [str(folder / name) for name in parts]


def problems_in_one_file(parts: dict[str, list[str]], folder: Path) -> list[Problem]:
    """The problems of all lines in one file, with their locations in the parts."""
    (whole,) = write({"whole.jsonl": [line for lines in parts.values() for line in lines]}, folder)
    places = [(str(folder / name), number) for name, lines in parts.items() for number, _ in enumerate(lines, start=1)]
    found = []
    for problem in validate_file(whole, "partners"):
        assert problem.line is not None
        file, line = places[problem.line - 1]
        found.append(problem._replace(file=file, line=line))
    return found


@pytest.fixture
def no_cluster() -> Iterator[None]:
    """Run everything in the process of the test."""
    dask: Any = pytest.importorskip("dask", reason=NEEDED)
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_a_cluster_finds_the_same_problems_as_one_machine(recipe: Recipe, tmp_path: Path) -> None:
    files = write(PARTS, tmp_path)
    found = recipe(files)

    assert found == problems_in_one_file(PARTS, tmp_path)

    each_by_itself = [problem for file in files for problem in validate_file(file, "partners")]
    assert {problem.rule for problem in each_by_itself} >= {"not-json", "term", "missing-field", "duplicate-id"}
    assert [problem for problem in found if problem in each_by_itself] == each_by_itself
    column = PARTS["part-1.jsonl"][1].index('"alpha-office"') + 1
    across = [problem for problem in found if problem not in each_by_itself]
    assert [(problem.file, problem.line, problem.column, problem.rule, problem.record) for problem in across] == [
        (files[1], 2, column, "duplicate-id", "partners/alpha-office"),
        (files[3], 1, 8, "duplicate-id", "partners/alpha-office"),
        (files[3], 3, 8, "duplicate-id", "partners/eta"),
    ]


@pytest.mark.usefixtures("no_cluster")
@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"part-0.jsonl": []},
        {"part-0.jsonl": ['{"id": "a", "name": "A"}']},
        {"part-0.jsonl": ['{"id": "a", "name": "A"}'], "part-1.jsonl": ['{"id": "b", "name": "B"}']},
        {"part-0.jsonl.gz": ['{"id": "a", "name": "A"}'], "part-1.jsonl": ['{"name": "A", "id": "a"}']},
        {f"part-{name}.jsonl": ['{"id": "a", "name": "A"}', '{"id": "b"}'] for name in range(5)},
    ],
    ids=["no part", "an empty part", "one part", "valid", "gzip", "many with one id"],
)
def test_any_partition_has_the_same_problems(parts: dict[str, list[str]], recipe: Recipe, tmp_path: Path) -> None:
    assert recipe(write(parts, tmp_path)) == problems_in_one_file(parts, tmp_path)


def test_check_lines_and_problems_can_be_pickled() -> None:
    lines = [line.encode() for line in PARTS["part-1.jsonl"]]
    problems = check_lines(lines, "partners", first=7, file="x.jsonl")
    assert len({problem.rule for problem in problems}) > 3
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        check, again = pickle.loads(pickle.dumps((check_lines, problems), protocol))  # noqa: S301 - our own
        assert again == problems
        assert [problem.path for problem in again] == [problem.path for problem in problems]
        assert check(lines, "partners", first=7, file="x.jsonl") == problems
