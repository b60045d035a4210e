"""What a standard's description of a dataset as a whole may say; of the packaged one, also who made it."""

from dataclasses import dataclass
from typing import Final

from eaps_data.provenance.citation import AUTHOR
from eaps_data.tables.dataset import Dataset, load


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms on which data may be used.

    Attributes:
        name: its short name in the SPDX License List.
        title: its full name.
        url: where its text is.
    """

    name: str
    title: str
    url: str


CC_BY: Final = Licence(
    "CC-BY-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"
)


def title(dataset: Dataset) -> str:
    """A title that any dataset may have.

    >>> title(load())
    'Municipalities funded by Equitable Approaches to Public Safety'
    """
    return f"Municipalities funded by {dataset.grant_program.name}"


def description(dataset: Dataset) -> str:
    """What is in any dataset.

    >>> description(load())[-56:]
    'with the phrase behind each fact. Data as of 2026-11-23.'
    """
    return (
        f"The towns and cities that {dataset.grant_program.name} funds, with their programs and partners, and with the "
        f"phrase behind each fact. Data as of {dataset.release.as_of}."
    )


def author(dataset: Dataset) -> str | None:
    """Who made the dataset; of one that is not the packaged one, nobody has told us."""
    return AUTHOR if dataset == load() else None


def licence(dataset: Dataset) -> Licence | None:
    """On what terms the dataset may be used; of one that is not the packaged one, nobody has told us."""
    return CC_BY if dataset == load() else None
