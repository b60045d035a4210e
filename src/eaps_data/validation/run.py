"""Check many inputs, write a report of what is found, and sum it up."""

from collections.abc import Callable, Sequence

from eaps_data.validation.inputs import Input
from eaps_data.validation.reporters import Reporter, Summary
from eaps_data.validation.validate import check


def run(  # noqa: PLR0913 - what a user may choose of a validation
    names: Sequence[str],
    report: Reporter,
    *,
    kind: str | None = None,
    form: str | None = None,
    jobs: int = 1,
    checked: Callable[[int], object] = int,
) -> Summary:
    """Check inputs, and report each problem as it is found.

    Args:
        names: files, folders, globs, or `-` for standard input.
        report: takes what is found.
        kind: `dataset`, or the table whose records they hold; recognised by their shape where not given.
        form: `json`, `jsonl`, `yaml` or `csv`; told by the end of a file's name where not given.
        jobs: how many processes share the work.
        checked: is told, now and then, how many more records have been checked.

    Raises:
        KeyNotFoundError: when there is no such kind.
        ValueError: when `jobs` is less than 1.
    """
    files = records = errors = warnings = unreadable = 0
    opened = False
    report.begin()
    for step in check(names, kind, form, jobs=jobs):
        if isinstance(step, Input):
            files, opened = files + 1, True
            report.file(step.name)
        elif isinstance(step, int):
            records += step
            checked(step)
        elif step.rule == "unreadable":
            # A name that stands for no file was never counted; a file that broke on the way was.
            files, opened = files - opened, False
            unreadable += 1
            report.problem(step)
        else:
            warnings += step.severity == "warning"
            errors += step.severity == "error"
            report.problem(step)
    summary = Summary(files=files, records=records, errors=errors, warnings=warnings, unreadable=unreadable)
    report.end(summary)
    return summary
