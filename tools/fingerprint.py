"""Take the fingerprints of the page anew, once the data has been read from it: `python tools/fingerprint.py PAGE`.

What says nothing (a label, the site's own words) is told by the fingerprints before; of a new sentence of that sort,
set `says_nothing` by hand.
"""

import sys
from pathlib import Path

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data.provenance import fingerprints
from eaps_data.provenance.page import read_page
from eaps_data.provenance.saved_page import lines_of

FILE = Path(fingerprints.__file__).with_suffix(".json")


def anew(page: bytes) -> str:
    """The content of the file of fingerprints, for a page."""
    before = fingerprints.packaged() if FILE.exists() else ()
    headings = {each.section for each in before} | {row.section for row in eaps.evidence if row.section}
    says_nothing = {each.hash for each in before if each.says_nothing}
    made = fingerprints.fingerprints_of(read_page(lines_of(page), headings), says_nothing)
    return canonical_json.to_json(fingerprints.to_rows(made))


if __name__ == "__main__":
    content = anew(Path(sys.argv[1]).read_bytes())
    new = FILE.with_suffix(".new")
    new.write_text(content, encoding="utf-8", newline="\n")
    new.replace(FILE)
