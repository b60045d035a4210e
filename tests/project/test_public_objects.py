"""What holds for all public names: hints can be read, and objects can be copied, pickled and hashed."""

import copy
import inspect
import pickle
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

import eaps_data as eaps

VERSIONS = eaps.diff("1.0.0", eaps.load())
WHY = eaps.why("revere-bhu")
OBJECTS: list[Any] = [
    eaps.load(),
    eaps.load().document,
    *(getattr(eaps, name) for name in vars(eaps)["_OF_THE_PACKAGED_DATASET"]),
    eaps.programs[0],
    eaps.programs[:0],
    eaps.Need.HOMELESSNESS,
    eaps.cite(),
    VERSIONS,
    next(iter(VERSIONS)),
    eaps.diff(eaps.load(), eaps.load()),
    eaps.search("youth"),
    eaps.search("youth")[0],
    eaps.search("youth")[0].matches[0],
    eaps.search("xylophones"),
    WHY,
    WHY.claims[0],
    eaps.not_stated()[0],
    eaps.export.FORMATS["csv"],
    eaps.validation.Input("a.json", "json"),
    eaps.validation.Count(1, "programs"),
    eaps.Problem("shape", "no shape"),
]


def public_callables() -> Iterator[tuple[str, Any]]:
    """Yield the public functions, and the classes with their public methods and properties."""
    for module in (eaps, eaps.export, eaps.plot, eaps.validation):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isroutine(value) or inspect.isclass(value):
                yield name, value
            for base in inspect.getmro(value) if inspect.isclass(value) else ():
                for member, held in vars(base).items() if base.__module__.startswith("eaps_data") else ():
                    function = getattr(held, "fget", getattr(held, "__func__", held))
                    if inspect.isfunction(function) and not member.startswith("_"):
                        yield f"{name}.{member}", function


CALLABLES = dict(public_callables())


def test_public_callables_are_found() -> None:
    assert {"search", "Programs", "Programs.where", "Dataset.from_path", "Hit.matched", "map", "validate"} <= {
        *CALLABLES
    }


@pytest.mark.parametrize("name", CALLABLES)
def test_type_hints_can_be_read_at_run_time(name: str) -> None:
    get_type_hints(CALLABLES[name])


@pytest.mark.parametrize("value", OBJECTS, ids=lambda value: type(value).__name__)
def test_copies_and_pickles_are_equal_with_equal_hashes(value: Any) -> None:
    copies = [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]  # noqa: S301 - our own bytes
    for each in copies:
        assert (type(each), each, hash(each), repr(each), str(each)) == (
            type(value),
            value,
            hash(value),
            repr(value),
            str(value),
        )


def test_equal_changes_have_equal_hashes() -> None:
    again = eaps.diff("1.0.0", eaps.load())
    assert hash(again) == hash(VERSIONS)
    assert {*again} == {*VERSIONS}
