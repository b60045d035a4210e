"""A progress bar for long validations."""

from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from eaps_data.errors import Problem, printable
from eaps_data.validation.inputs import Count, Input

DELAY: Final = 1.0
"""Seconds before the bar appears: a short validation is over before anyone could read it."""


def with_progress(steps: Iterable[Problem | Input | Count], screen: TextIO) -> Iterable[Problem | Input | Count]:
    """Show how many records were checked, and in which file, while the steps of a check are consumed.

    Args:
        steps: the steps of a check; see `eaps_data.validation.check`.
        screen: where to draw the bar. There is none if it is not a terminal, or without the extra `progress`.

    Returns:
        The same steps.
    """
    if not screen.isatty():
        return steps
    try:
        from tqdm import tqdm
    except ImportError:
        return steps

    def shown() -> Iterator[Problem | Input | Count]:
        with tqdm(file=screen, unit=" records", unit_scale=True, delay=DELAY, leave=False, dynamic_ncols=True) as bar:
            for step in steps:
                if isinstance(step, Input):
                    bar.set_description_str(printable(step.name), refresh=False)
                elif isinstance(step, Count):
                    bar.update(step.records)
                else:
                    bar.clear()  # the reporter prints the problem on this line
                yield step

    return shown()
