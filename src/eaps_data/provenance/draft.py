"""Draft rows for the municipalities that are new on a page, for a curator to complete."""

import re
from collections.abc import Iterator
from os import PathLike
from typing import Any, Final

from eaps_data.models.not_stated import PAGE
from eaps_data.provenance.page import Place, comparable, fold_spaces, names_a_municipality
from eaps_data.provenance.verification import verify
from eaps_data.tables.dataset import Dataset, load

_FILL_IN: Final = "FILL IN"
_POSITION_NOTE: Final = "The page does not number its sections; this is the heading's place in their order."
_CAPITALIZED: Final = r"[A-Z][\w'\u2019.-]{0,40}\w"
_ACRONYM: Final = r"[A-Z]{2,20}"
_NAME: Final = re.compile(
    rf"\b{_CAPITALIZED}(?:(?: (?:of|and|for|the|&)){{0,3}} {_CAPITALIZED}| \({_ACRONYM}\))+|\b{_ACRONYM}\b"
)


def draft(page: bytes | str | PathLike[str], dataset: Dataset | None = None) -> dict[str, Any]:
    """Draft rows for each municipality that is new on a page and not yet in the dataset.

    Args:
        page: The bytes of a saved copy, or the path of its file.
        dataset: The dataset to extend; by default the packaged one.

    Returns:
        The rows by table. Known values are filled in: the municipality with the evidence of its heading, and one
        evidence row per sentence, with the sentence (`read`) and what looks like a name in it (`names`). Other values
        are "FILL IN", which no validation accepts.

    Raises:
        OSError, NotAPageError, MissingExtraError: As for `verify`.
    """
    dataset = load() if dataset is None else dataset
    known = {municipality.styled_name for municipality in dataset.municipalities}
    found = verify(page, dataset)
    sentences = [(each.place, each.text) for each in found.sentences if each.place and each.text]
    tables: dict[str, Any] = {
        name: [] for name in ("municipalities", "programs", "partners", "partnerships", "evidence")
    }
    sections = [each for each in found.sections if each.name and names_a_municipality(comparable(each.name))]
    for position, section in enumerate(sections, start=1):
        if section.change == "new" and section.name and section.name not in known:
            style, _, name = section.name.partition(" of ")
            id_ = re.sub("[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")
            program = f"{id_}-{_FILL_IN}"
            tables["municipalities"].append(
                {"id": id_, "name": name, "styled_name": section.name, "style": style.lower(), "position": position}
            )
            tables["programs"].append({"id": program, "name": _FILL_IN, "municipality": id_, "summary": _FILL_IN})
            tables["partners"].append({"id": _FILL_IN, "name": _FILL_IN, "kind": _FILL_IN})
            tables["partnerships"].append({"program": program, "partner": _FILL_IN, "role": _FILL_IN})
            tables["evidence"] += _heading_evidence(id_, section.name)
            tables["evidence"] += [
                _evidence(f"programs/{program}", _FILL_IN, _FILL_IN, place)
                | {"read": fold_spaces(text), "names": _names_in(text)}
                for place, text in sentences
                if place.section == section.name and place.paragraph
            ]
    return tables


def _heading_evidence(municipality: str, heading: str) -> Iterator[dict[str, Any]]:
    style, _, name = heading.partition(" of ")
    quotes = {"name": name, "styled_name": heading, "style": f"{style} of", "position": heading}
    for field, quote in quotes.items():
        row = _evidence(f"municipalities/{municipality}", field, quote, Place(heading, 0, 1))
        yield row | {"basis": "inferred", "note": _POSITION_NOTE} if field == "position" else row


def _evidence(subject: str, field: str, quote: str, place: Place) -> dict[str, Any]:
    return {
        "subject": subject,
        "field": field,
        "quote": quote,
        "source": PAGE,
        **place._asdict(),
        "basis": "stated",
    }


def _names_in(sentence: str) -> list[str]:
    """Return what looks like a name: runs of capitalized words, and acronyms."""
    return list(dict.fromkeys(match[0] for match in _NAME.finditer(fold_spaces(sentence))))
