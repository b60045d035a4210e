"""Ids that stand twice in a stream of records."""

from collections.abc import Iterator

from eaps_data.problems import Problem, shown


class SameIds:
    """Remembers ids by a number each, which takes far less memory than the records."""

    def __init__(self, file: str | None) -> None:
        """Begin with no ids."""
        self._file = file
        self._seen: set[int] = set()

    def check(self, table: str, key: object, line: int, column: int = 1) -> Iterator[Problem]:
        """A problem, if a record before had this id.

        Args:
            table: the table that the record is of.
            key: its id, if it has one.
            line: where it stands.
            column: where it stands on the line.
        """
        if not isinstance(key, str):
            return
        number = hash(key)
        if number in self._seen:
            yield Problem(
                rule="duplicate-id",
                message=f"the id {shown(key)} stands twice; give the record an id of its own, or remove it",
                record=f"{table}/{key}",
                field="id",
                pointer="/id",
                file=self._file,
                line=line,
                column=column,
            )
        self._seen.add(number)
