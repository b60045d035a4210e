"""Cut a large JSON text between records, to read it in chunks that the processor's caches hold.

By JSON's grammar, if `[a]` and `[b]` are arrays and not empty, `[a, b]` is the array of the items of both. So wherever
the cuts are, an array is valid if all its chunks are. A chunk that was cut in the wrong place, such as inside a string,
is not valid JSON; then the text is read as a whole.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from eaps_data.models.table_specs import TABLES

_SIZE: Final = 2**16
_SPACE: Final = b" \t\n\r"
_START: Final = re.compile(rb"[ \t\n\r]*\[(?=[ \t\n\r]*\{)")
_BETWEEN: Final = re.compile(rb"\}[ \t\n\r]*,[ \t\n\r]*\{")
_END: Final = re.compile(rb"\}[ \t\n\r]*\]")
_TABLE: Final = re.compile(rb'"(%s)"[ \t\n\r]*:[ \t\n\r]*\[(?=[ \t\n\r]*\{)' % "|".join(TABLES).encode())


class Records(NamedTuple):
    """The records of an array in a text: from after its opening bracket up to its closing one."""

    start: int
    end: int

    def chunks(self, text: bytes) -> Iterator[bytes]:
        """Yield arrays of some of the records each, which are all of them together."""
        start = self.start
        while start < self.end:
            cut = _BETWEEN.search(text, min(start + _SIZE, self.end), self.end)
            yield b"[%b]" % text[start : cut.start() + 1 if cut else self.end]
            start = cut.end() - 1 if cut else self.end


def of_array(text: bytes) -> Records | None:
    """Return the records in a text that is an array of them; None if it is not, or empty."""
    opening = _START.match(text)
    end = text.rfind(b"]")
    return Records(opening.end(), end) if opening and end > 0 and not text[end + 1 :].strip(_SPACE) else None


def of_document(text: bytes) -> tuple[bytes, dict[str, Records]]:
    """Return a dataset document with its tables emptied, and their records in the text.

    If the document without the records is valid, each emptied table is an empty array in it. For the bracket that is
    left follows a table's name in quotes. That name is not inside a string: either the quote before it would end one,
    so that a name without quotes would follow, which JSON does not have; or the quote after it would. And a valid
    document has a table's name as a key once, which names the table.
    """
    tables: dict[str, Records] = {}
    rest: list[bytes] = []
    end = 0
    while (opening := _TABLE.search(text, end)) and (closing := _END.search(text, opening.end())):
        name = opening[1].decode()
        if name in tables:
            break  # the repeated key stays in the rest, and is found there
        rest.append(text[end : opening.end()])
        end = closing.end() - 1
        tables[name] = Records(opening.end(), end)
    return b"".join([*rest, text[end:]]), tables
