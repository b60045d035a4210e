"""The drift report is exact: whatever happens to the sections of a page, each change is reported, and nothing else."""

import re
from itertools import product

import pytest

from eaps_data.provenance.page import place_of
from eaps_data.provenance.verification import verify
from support.funded_places import DATASET, FINGERPRINTS, PAGE, SENTENCES

TITLE, *TOWNS, CONTACT = re.split(r"(?=^(?:Town|City) of|^Contact)", PAGE, flags=re.MULTILINE)
NEW = "City of Dogwood\n\nDogwood plans a team. The team will bring food.\n\n"
CHANGES = ("kept", "edited first", "edited last", "renamed", "removed")
ORDERS = ((0, 1, 2), (1, 0, 2), (0, 2, 1))


def heading_of(section: str) -> str:
    return section.split("\n", 1)[0]


def changed(section: str, change: str) -> str:
    """Return a section after a change; a removed one is empty."""
    heading = heading_of(section)
    match change:
        case "edited first":
            return re.sub(r"(?<=\n\n)(\S+)", r"\1 lamp", section, count=1)
        case "edited last":
            return re.sub(r"(\S+)\.(?=\n*$)", r"lamp \1.", section)
        case "renamed":
            return section.replace(heading, f"{heading} Hill", 1)
        case "removed":
            return ""
        case _:
            return section


def places(section: str, change: str) -> dict[str, set[str]]:
    """Return the locations of the sentences that a change edits, and of those that it removes."""
    mine = [str(each.place) for each in SENTENCES if each.section == heading_of(section)]
    edited = {"edited first": mine[1:2], "edited last": mine[-1:], "renamed": mine[:1]}.get(change, [])
    return {"edited": {*edited}, "gone": {*mine} if change == "removed" else set()}


@pytest.mark.parametrize("order", ORDERS)
def test_each_change_of_a_section_is_reported_exactly(order: tuple[int, ...]) -> None:
    for changes in product(CHANGES, repeat=3):
        if changes.count("removed") > 1:
            continue
        for at in (None, 0, 1, 2, 3):
            sections = [changed(TOWNS[index], changes[index]) for index in order]
            if at is not None:
                sections.insert(at, NEW)
            found = verify("".join([TITLE, *sections, CONTACT]).encode(), DATASET, FINGERPRINTS)
            case = f"{order} {changes} {at}"
            expected = [places(town, change) for town, change in zip(TOWNS, changes, strict=True)]
            for kind in ("edited", "gone"):
                reported = {str(each.was) for each in found.drift if each.change == kind}
                assert reported == set().union(*(each[kind] for each in expected)), case
            assert [each.change for each in found.drift].count("new") == (0 if at is None else 3), case
            names = {each.was: each.change for each in found.moved_sections if each.was}
            kept = [index for index in order if changes[index] != "removed"]
            for index, (town, change) in enumerate(zip(TOWNS, changes, strict=True)):
                moved = index in kept and kept.index(index) != sorted(kept).index(index)
                wanted = {"renamed": "renamed", "removed": "gone"}.get(change, "moved" if moved else None)
                assert names.get(heading_of(town)) == wanted, case
            touched = {str(place_of(row.row)) for row in found.affected if row.status != "moved" and not row.positions}
            assert touched <= set().union(*(each["edited"] | each["gone"] for each in expected)), case
