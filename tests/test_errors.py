"""Errors and warnings name what is wrong, where, and how to fix it, and survive pickling."""

import pickle
from collections.abc import Callable

import pytest

import eaps_data as eaps
from eaps_data.errors import did_you_mean

ERRORS: dict[str, tuple[Exception, str]] = {
    "key": (eaps.KeyNotFoundError("programs", "a"), "unknown programs key 'a'"),
    "closest": (
        eaps.KeyNotFoundError("programs", "a", ("b", "c")),
        "unknown programs key 'a' (did you mean 'b' or 'c'?)",
    ),
    "removed": (
        eaps.RemovedIdError("programs", "a", "2.0.0", "It is gone."),
        "removed programs id 'a' (since data 2.0.0): It is gone.",
    ),
    "ambiguous": (eaps.AmbiguousKeyError("dataset", "a", ("b", "c")), "ambiguous dataset key 'a'; use one of: b, c"),
    "filter": (
        eaps.UnknownFilterError("programs", "knid", ("kind", "status"), ("kind",)),
        "unknown programs filter 'knid' (did you mean 'kind'?); expected one of: kind, status",
    ),
    "term": (
        eaps.UnknownTermError("kind", "tema", ("team", "unit"), ("team",)),
        "unknown kind value 'tema' (did you mean 'team'?); expected one of: team, unit",
    ),
    "member of another vocabulary": (
        eaps.UnknownTermError("kind", eaps.Need.CONFLICT, ("team",)),
        "unknown kind value 'conflict'; expected one of: team",
    ),
    "not a string": (eaps.UnknownTermError("kind", 3, ("team",)), "unknown kind value 3; expected one of: team"),
    "missing extra": (
        eaps.MissingExtraError("a chart", "altair", "plot"),
        "a chart needs altair (extra 'plot'); install it with: pip install altair",
    ),
    "control characters": (eaps.KeyNotFoundError("programs", "a\x1b[2J"), r"unknown programs key 'a\x1b[2J'"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_message_names_what_is_wrong_and_how_to_fix_it(name: str) -> None:
    error, message = ERRORS[name]
    assert str(error) == message


@pytest.mark.parametrize("name", ERRORS)
def test_error_survives_pickling(name: str) -> None:
    error, message = ERRORS[name]
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copied), str(copied), vars(copied)) == (type(error), message, vars(error))


@pytest.mark.parametrize(
    "call",
    [
        lambda: eaps.programs["x"],
        lambda: eaps.load().find("City of Northampton"),
        lambda: eaps.programs.where(kind="x"),  # type: ignore[arg-type]
        lambda: getattr(eaps.programs, "where")(x=1),  # noqa: B009 - the type checker knows better
    ],
)
def test_raised_error_survives_pickling(call: Callable[[], object]) -> None:
    with pytest.raises(eaps.EapsDataError) as caught:
        call()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


def test_long_list_of_possible_values_is_cut() -> None:
    message = str(eaps.UnknownTermError("kind", "x", [str(number) for number in range(60)]))
    assert message.endswith("48, 49, …")


def test_did_you_mean_is_empty_without_suggestions() -> None:
    assert did_you_mean(()) == ""
