"""Pictures of the data: where, who with whom, and who does what; as SVG, without a dependency.

>>> import eaps_data as eaps
>>> eaps.plot.map(eaps.municipalities.where(county="Suffolk")).alt
'A map of Massachusetts with 2 municipalities: Winthrop (1 program) and Revere (1 program).'

Each picture says in `alt` what it shows, in words, and has colours that people with any kind of sight can tell apart,
in a light and in a dark version. A notebook shows it; `save` writes it as SVG, HTML or PNG.
"""

from collections.abc import Iterable
from typing import Literal

from eaps_data.plot import municipality_map, program_network, term_matrix
from eaps_data.plot.picture import Picture
from eaps_data.tables.collections import Municipalities, Programs
from eaps_data.tables.dataset import load

__all__ = ["Picture", "map", "matrix", "network"]


def map(municipalities: Municipalities | None = None) -> Picture:  # noqa: A001 - it is what users call it
    """Where the municipalities are, on an outline of Massachusetts and its counties.

    Counties with a municipality of the map are shaded. Labels do not cover each other or a point; where there is no
    room for one, the point still tells its name when it is pointed at. What is outside Massachusetts is drawn without
    an outline, and what has no location is named below the map.

    The outline is the U.S. Census Bureau's (cartographic boundary files of 2017, 1:10,000,000).

    Args:
        municipalities: those to show, such as `eaps.municipalities.where(county="Suffolk")`, or those of a dataset of
            your own; all of the packaged data where it is not given.

    >>> map().alt
    'A map of Massachusetts with 6 municipalities: Winthrop (1 program), ...and Lawrence (1 program).'
    """
    return municipality_map.draw(load().municipalities if municipalities is None else municipalities)


def network(programs: Programs | None = None) -> Picture:
    """Who works with whom: each municipality's programs, their partners, and in which roles.

    Args:
        programs: those to show, such as `eaps.programs.where(municipality="revere")`, or those of a dataset of your
            own; all of the packaged data where it is not given. Of more than 200, the first 200 are drawn.

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
    """Who has which approach, service and need, and whether the source states it.

    A mark tells how it is known: stated, only named, or inferred. No mark means that the source does not say; it never
    means no.

    Args:
        programs: those to show, or those of a dataset of your own; all of the packaged data where it is not given. Of
            more than 100, or of programs in more than 100 municipalities, the first 100 are drawn.
        fields: which terms: `approaches`, `services`, `staff_roles`, `populations`, `needs` or `frameworks`, one or
            several.
        by: whether a column is a program, or all of a municipality's programs.

    Raises:
        UnknownTermError: when there is no such field with terms, or it cannot be drawn by that; it lists what there is.

    >>> matrix(load().programs.where(municipality="revere"), "staff_roles").alt
    '1 program with 2 staff roles. Behavioral Health Unit: behavioral health specialist, case worker.'
    """
    names = (fields,) if isinstance(fields, str) else tuple(fields)
    return term_matrix.draw(load().programs if programs is None else programs, names, by)
