"""The data that tests of code run on: a frozen release, in place of the packaged data, which curators change."""

from functools import cache
from pathlib import Path
from typing import Final

import eaps_data as eaps
from eaps_data._internal import canonical_json, resources
from eaps_data.models.not_stated import PAGE
from eaps_data.models.table_specs import MEMBERS
from eaps_data.provenance.fingerprints import Fingerprint, hash_sentence, to_json
from eaps_data.provenance.page import place_of
from eaps_data.tables import dataset

VERSION: Final = "2.0.0"

_TESTS: Final = Path(__file__).parents[1]
_packaged_table = resources.data


@cache
def _sample() -> eaps.Dataset:
    return eaps.Dataset.from_release(VERSION)


@cache
def _sample_table(name: str) -> bytes:
    return canonical_json.to_json(_sample().document.model_dump(mode="json")[name]).encode()


@cache
def _packaged() -> eaps.Dataset:
    return eaps.Dataset(dataset._packaged())


def switch(path: Path) -> None:
    """Let the tests in a file see the sample, or the packaged data if they are in `tests/data` or run documentation."""
    tests_code = path.is_relative_to(_TESTS) and not path.is_relative_to(_TESTS / "data")
    resources.data = _sample_table if tests_code else _packaged_table
    dataset._loaded[:] = [_sample() if tests_code else _packaged()]
    for name in vars(eaps)["_OF_THE_PACKAGED_DATASET"]:
        eaps.__dict__.pop(name, None)


def write_tables(folder: Path) -> Path:
    """Write the sample's tables into a new folder, with fingerprints of the sentences that its evidence quotes."""
    folder.mkdir(parents=True)
    for name in MEMBERS:
        (folder / f"{name}.json").write_bytes(_sample_table(name))
    places = dict.fromkeys(place_of(row) for row in _sample().evidence.where(source=PAGE))
    marks = (Fingerprint(*place, hash_sentence(str(place)), needs_evidence=True) for place in places)
    (folder / resources.FINGERPRINTS).write_text(to_json(marks), encoding="utf-8", newline="\n")
    return folder
