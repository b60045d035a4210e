"""A skeleton of rows for each municipality that a page has and the data has not, for a curator to fill in."""

import re
from collections.abc import Sequence
from os import PathLike
from typing import Any, Final

from eaps_data.provenance.page import Place, comparable, fold_spaces, names_a_municipality
from eaps_data.provenance.verification import CheckedSentence, Verification
from eaps_data.provenance.verify import verify
from eaps_data.tables.dataset import Dataset, load

_SOURCE: Final = "funded-municipalities"
_FILL_IN: Final = "FILL IN"


def draft(page: bytes | str | PathLike[str], dataset: Dataset | None = None) -> dict[str, Any]:
    """Draft rows for what is new on a page.

    Args:
        page: a saved copy's bytes, or the path of its file.
        dataset: the dataset to add to; the packaged one where not given.

    Returns:
        Rows for each new municipality, by table. What can be known is filled in: the municipality with the evidence
        of its heading, and for each sentence an evidence row with its place, beside it in `read` the sentence and in
        `names` what looks like a name in it. The rest says "FILL IN", which no validation accepts.

    Raises:
        OSError, NotAPageError, MissingExtraError: as `verify` does.
    """
    held = dataset or load()
    found = verify(page, held)
    drafts: dict[str, Any] = {
        "municipalities": [],
        "programs": [],
        "partners": [],
        "partnerships": [],
        "evidence": [],
    }
    after = [each for each in found.sections if each.name and names_a_municipality(comparable(each.name))]
    for position, section in enumerate(after, start=1):
        if section.change == "new" and section.name:
            _add(drafts, section.name, position, _sentences(found, section.name))
    return drafts


def _sentences(found: Verification, section: str) -> list[CheckedSentence]:
    return [each for each in found.sentences if each.place and each.place.section == section]


def _add(drafts: dict[str, Any], heading: str, position: int, sentences: Sequence[CheckedSentence]) -> None:
    style, _, name = comparable(heading).partition(" of ")
    key = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")
    program = f"{key}-{_FILL_IN}"
    drafts["municipalities"].append(
        {
            "id": key,
            "name": name,
            "styled_name": comparable(heading),
            "style": style.lower(),
            "position": position,
        }
    )
    drafts["programs"].append({"id": program, "name": _FILL_IN, "municipality": key, "summary": _FILL_IN})
    drafts["partners"].append({"id": _FILL_IN, "name": _FILL_IN, "kind": _FILL_IN})
    drafts["partnerships"].append({"program": program, "partner": _FILL_IN, "role": _FILL_IN})
    quotes = {"name": name, "styled_name": comparable(heading), "style": f"{style} of", "position": comparable(heading)}
    drafts["evidence"] += [
        _evidence(f"municipalities/{key}", field, quote, Place(heading, 0, 1)) for field, quote in quotes.items()
    ]
    for each in sentences:
        if each.place and each.place.paragraph and each.text:
            row = _evidence(f"programs/{program}", _FILL_IN, _FILL_IN, each.place)
            drafts["evidence"].append({**row, "read": fold_spaces(each.text), "names": _names_in(each.text)})


def _evidence(subject: str, field: str, quote: str, place: Place) -> dict[str, Any]:
    return {
        "subject": subject,
        "field": field,
        "quote": quote,
        "source": _SOURCE,
        **place._asdict(),
        "basis": "stated",
    }


_CAPITALS: Final = re.compile(
    r"[A-Z][\w'\u2019.-]*\w(?:(?: (?:of|and|for|the|&))* [A-Z][\w'\u2019-]*\w|(?: \([A-Z]{2,}\)))+|\b[A-Z]{2,}\b"
)


def _names_in(text: str) -> list[str]:
    """What looks like a name: words with capitals together, and acronyms."""
    return list(dict.fromkeys(match[0] for match in _CAPITALS.finditer(fold_spaces(text))))
