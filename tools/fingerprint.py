"""Take the fingerprints of the page again, after the data was updated from it: `python tools/fingerprint.py PAGE`.

A sentence that needed no evidence before (a label, text about the site) needs none now. For a new sentence of that
type, set `needs_evidence` to false by hand.
"""

import sys
from pathlib import Path

import eaps_data as eaps
from eaps_data._internal import canonical_json
from eaps_data.provenance import fingerprints
from eaps_data.provenance.page import read_page
from eaps_data.provenance.saved_page import read_paragraphs

FILE = Path(fingerprints.__file__).with_suffix(".json")


def updated(page: bytes) -> str:
    """Return the content of the file of fingerprints for a page."""
    before = fingerprints.packaged() if FILE.exists() else ()
    headings = {each.section for each in before} | {row.section for row in eaps.evidence if row.section}
    without_evidence = {each.hash for each in before if not each.needs_evidence}
    taken = fingerprints.take_fingerprints(read_page(read_paragraphs(page), headings), without_evidence)
    return canonical_json.to_json([each._asdict() for each in taken])


if __name__ == "__main__":
    content = updated(Path(sys.argv[1]).read_bytes())
    new = FILE.with_suffix(".new")
    new.write_text(content, encoding="utf-8", newline="\n")
    new.replace(FILE)
