"""Charts of the data with [Altair](https://altair-viz.github.io): a map, a network of partners, and a matrix of terms.

>>> import eaps_data as eaps
>>> chart = eaps.plot.map(eaps.municipalities.where(county="Suffolk"))
>>> print(chart.description.partition(": municipalities. ")[2])
A map of Massachusetts with 2 municipalities: Winthrop (1 program) and Revere (1 program).
>>> chart = chart.properties(title="Suffolk County", width=400)

The title, size, theme, colors and layers of a chart are yours to change, and `chart.save("map.svg")` saves it. Charts
need the extra `plot`.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from eaps_data._internal.arguments import each
from eaps_data.errors import MissingExtraError
from eaps_data.tables.collections import Municipalities, Programs
from eaps_data.tables.dataset import load

if TYPE_CHECKING:
    from altair import Chart, LayerChart
else:
    Chart = LayerChart = Any  # for `typing.get_type_hints`, without Altair

__all__ = ["map", "matrix", "network"]


def __dir__() -> list[str]:
    return __all__


def map(municipalities: Municipalities | None = None) -> LayerChart:  # noqa: A001 - for `eaps.plot.map()`; nothing here uses the builtin
    """Draw a map of municipalities, each with a point whose size shows how many programs it has.

    The layers, from the bottom: the counties of Massachusetts (none for municipalities of other states), the points,
    and the labels that have room. The tooltip of a point shows its programs and the quotations that name them.

    The outline is the U.S. Census Bureau's (cartographic boundary files of 2017, 1:10,000,000).

    Args:
        municipalities: The municipalities, such as `eaps.municipalities.where(county="Suffolk")` or those of your
            dataset; default: all of the packaged data.

    Raises:
        TypeError: If these are not `Municipalities`.
        MissingExtraError: If the extra `plot` is not installed.

    >>> chart = map().properties(title="Funded municipalities")
    >>> chart.title
    'Funded municipalities'
    """
    with _extra():
        from eaps_data.plot.municipality_map import draw
    return draw(load().municipalities if municipalities is None else municipalities)


def network(programs: Programs | None = None) -> LayerChart:
    """Draw the programs of each municipality and their partners, with a line for each partnership.

    The color and the dashes of a line show the partner's role, its width the basis of the claim. The layers, from the
    bottom: the lines, the municipalities, the programs and the partners.

    Args:
        programs: The programs, such as `eaps.programs.where(municipality="revere")` or those of your dataset; default:
            all of the packaged data.

    Raises:
        TypeError: If these are not `Programs`.
        MissingExtraError: If the extra `plot` is not installed.

    >>> chart = network(load().programs.where(municipality="amherst"))
    >>> print(chart.description.partition(": programs and partners. ")[2])
    1 program of 1 municipality with 0 partners. Town of Amherst: Community Responders for Equity, Safety and Service.
    """
    with _extra():
        from eaps_data.plot.program_network import draw
    return draw(load().programs if programs is None else programs)


def matrix(
    programs: Programs | None = None,
    fields: str | Iterable[str] = ("approaches", "services", "needs"),
    *,
    by: Literal["program", "municipality"] = "program",
) -> Chart:
    """Draw a matrix of the terms of each program or municipality, with a mark for the basis of each.

    A mark shows whether the source states the term, only a name does, or a reader infers it. No mark means that the
    source does not say; it never means no.

    Args:
        programs: The programs, or those of your dataset; default: all of the packaged data.
        fields: One or several fields with lists of terms: `approaches`, `services`, `staff_roles`, `populations`,
            `needs` or `frameworks`.
        by: Whether a column is one program, or all programs of a municipality.

    Raises:
        TypeError: If `programs` are not `Programs`.
        UnknownTermError: If `fields` or `by` has another value; the error lists the valid ones.
        MissingExtraError: If the extra `plot` is not installed.

    >>> chart = matrix(load().programs.where(municipality="revere"), "staff_roles")
    >>> print(chart.description.partition(": staff roles. ")[2])
    1 program with 2 staff roles. BHU: behavioral health specialist and case worker.
    """
    with _extra():
        from eaps_data.plot.term_matrix import draw
    return draw(load().programs if programs is None else programs, [*each(fields)], by)


@contextmanager
def _extra() -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "altair":
            raise
        raise MissingExtraError("a chart", "altair", "plot") from error
