"""The commands list, show and search."""

import json

import pytest

import eaps_data as eaps
from eaps_data.models.table_specs import TABLES
from support.commands import Runner


@pytest.mark.parametrize("table", TABLES)
def test_list_prints_every_record(table: str, run: Runner) -> None:
    printed = run("list", table)
    assert printed.code == 0
    assert len(printed.out.splitlines()) == len(getattr(eaps, table)) + 1
    assert json.loads(run("list", table, "--json").out) == getattr(eaps, table).to_records()


def test_show_prints_a_record_by_any_key(run: Runner) -> None:
    by_acronym, by_id = run("show", "BHU"), run("show", "programs/revere-bhu")
    assert by_acronym.out == by_id.out
    assert "status           established" in by_acronym.out
    assert "staff_roles      behavioral-health-specialist\n                 case-worker\n" in by_acronym.out
    assert json.loads(run("show", "BHU", "--json").out) == eaps.programs["BHU"].model_dump(mode="json")
    assert "identifiers.county_geoid              25025" in run("show", "revere").out
    assert "contact.fax      (617) 624-5075" in run("show", "EAPS").out


def test_search_prints_ranked_hits(run: Runner) -> None:
    lines = run("search", "peer", "recovery").out.splitlines()
    assert lines[0].split() == ["score", "id", "name", "matched"]
    assert lines[1].startswith("0.93   winthrop-public-health-and-safety-team")


def test_search_as_json_has_record_score_and_matches(run: Runner) -> None:
    first = json.loads(run("search", "peer recovery", "--json").out)[0]
    hit = eaps.search("peer recovery")[0]
    assert first == {
        "table": "programs",
        "id": "winthrop-public-health-and-safety-team",
        "name": "Winthrop Public Health & Safety Team",
        "score": hit.score,
        "matches": [{"field": match.field, "words": list(match.words), "note": None} for match in hit.matches],
    }
    assert first["matches"][0] == {"field": "services", "words": ["peer", "recovery"], "note": None}


def test_search_without_hits_says_so_on_standard_error(run: Runner) -> None:
    assert run("search", "xylophone") == (0, "", "no record matches; tried 'xylophone' (as 'xylophon')\n")
    assert run("search", "xylophone", "--json") == (0, "[]\n", "no record matches; tried 'xylophone' (as 'xylophon')\n")


def test_search_limit_prints_the_first_hits(run: Runner) -> None:
    whole = run("search", "peer", "--json")
    assert json.loads(run("search", "peer", "--json", "--limit", "1").out) == json.loads(whole.out)[:1]
    assert len(run("search", "peer", "--limit", "1").out.splitlines()) == 2
    refused = run("search", "peer", "--limit", "0")
    assert (refused.code, refused.err) == (2, "eaps-data: limit must be at least 1, not 0\n")


def test_search_notes_a_typo(run: Runner) -> None:
    assert run("search", "recovry", "--limit", "1").out.endswith(" ('recovry' read as 'recovery')\n")
