"""Names and descriptions that several standards need: URNs, the dataset's title and license, vocabularies.

The URNs (RFC 8141) derive from the data alone; the namespace `eaps-data` is not registered. Ids are unique within one
dataset only, so the URN of a record includes the id of the dataset's grant program: the datasets of two states may both
have a `springfield`.
"""

import json
from functools import cache
from typing import Any, Final, NamedTuple

from eaps_data._internal import resources
from eaps_data._internal.canonical_json import without_empty
from eaps_data.models.vocabulary import Term
from eaps_data.provenance.citation import content_hash
from eaps_data.tables.dataset import AUTHOR, LICENSE, Dataset, load


class License(NamedTuple):
    """The terms on which data may be used: an identifier of the SPDX License List, the full name and the address."""

    name: str
    title: str
    url: str


CC_BY: Final = License(
    LICENSE, "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"
)


def title(dataset: Dataset) -> str:
    """Return the title of a dataset.

    >>> title(load())
    'Municipalities funded by Equitable Approaches to Public Safety'
    """
    return f"Municipalities funded by {dataset.grant_program.name}"


def description(dataset: Dataset) -> str:
    """Return a description of a dataset's contents.

    >>> description(load())[-56:]
    'with the phrase behind each fact. Data as of ...'
    """
    return (
        f"The towns and cities that {dataset.grant_program.name} funds, with their programs and partners, and with the "
        f"phrase behind each fact. Data as of {dataset.release.as_of}."
    )


def author(dataset: Dataset) -> str | None:
    """Return the author of the packaged dataset; None for any other dataset, whose author is unknown."""
    return AUTHOR if dataset == load() else None


def license_of(dataset: Dataset) -> License | None:
    """Return the license of the packaged dataset; None for any other dataset, whose license is unknown."""
    return CC_BY if dataset == load() else None


def dataset_urn(dataset: Dataset) -> str:
    """Return the URN of a dataset, which changes with its contents."""
    return f"urn:eaps-data:dataset:{content_hash(dataset)}"


def record_urn(dataset: Dataset, table: str, id_: str) -> str:
    """Return the URN of a record.

    >>> record_urn(load(), "programs", "revere-bhu")
    'urn:eaps-data:record:eaps:programs:revere-bhu'
    """
    return f"urn:eaps-data:record:{dataset.grant_program.id}:{table}:{id_}"


def vocabulary_urn(vocabulary: type[Term]) -> str:
    """Return the URN of a vocabulary.

    >>> from eaps_data.models.vocabulary import StaffRole
    >>> vocabulary_urn(StaffRole)
    'urn:eaps-data:vocabulary:StaffRole'
    """
    return f"urn:eaps-data:vocabulary:{vocabulary.__name__}"


def term_urn(term: Term) -> str:
    """Return the URN of a term.

    >>> from eaps_data.models.vocabulary import Service
    >>> term_urn(Service.FOLLOW_UP)
    'urn:eaps-data:vocabulary:Service:follow-up'
    """
    return f"{vocabulary_urn(type(term))}:{term.value}"


def vocabulary_description(vocabulary: type[Term]) -> str:
    """Return a sentence that describes a vocabulary.

    >>> from eaps_data.models.vocabulary import Need
    >>> vocabulary_description(Need)
    'The conditions and situations that the program responds to.'
    """
    return _schema_descriptions()[vocabulary.__name__].partition("\n")[0]


@cache
def _schema_descriptions() -> dict[str, str]:
    # From the schema, because `python -OO` removes docstrings.
    return {name: part["description"] for name, part in json.loads(resources.schema("dataset"))["$defs"].items()}


def data_package(dataset: Dataset) -> dict[str, Any]:
    """Return the properties that describe a dataset as a whole in a Data Package."""
    held, creator = license_of(dataset), author(dataset)
    return without_empty(
        {
            "name": dataset.grant_program.id,
            "id": dataset_urn(dataset),
            "title": title(dataset),
            "description": description(dataset),
            "version": dataset.release.data_version,
            "licenses": [{"name": held.name, "path": held.url, "title": held.title}] if held else [],
            "contributors": [{"title": creator, "roles": ["creator"]}] if creator else [],
            "sources": [without_empty({"title": source.title, "path": source.url}) for source in dataset.sources],
        }
    )
