"""Where a large JSON text may be cut, so that it is read piece by piece, and its values need not be held together.

By JSON's grammar, where `[a]` and `[b]` are arrays that are not empty, `[a, b]` is the array of the items of both. So
wherever the cuts are made, an array is valid if all its pieces are. One that is cut in a wrong place, such as inside a
text, has a piece that is no array, and is to be read as a whole.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from eaps_data.models.table_specs import TABLES

_SIZE: Final = 2**16
_SPACE: Final = b" \t\n\r"
_BEGINNING: Final = re.compile(rb"[ \t\n\r]*\[(?=[ \t\n\r]*\{)")
_BETWEEN: Final = re.compile(rb"\}[ \t\n\r]*,[ \t\n\r]*\{")
_END: Final = re.compile(rb"\}[ \t\n\r]*\]")
_TABLE: Final = re.compile(rb'"(%s)"[ \t\n\r]*:[ \t\n\r]*\[(?=[ \t\n\r]*\{)' % "|".join(TABLES).encode())


class Records(NamedTuple):
    """Where the records of an array stand in a text: behind its opening bracket, and up to its closing one."""

    start: int
    end: int

    def pieces(self, text: bytes) -> Iterator[bytes]:
        """Arrays of some of the records, which are all of them together."""
        start = self.start
        while start < self.end:
            cut = _BETWEEN.search(text, min(start + _SIZE, self.end), self.end)
            yield b"[%b]" % text[start : cut.start() + 1 if cut else self.end]
            start = cut.end() - 1 if cut else self.end


def records_of_array(text: bytes) -> Records | None:
    """Where the records stand in a text that is an array of them; None if it is none, or empty."""
    opening = _BEGINNING.match(text)
    end = text.rfind(b"]")
    return Records(opening.end(), end) if opening and end > 0 and not text[end + 1 :].strip(_SPACE) else None


def records_of_document(text: bytes) -> tuple[bytes, dict[str, Records]]:
    """A dataset document with its tables emptied, and where their records stand in the text.

    What makes it sound: where the document without them is valid, each table that was emptied is an empty array in it.
    For the bracket that is left stands behind a table's name in quotes. It stands in no text, as either the quote
    before the name ends one, and a name without quotes follows, which no JSON has; or the one behind it does. And a
    valid document has a table's name for a key once, which names the table.
    """
    tables: dict[str, Records] = {}
    rest: list[bytes] = []
    end = 0
    while (opening := _TABLE.search(text, end)) and (closing := _END.search(text, opening.end())):
        name = opening[1].decode()
        if name in tables:
            break  # the key that repeats stays in the rest, and is seen there
        rest.append(text[end : opening.end()])
        end = closing.end() - 1
        tables[name] = Records(opening.end(), end)
    return b"".join([*rest, text[end:]]), tables
