"""Check many inputs, write a report of what is found, and sum it up."""

from collections.abc import Callable, Iterable, Sequence

from eaps_data.validation.checking import Step, check
from eaps_data.validation.inputs import Input
from eaps_data.validation.report.reporters import Reporter, Summary


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
    return write_report(check(names, kind, form, jobs=jobs), report, checked=checked)


def write_report(steps: Iterable[Step], report: Reporter, *, checked: Callable[[int], object] = int) -> Summary:
    """Report what a check finds, as it is found, and sum it up.

    Args:
        steps: what the check yields; see `check`.
        report: takes what is found.
        checked: is told, now and then, how many more records have been checked.
    """
    files = records = errors = warnings = unreadable = 0
    opened: str | None = None
    report.begin()
    for step in steps:
        if isinstance(step, Input):
            files, opened = files + 1, step.name
            report.file(step.name)
        elif isinstance(step, int):
            records += step
            checked(step)
        elif step.rule == "unreadable":
            # A name that stands for no file was never counted; a file that broke on the way was.
            files, opened = files - (step.file == opened), None
            unreadable += 1
            report.problem(step)
        else:
            warnings += step.severity == "warning"
            errors += step.severity == "error"
            report.problem(step)
    summary = Summary(files=files, records=records, errors=errors, warnings=warnings, unreadable=unreadable)
    report.end(summary)
    return summary
