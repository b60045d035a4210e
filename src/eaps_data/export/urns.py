"""What records, terms and vocabularies are called where a standard asks for names that are unique in the world.

A URN of ours (RFC 8141; `eaps-data` is not registered) says what it names, and can be made again from the data alone.
Ids are unique within a dataset, so that a record's name has the id of its grant program, which is what the dataset is
about: two states' datasets may both have a `springfield`.
"""

import json
from functools import cache

from eaps_data._internal import resources
from eaps_data.models import vocabulary
from eaps_data.models.vocabulary import Term
from eaps_data.provenance.citation import content_hash
from eaps_data.tables.dataset import Dataset


def dataset_urn(dataset: Dataset) -> str:
    """The name of a dataset: it says what is in it, so that another content has another name."""
    return f"urn:eaps-data:dataset:{content_hash(dataset)}"


def record_urn(dataset: Dataset, table: str, id_: str) -> str:
    """The name of a record.

    >>> import eaps_data as eaps
    >>> record_urn(eaps.load(), "programs", "revere-bhu")
    'urn:eaps-data:record:eaps:programs:revere-bhu'
    """
    return f"urn:eaps-data:record:{dataset.grant_program.id}:{table}:{id_}"


def vocabulary_urn(kind: type[Term]) -> str:
    """The name of a vocabulary.

    >>> vocabulary_urn(vocabulary.StaffRole)
    'urn:eaps-data:vocabulary:StaffRole'
    """
    return f"urn:eaps-data:vocabulary:{kind.__name__}"


def term_urn(term: Term) -> str:
    """The name of a term.

    >>> term_urn(vocabulary.Service.FOLLOW_UP)
    'urn:eaps-data:vocabulary:Service:follow-up'
    """
    return f"{vocabulary_urn(type(term))}:{term.value}"


def vocabularies() -> tuple[type[Term], ...]:
    """All vocabularies, in the order in which they are defined."""
    return tuple(
        value
        for value in vars(vocabulary).values()
        if isinstance(value, type) and issubclass(value, Term) and value is not Term
    )


def about_vocabulary(kind: type[Term]) -> str:
    """What the terms of a vocabulary tell.

    >>> about_vocabulary(vocabulary.Need)
    'Which condition or situation the program answers.'
    """
    return _published()[kind.__name__]


@cache
def _published() -> dict[str, str]:
    # Of the schema and not of the docstrings, which Python leaves out when it is told to optimize.
    definitions = json.loads(resources.schema("dataset"))["$defs"]
    return {name: part["description"].partition("\n")[0] for name, part in definitions.items()}
