"""Arguments of public functions: of the wrong type or value, they are one clear error."""

from collections.abc import Collection, Iterable
from typing import Any

from eaps_data._internal.text_keys import closest
from eaps_data.errors import UnknownTermError, brief


def one_of(name: str, given: object, known: Collection[str]) -> str:
    """Return an argument that has one of a few values.

    Args:
        name: the name of the parameter, for the error.
        given: the argument.
        known: the possible values.

    Raises:
        UnknownTermError: if it has another value, or is not a string; it lists the possible values.
    """
    if isinstance(given, str) and given in known:
        return given
    raise UnknownTermError(name, given, tuple(known), closest(given, known) if isinstance(given, str) else ())


def expect(name: str, given: object, *types: type, what: str = "") -> None:
    """Refuse an argument of the wrong type.

    Args:
        name: the name of the parameter, for the error.
        given: the argument.
        *types: the types that it may have. A bool is no int.
        what: what is expected; the names of the types if not given.

    Raises:
        TypeError: if it has another type.
    """
    if not isinstance(given, types) or (isinstance(given, bool) and bool not in types):
        expected = what or " or ".join("None" if each is type(None) else each.__name__ for each in types)
        raise TypeError(f"{name} must be {expected}, not {brief(given)}")


def expect_items(name: str, given: object, item: type) -> list[Any]:
    """Return the items of an argument as a list; refuse another type of argument or item.

    Args:
        name: the name of the parameter, for the error.
        given: the argument.
        item: the type of each item.

    Raises:
        TypeError: if it is not an iterable, or an item has another type.
    """
    if not isinstance(given, Iterable):
        raise TypeError(f"{name} must be several {item.__name__}, not {brief(given)}")
    items: list[Any] = [*given]
    if any(not issubclass(type_, item) for type_ in {*map(type, items)}):  # most items have one type
        wrong = next(each for each in items if not isinstance(each, item))
        raise TypeError(f"{name} must be several {item.__name__}, not with {brief(wrong)}")
    return items


def each(given: object) -> Iterable[Any]:
    """Return the values of an argument that is one or several; a string is one."""
    return given if isinstance(given, Iterable) and not isinstance(given, str | bytes) else (given,)
