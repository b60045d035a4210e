"""Pictures of the data as SVG, without dependencies: a map, a network of partners and a matrix of terms.

>>> import eaps_data as eaps
>>> eaps.plot.map(eaps.municipalities.where(county="Suffolk")).alt
'A map of Massachusetts with 2 municipalities: Winthrop (1 program) and Revere (1 program).'

Each picture has a text alternative (`alt`), and a light and a dark version in colors that remain distinct with color
vision deficiency. Notebooks display it; `save` writes it as SVG, HTML or PNG.
"""

from collections.abc import Iterable
from typing import Literal

from eaps_data.plot import municipality_map, program_network, term_matrix
from eaps_data.plot.picture import Picture
from eaps_data.tables.collections import Municipalities, Programs
from eaps_data.tables.dataset import load

__all__ = ["Picture", "map", "matrix", "network"]


def map(municipalities: Municipalities | None = None) -> Picture:  # noqa: A001 - for `eaps.plot.map()`; nothing here uses the builtin
    """Draw the municipalities on an outline of Massachusetts and its counties.

    Counties of the municipalities are shaded. Labels cover neither points nor other labels; a point without room for a
    label still has a tooltip. Municipalities of other states are drawn without an outline, and those without a location
    are listed below the map.

    The outline is the U.S. Census Bureau's (cartographic boundary files of 2017, 1:10,000,000).

    Args:
        municipalities: The municipalities, such as `eaps.municipalities.where(county="Suffolk")` or those of a dataset
            of your own; default: all of the packaged data.

    Raises:
        TypeError: If these are not `Municipalities`.

    >>> map().alt
    'A map of Massachusetts with 6 municipalities: Winthrop (1 program), ...and Lawrence (1 program).'
    """
    return municipality_map.draw(load().municipalities if municipalities is None else municipalities)


def network(programs: Programs | None = None) -> Picture:
    """Draw the programs of each municipality, with a line to each of their partners in the style of the partner's role.

    Args:
        programs: The programs, such as `eaps.programs.where(municipality="revere")` or those of a dataset of your own;
            default: all of the packaged data. Only the first 200 are drawn.

    Raises:
        TypeError: If these are not `Programs`.

    >>> network(load().programs.where(municipality="amherst")).alt
    '1 program of 1 municipality with 0 partners. Town of Amherst: Community Responders for Equity, Safety and Service.'
    """
    return program_network.draw(load().programs if programs is None else programs)


def matrix(
    programs: Programs | None = None,
    fields: str | Iterable[str] = ("approaches", "services", "needs"),
    *,
    by: Literal["program", "municipality"] = "program",
) -> Picture:
    """Draw a matrix of the terms of each program or municipality, with a mark for the basis of each.

    A mark shows whether the source states the term, only a name does, or a reader infers it. No mark means that the
    source does not say; it never means no.

    Args:
        programs: The programs, or those of a dataset of your own; default: all of the packaged data. Only the first 100
            columns are drawn.
        fields: One or several fields with lists of terms: `approaches`, `services`, `staff_roles`, `populations`,
            `needs` or `frameworks`.
        by: Whether a column is one program, or all programs of a municipality.

    Raises:
        TypeError: If `programs` are not `Programs`.
        UnknownTermError: If `fields` or `by` has another value; the error lists the valid ones.

    >>> matrix(load().programs.where(municipality="revere"), "staff_roles").alt
    '1 program with 2 staff roles. Behavioral Health Unit: behavioral health specialist, case worker.'
    """
    names = (fields,) if isinstance(fields, str) else tuple(fields)
    return term_matrix.draw(load().programs if programs is None else programs, names, by)
