"""What a validation comes to, in numbers and in one line."""

from typing import NamedTuple


class Summary(NamedTuple):
    """What was checked, and how many problems there are.

    Attributes:
        files: how many files were checked, without those that could not be read.
        records: how many records were checked.
        errors: how many errors there are, without the files that could not be read.
        warnings: how many warnings there are.
        unreadable: how many files could not be read.
    """

    files: int = 0
    records: int = 0
    errors: int = 0
    warnings: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        """The verdict, in one line.

        >>> str(Summary(files=3, records=120, errors=2, warnings=1))
        '3 files, 120 records checked: 2 errors, 1 warning'
        >>> str(Summary(files=1, records=1)), str(Summary(unreadable=1))
        ('1 file, 1 record checked: valid', '0 files checked: 1 file unreadable')
        """
        checked = counted(self.files, "file") + (f", {counted(self.records, 'record')}" if self.records else "")
        found = [counted(self.errors, "error")] if self.errors else []
        if not self.errors and not self.unreadable:
            found.append("valid")
        if self.warnings:
            found.append(counted(self.warnings, "warning"))
        if self.unreadable:
            found.append(f"{counted(self.unreadable, 'file')} unreadable")
        return f"{checked} checked: {', '.join(found)}"


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
